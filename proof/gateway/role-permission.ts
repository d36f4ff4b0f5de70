import type { CompiledPolicy } from "../iam";
import { compilePolicy, contextKeys, decideAccess, principalContext } from "../iam";
import type { AccessRequest, PolicyKind, Principal } from "../iam/types";
import { splitQualifier } from "../lambda/arn";
import { unreadAmong } from "../local/credentials-access";
import { trustAdmits } from "../local/sts-trust";
import type { Model, PolicyDocument, Role } from "../model/types";
import { functionPolicy, invokeAction } from "./function-policy";

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
  const unread = unreadAmong([...role.identityPolicies, role.permissionsBoundary]);
  if (unread !== undefined) return `The role '${roleArn}' may not ${invokeAction} on '${functionArn}': ${unread}.`;
  const now = Date.now();
  const trusted = trustAdmits({ role, sessionName, now }, { kind: "service", service: "apigateway.amazonaws.com" });
  if (trusted.outcome === "deny") return `API Gateway cannot assume the role '${roleArn}': ${trusted.because}.`;
  const fn = model.functions.find(({ arn }) => arn === splitQualifier(functionArn).unqualified);
  const [, , , , owner = role.accountId] = functionArn.split(":");
  const { decision, missing } = decideAccess({
    request: requestOf(role, functionArn, now),
    resourceOwner: owner,
    identityPolicies: role.identityPolicies.map((policy) => compiled(policy, "identity")),
    resourcePolicy: fn === undefined ? undefined : merged(functionPolicy(fn)),
    permissionsBoundaries:
      role.permissionsBoundary === undefined ? undefined : [compiled(role.permissionsBoundary, "boundary")],
  });
  if (decision === "allowed") return undefined;
  const why = decision === "explicitDeny" ? "A policy denies it" : `No ${missing ?? "identity"} policy allows it`;
  return `The role '${roleArn}' (${role.source.address}) may not ${invokeAction} on '${functionArn}'. ${why}.`;
}

function requestOf(role: Role, functionArn: string, now: number): AccessRequest {
  const partition = role.arn.split(":")[1] ?? "aws";
  const principal: Principal = {
    kind: "aws",
    arn: `arn:${partition}:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
    accountId: role.accountId,
    principalArn: role.arn,
  };
  const context = contextKeys({
    ...principalContext(principal, { tags: role.tags, tokenIssuedAt: now }),
    "aws:SecureTransport": "true",
    "aws:CurrentTime": new Date(now).toISOString(),
    "aws:EpochTime": String(Math.floor(now / 1000)),
  });
  return { principal, action: invokeAction, resource: functionArn, context };
}

function compiled(policy: PolicyDocument, kind: PolicyKind): CompiledPolicy {
  return compilePolicy(policy.document, { kind, source: policy.source });
}

/** The permissions of a function are statements of one policy. */
function merged(policies: readonly CompiledPolicy[]): CompiledPolicy | undefined {
  const [first] = policies;
  return first === undefined ? undefined : { ...first, statements: policies.flatMap(({ statements }) => statements) };
}
