import { awsPrincipal, compilePolicy, contextKeys, InvalidPolicyError, reducePolicies } from "../../proof/iam";
import type { AccessRequest, CompiledPolicy, ContextKeys, PolicyKind, Principal } from "../../proof/iam";

export const ACCOUNT = "111111111111";
export const OTHER = "222222222222";
export const API = `arn:aws:execute-api:us-east-1:${ACCOUNT}:a1b2c3d4e5`;
export const EXECUTE_API = { partition: "aws", region: "us-east-1", accountId: ACCOUNT, apiId: "a1b2c3d4e5" };
export const SOURCE = { file: "cdk.tf.json", address: "aws_iam_policy.test.policy" };

export type Entries = Readonly<Record<string, string | readonly string[]>>;

export const ANONYMOUS: Principal = { kind: "anonymous" };

export function aws(arn: string, rolePath?: string): Extract<Principal, { kind: "aws" }> {
  const principal = awsPrincipal(arn, rolePath);
  if (principal === undefined) throw new Error(`${arn} is no principal`);
  return principal;
}

export const USER = aws(`arn:aws:iam::${ACCOUNT}:user/alice`);

export function compiled(
  statements: unknown,
  kind: PolicyKind = "identity",
  version: unknown = "2012-10-17",
): CompiledPolicy {
  const document = { ...(version === undefined ? {} : { Version: version }), Statement: statements };
  return compilePolicy(document, { kind, source: SOURCE, ...(kind === "resource" ? { executeApi: EXECUTE_API } : {}) });
}

export interface Asked {
  readonly principal?: Principal;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Entries;
}

export function request(asked: Asked = {}): AccessRequest {
  const context: ContextKeys = contextKeys(asked.context ?? {});
  return {
    principal: asked.principal ?? USER,
    action: asked.action ?? "execute-api:Invoke",
    resource: asked.resource ?? `${API}/dev/GET/orders`,
    context,
  };
}

/** ALLOW, DENY or NEITHER for one policy with these statements. */
export function verdict(
  statements: unknown,
  asked: Asked = {},
  kind: PolicyKind = "identity",
  version?: unknown,
): string {
  const policy = compiled(statements, kind, version === undefined ? "2012-10-17" : version);
  return reducePolicies([policy], request(asked)).verdict;
}

/** Whether a statement with this condition applies; asked of an Allow and of a Deny, which must agree for single values. */
export function conditionApplies(condition: unknown, context: Entries, version = "2012-10-17"): boolean {
  const [allow, deny] = ["Allow", "Deny"].map((Effect) =>
    verdict({ Effect, Action: "*", Resource: "*", Condition: condition }, { context }, "identity", version),
  );
  if ((allow === "ALLOW") !== (deny === "DENY")) throw new Error(`an Allow answers ${allow} and a Deny ${deny}`);
  return allow === "ALLOW";
}

/** The problems of a policy, or an empty list where it is valid. */
export function problemsOf(document: unknown, kind: PolicyKind = "identity"): readonly string[] {
  try {
    compilePolicy(document, { kind, source: SOURCE });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidPolicyError)) throw error;
    return error.problems.map((problem) => `${problem.what} ${problem.next ?? ""}`);
  }
}

/** Declares a test for each policy: it is refused with one problem, which says these words. The last column is the rule's source. */
export function refuse(
  rows: readonly (readonly [what: string, kind: PolicyKind, document: unknown, words: string, source: string])[],
): void {
  it.each(rows)("%s (%s policy)", (_what, kind, document, words) => {
    const problems = problemsOf(document, kind);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
  });
}
