import type { CompiledPolicy } from "../iam";
import { compileAuthorizerPolicy } from "./policies";
import type { Source } from "../model/types";

/** What a Lambda authorizer said, checked against its contract. */
export interface AuthorizerResult {
  readonly principalId: string;
  readonly policy: CompiledPolicy;
  /** `requestContext.authorizer` without `integrationLatency`: the context members as strings, and `principalId`. */
  readonly rendered: Readonly<Record<string, string>>;
  readonly usageIdentifierKey?: string;
}

export type AuthorizerAnswer = { readonly result: AuthorizerResult } | { readonly invalid: string };

const MEMBERS: ReadonlySet<string> = new Set(["principalId", "policyDocument", "context", "usageIdentifierKey"]);
const LONGEST_RESOURCE = 512;

/**
 * Checks the payload that an authorizer function returned. The contract is strict: an unknown top-level member
 * (`statusCode`, `isAuthorized`, `errorType`), a missing `principalId`, a context value that is no string, number or
 * boolean, or a policy that does not parse is not an answer, and the request ends in 500
 * (Output from an API Gateway Lambda authorizer; unknown members recorded in an execution log).
 *
 * @param source the authorizer, for the trace
 */
export function readAuthorizerOutput(payload: unknown, source: Source): AuthorizerAnswer {
  if (!isObject(payload)) return { invalid: `it returned ${kindOf(payload)}, not an object` };
  const unknown = Object.keys(payload).find((member) => !MEMBERS.has(member));
  if (unknown !== undefined) {
    return { invalid: `it returned the member '${unknown}'; only ${[...MEMBERS].join(", ")} are known` };
  }
  const { principalId, policyDocument, context, usageIdentifierKey } = payload;
  if (typeof principalId !== "string" || principalId === "") {
    return { invalid: `it returned ${kindOf(principalId)} as principalId, which must be a string that is not empty` };
  }
  if (!isObject(policyDocument)) return { invalid: `it returned ${kindOf(policyDocument)} as policyDocument` };
  // Java functions write absent members as null; that null is read as absent is inferred from their working.
  if (usageIdentifierKey !== undefined && usageIdentifierKey !== null && typeof usageIdentifierKey !== "string") {
    return { invalid: `it returned ${kindOf(usageIdentifierKey)} as usageIdentifierKey, which must be a string` };
  }
  const rendered = renderContext(context, principalId);
  if (typeof rendered === "string") return { invalid: rendered };
  const tooLong = longResource(policyDocument);
  if (tooLong !== undefined) {
    return { invalid: `a Resource of its policy has ${tooLong} characters; at most ${LONGEST_RESOURCE} are allowed` };
  }
  const compiled = compileAuthorizerPolicy(policyDocument, source);
  if ("invalid" in compiled) return { invalid: `its policy is not valid: ${compiled.invalid}` };
  const key = typeof usageIdentifierKey === "string" ? { usageIdentifierKey } : {};
  return { result: { principalId, policy: compiled.policy, rendered, ...key } };
}

/** The members as strings, or what is wrong with them. */
function renderContext(context: unknown, principalId: string): Readonly<Record<string, string>> | string {
  if (context === undefined || context === null) return { principalId };
  if (!isObject(context)) return `it returned ${kindOf(context)} as context, which must be an object`;
  const rendered: [string, string][] = [];
  for (const [name, value] of Object.entries(context)) {
    // Null values are UNCONFIRMED; the stricter reading is taken.
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      return `context.${name} is ${kindOf(value)}; only strings, numbers and booleans are allowed`;
    }
    // Reserved: an integration reads `claims` as what a user pool signed. That AWS drops it is UNCONFIRMED.
    if (name !== "claims") rendered.push([name, String(value)]);
  }
  return Object.fromEntries([...rendered, ["principalId", principalId]]);
}

function longResource({ Statement }: Readonly<Record<string, unknown>>): number | undefined {
  return [Statement]
    .flat()
    .filter(isObject)
    .flatMap(({ Resource, NotResource }) => [Resource, NotResource].flat())
    .map((resource) => (typeof resource === "string" ? resource.length : 0))
    .find((length) => length > LONGEST_RESOURCE);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (value === "") return "an empty string";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
