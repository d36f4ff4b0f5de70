import { readFileSync } from "node:fs";
import { z } from "zod";
import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import { compilePolicy } from "../iam";
import { repeatedMembers } from "../json-members";
import type { PolicyKind } from "../iam/types";
import type { Model, PolicyDocument } from "../model/types";
import { locate } from "../terraform/json-mistake";
import type { Identity } from "./credentials-principal";
import { identityOf } from "./credentials-principal";

/** One entry of the callers file. */
export interface FileCaller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly identity: Identity;
  /** Absent where the file leaves them to the model. */
  readonly policies?: readonly PolicyDocument[];
  /** `null` is none at all; absent leaves it to the model. */
  readonly boundary?: PolicyDocument | null;
  readonly organizationId?: string;
  /** Absent where the file leaves them to the model. */
  readonly tags?: Readonly<Record<string, string>>;
}

const document = z.record(z.string(), z.unknown(), "must be a policy document, an object");
const text = z.string("must be a string").min(1, "must not be empty");
const entry = z.strictObject(
  {
    accessKeyId: z
      .string("must be a string")
      .regex(/^\w{3,128}$/, "must be 3 to 128 letters, digits or underscores, such as AKIAIOSFODNN7EXAMPLE"),
    secretAccessKey: text,
    sessionToken: text.optional(),
    arn: text,
    session: text.optional(),
    policies: z.array(document, "must be a list of policy documents").optional(),
    boundary: document.nullable().optional(),
    organizationId: z
      .string("must be a string")
      .regex(/^o-[a-z0-9]{10,32}$/, "must be an organization id such as o-a1b2c3d4e5")
      .optional(),
    tags: z.record(z.string(), z.string("must be a string"), "must be an object of strings").optional(),
  },
  { error: shapeError },
);
const schema = z.strictObject({ callers: z.array(entry, "must be a list of callers") }, { error: shapeError });

/**
 * Reads a callers file. Throws an `InputError` with every problem of the file, each at its JSON path; the value of a
 * secret is never part of one.
 */
export function readCallersFile(file: string, model: Pick<Model, "roles">): readonly FileCaller[] {
  const value = readJson(file);
  const parsed = schema.safeParse(value);
  const problems: InputProblem[] = (parsed.error?.issues ?? []).map((issue) => ({
    what: `${issue.message}.`,
    where: where(file, issue.path),
  }));
  const callers: FileCaller[] = [];
  const seen = new Map<string, number>();
  entriesOf(value).forEach((caller, index) => {
    if (caller === undefined) return;
    const identity = identityOf(caller.arn, caller.session, model);
    if (typeof identity === "string")
      problems.push({ what: `${identity}.`, where: where(file, ["callers", index, "arn"]) });
    const earlier = seen.get(caller.accessKeyId);
    if (earlier !== undefined) {
      problems.push({
        what: `'${caller.accessKeyId}' is already the key of callers[${earlier}].`,
        where: where(file, ["callers", index, "accessKeyId"]),
        next: "Give every caller its own access key id.",
      });
    }
    seen.set(caller.accessKeyId, index);
    const policyAt = (found: unknown, member: string): PolicyDocument => ({
      document: found,
      source: { file, address: `callers[${index}].${member}` },
    });
    const policies = caller.policies?.map((found, n) => policyAt(found, `policies[${n}]`));
    const boundary = caller.boundary ? policyAt(caller.boundary, "boundary") : caller.boundary;
    for (const policy of policies ?? []) problems.push(...policyProblems(policy, "identity"));
    if (boundary) problems.push(...policyProblems(boundary, "boundary"));
    if (typeof identity === "string") return;
    const { accessKeyId, secretAccessKey, sessionToken, organizationId, tags } = caller;
    callers.push({
      accessKeyId,
      secretAccessKey,
      identity,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(policies === undefined ? {} : { policies }),
      ...(boundary === undefined ? {} : { boundary }),
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(tags === undefined ? {} : { tags }),
    });
  });
  if (problems.length > 0) throw new InputError(problems);
  return callers;
}

/** What can be read of each caller, whatever else stands beside it. */
function entriesOf(value: unknown): readonly (z.infer<typeof entry> | undefined)[] {
  const { callers } = value as { readonly callers?: unknown };
  return Array.isArray(callers) ? callers.map((one) => entry.strip().safeParse(one).data) : [];
}

function policyProblems({ document: found, source }: PolicyDocument, kind: PolicyKind): readonly InputProblem[] {
  try {
    compilePolicy(found, { kind, source });
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
}

function readJson(file: string): unknown {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    throw new InputError({
      what: `The callers file cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown error"}).`,
      where: file,
    });
  }
  try {
    const value: unknown = JSON.parse(content);
    const repeated = repeatedMembers(content, value).map((place) => ({
      what: "stands twice in one object, of which the last would count.",
      where: `${file}: ${place}`,
    }));
    if (repeated.length === 0) return value;
    throw new InputError(repeated);
  } catch (error) {
    if (error instanceof RangeError) throw new InputError({ what: "is nested too deep.", where: file });
    if (!(error instanceof SyntaxError)) throw error;
    // The parser's own message quotes the text around the error, which may be a secret.
    const lines = content.slice(0, locate(content).position).split("\n");
    throw new InputError({
      what: "The callers file is not JSON.",
      where: `${file}:${lines.length}:${(lines.at(-1) ?? "").length + 1}`,
    });
  }
}

function shapeError(issue: { readonly code?: string; readonly keys?: unknown }): string {
  return issue.code === "unrecognized_keys" && Array.isArray(issue.keys)
    ? `unknown member ${issue.keys.map((key) => `'${String(key)}'`).join(", ")}`
    : "must be an object";
}

function where(file: string, path: readonly PropertyKey[]): string {
  const jsonPath = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return jsonPath === "" ? file : `${file}: ${jsonPath.replace(/^\./, "")}`;
}
