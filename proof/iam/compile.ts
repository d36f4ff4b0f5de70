import { PolicyProblems, quote } from "./errors";
import { parsePolicyText } from "./json";
import type { ExecuteApi } from "./shorthand";
import { parseStatement } from "./statement";
import type { Statement } from "./statement";
import type { PolicyKind, StatementRef } from "./types";
import type { Source } from "../model/types";
import { checksOf } from "./checks";
import type { Check } from "./checks";

export interface CompileOptions {
  readonly kind: PolicyKind;
  readonly source: Source;
  /** For resource policies: the API that `execute-api:/…` is short for. Without it the short form is an error. */
  readonly executeApi?: ExecuteApi | undefined;
}

export interface CompiledPolicy {
  readonly kind: PolicyKind;
  readonly source: Source;
  readonly version: "2008-10-17" | "2012-10-17";
  readonly statements: readonly CompiledStatement[];
}

export interface CompiledStatement extends Statement {
  readonly ref: StatementRef;
  /** All of them hold for a request that the statement applies to, in the order they are asked. */
  readonly checks: readonly Check[];
}

const TOP_ELEMENTS = new Set(["Version", "Id", "Statement"]);

/**
 * Checks a policy document and prepares it for evaluation.
 *
 * @param document Parsed JSON, or JSON text.
 * @throws InvalidPolicyError with every problem of the document, each quoting the statement it stands in.
 */
export function compilePolicy(document: unknown, options: CompileOptions): CompiledPolicy {
  const problems = new PolicyProblems(options.source);
  const parsed = typeof document === "string" ? parsePolicyText(document, problems) : document;
  problems.throwIfAny();
  const fields = topElements(parsed, problems);
  const version = fields["Version"] === undefined ? "2008-10-17" : fields["Version"];
  if (version !== "2012-10-17" && version !== "2008-10-17") {
    problems.add(`Version is ${quote(version)}.`, "Write 2012-10-17: without variables, 2008-10-17 is the other one.");
  }
  if (fields["Id"] !== undefined && typeof fields["Id"] !== "string") problems.add(`Id is ${quote(fields["Id"])}.`);
  const rules = { ...options, variables: version === "2012-10-17" };
  const statements: CompiledStatement[] = [];
  const sids = new Map<string, number>();
  statementList(fields, options.kind, problems).forEach((element, index) => {
    const within = problems.in(nameOf(element, index));
    const statement = parseStatement(element, rules, within);
    if (statement === undefined) return;
    const { sid, effect } = statement;
    if (sid !== undefined) {
      const first = sids.get(sid);
      if (first === undefined) sids.set(sid, index);
      else within.add(`the Sid ${quote(sid)} is already that of statement ${first}.`);
    }
    const named = sid === undefined ? {} : { sid };
    const ref: StatementRef = { policy: options.source, kind: options.kind, index, ...named, effect };
    statements.push({ ...statement, ref, checks: checksOf(statement) });
  });
  problems.throwIfAny();
  return {
    kind: options.kind,
    source: options.source,
    version: version === "2012-10-17" ? "2012-10-17" : "2008-10-17",
    statements,
  };
}

function topElements(document: unknown, problems: PolicyProblems): Readonly<Record<string, unknown>> {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    problems.add(`the policy is ${quote(document)}; it is an object with Version and Statement.`);
    throw problems.error();
  }
  for (const name of Object.keys(document)) {
    if (!TOP_ELEMENTS.has(name))
      problems.add(`there is no element ${quote(name)} in a policy.`, "Use Version, Id, Statement.");
  }
  return document as Readonly<Record<string, unknown>>;
}

/**
 * The grammar asks for at least one statement. Whether API Gateway saves a resource policy or takes an authorizer's answer
 * without any is UNCONFIRMED; both are read, and allow nothing.
 */
function statementList(
  fields: Readonly<Record<string, unknown>>,
  kind: PolicyKind,
  problems: PolicyProblems,
): readonly unknown[] {
  const written = fields["Statement"];
  if (written === undefined) problems.add("Statement is missing.");
  if (written === undefined) return [];
  if (!Array.isArray(written)) return [written];
  if (written.length === 0 && kind !== "resource" && kind !== "authorizer") {
    problems.add("Statement is an empty list.", "Add a statement.");
  }
  return written;
}

function nameOf(element: unknown, index: number): string {
  const sid = (element as { Sid?: unknown } | null)?.Sid;
  const named = typeof sid === "string" && sid !== "" ? ` (Sid ${quote(sid)})` : "";
  return `statement ${index}${named} ${quote(element)}`;
}
