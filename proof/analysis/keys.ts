import type { Condition } from "../iam";
import type { PolicyKind } from "../iam/types";
import type { EndpointType } from "../model/types";

/**
 * What a condition key depends on: the part of a request that is varied to find every class.
 * - `caller`: who signed; absent for a request that nobody signed for IAM;
 * - `address`, `endpoint`: where the request comes from; `time`; `header`: what the caller says of itself;
 * - `fixed`: the same for every request, or absent for all of them, or one that no decision knows (`unknownKey`);
 * - `unknown`: real requests may carry it, and neither the configuration nor a request file says what it holds.
 */
export type Dimension = "caller" | "address" | "endpoint" | "time" | "header" | "fixed" | "unknown";

/** What a role or user of the configuration has one value of at a time, and no file says which. */
export const UNFIXED_CALLER_KEYS: ReadonlySet<string> = new Set([
  "aws:userid",
  "aws:tokenissuetime",
  "aws:multifactorauthpresent",
  "aws:multifactorauthage",
]);

const CALLER_KEYS = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principaltype",
  "aws:username",
  "aws:principalorgid",
  ...UNFIXED_CALLER_KEYS,
]);

const ENDPOINT_KEYS = new Set(["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"]);

/**
 * Source: AWS condition keys that can be used in API Gateway resource policies.
 *
 * @param signed whether the method asks for a signature
 */
export function dimensionOf(
  lowerKey: string,
  where: { readonly kind: PolicyKind; readonly signed: boolean; readonly endpointType: EndpointType },
): Dimension {
  if (lowerKey === "aws:securetransport") return "fixed";
  if (lowerKey === "aws:sourceip") return "address";
  if (lowerKey === "aws:referer" || lowerKey === "aws:useragent") return "header";
  if (lowerKey === "aws:currenttime" || lowerKey === "aws:epochtime") return "time";
  if (ENDPOINT_KEYS.has(lowerKey)) return where.endpointType === "PRIVATE" ? "endpoint" : "fixed";
  if (CALLER_KEYS.has(lowerKey) || lowerKey.startsWith("aws:principaltag/")) return where.signed ? "caller" : "fixed";
  // Listed for API Gateway resource policies, but nothing here says what it holds for a caller.
  if (lowerKey === "aws:principalorgpaths") return where.signed ? "unknown" : "fixed";
  return "fixed";
}

/** The keys of the variables in the values of a condition, in lower case. */
export function variablesOf(condition: Condition): readonly string[] {
  return condition.values.flatMap(({ pattern }) =>
    (pattern?.tokens ?? []).flatMap((token) => (token.kind === "variable" ? [token.key] : [])),
  );
}
