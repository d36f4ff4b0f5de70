import type { CompiledPolicy } from "../iam";
import { compilePolicy, contextKeys, decideAccess, principalContext } from "../iam";
import type { PolicyKind, Principal } from "../iam/types";
import { splitQualifier } from "../lambda/arn";
import { trustAdmits } from "../local/sts-trust";
import type { LambdaFunction, Model, PolicyDocument, Role } from "../model/types";

/** AWS's own name for the session in which API Gateway uses a role. */
const sessionName = "BackplaneAssumeRoleSession";

/**
 * Whether API Gateway can assume a role and invoke a function with it: the role's trust policy admits
 * apigateway.amazonaws.com, its policies allow lambda:InvokeFunction, and a function of another account admits the role.
 * (docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html). Each pair is worked out once.
 *
 * @returns why it cannot; undefined where it can
 */
export function roleInvokes(model: Model): (roleArn: string, functionArn: string) => string | undefined {
  const answers = new Map<string, string | undefined>();
  return (roleArn, functionArn) => {
    const key = `${roleArn} ${functionArn}`;
    if (!answers.has(key)) answers.set(key, refusal(model, roleArn, functionArn));
    return answers.get(key);
  };
}

function refusal(model: Model, roleArn: string, functionArn: string): string | undefined {
  const role = model.roles.find(({ arn }) => arn === roleArn);
  if (role === undefined) {
    return `The role '${roleArn}', with which API Gateway is to invoke '${functionArn}', is not in the loaded configuration.`;
  }
  const now = Date.now();
  const trusted = trustAdmits({ role, sessionName, now }, { kind: "service", service: "apigateway.amazonaws.com" });
  if (trusted.outcome === "deny") return `API Gateway cannot assume the role '${roleArn}': ${trusted.because}.`;
  if (!allowsInvoke(role, functionArn, now)) {
    return `No policy of the role '${roleArn}' (${role.source.address}) allows lambda:InvokeFunction on '${functionArn}'.`;
  }
  const fn = model.functions.find(({ arn }) => arn === splitQualifier(functionArn).unqualified);
  if (fn !== undefined && fn.accountId !== role.accountId && !admits(fn, role)) {
    return `The function '${functionArn}' of account ${fn.accountId} has no permission for the role '${roleArn}' of account ${role.accountId}.`;
  }
  return undefined;
}

function allowsInvoke(role: Role, functionArn: string, now: number): boolean {
  const partition = role.arn.split(":")[1] ?? "aws";
  const principal: Principal = {
    kind: "aws",
    arn: `arn:${partition}:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
    accountId: role.accountId,
    principalArn: role.arn,
  };
  const boundary = role.permissionsBoundary;
  const context = contextKeys({
    ...principalContext(principal, { tags: role.tags, tokenIssuedAt: now }),
    "aws:SecureTransport": "true",
    "aws:CurrentTime": new Date(now).toISOString(),
    "aws:EpochTime": String(Math.floor(now / 1000)),
  });
  return (
    decideAccess({
      request: { principal, action: "lambda:InvokeFunction", resource: functionArn, context },
      resourceOwner: role.accountId,
      identityPolicies: role.identityPolicies.map((policy) => compiled(policy, "identity")),
      permissionsBoundaries: boundary === undefined ? undefined : [compiled(boundary, "boundary")],
    }).decision === "allowed"
  );
}

function compiled(policy: PolicyDocument, kind: PolicyKind): CompiledPolicy {
  return compilePolicy(policy.document, { kind, source: policy.source });
}

function admits(fn: LambdaFunction, role: Role): boolean {
  const root = role.arn.replace(/:role\/.*$/, ":root");
  return fn.permissions.some(
    ({ principal, action }) =>
      [role.arn, role.accountId, root].includes(principal) &&
      ["lambda:InvokeFunction", "lambda:*", "*"].includes(action),
  );
}
