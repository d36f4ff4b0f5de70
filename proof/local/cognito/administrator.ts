import type { CredentialRegistry } from "../credentials";
import { tagKeys } from "../credentials-access";
import { header } from "../http";
import type { HttpRequest } from "../http";
import { refusalOf, verifyCall } from "../service-call";
import { CognitoError, notFound } from "./error";
import { required } from "./input";
import type { Input } from "./input";
import type { CognitoContext } from "./pool-data";

/** Who may sign, for the operations that AWS authorizes with IAM. */
export type Administrators = Pick<CredentialRegistry, "find">;

/**
 * Holds an administrator's operation to AWS's rule: the request is signed, and the caller's policies allow
 * `cognito-idp:<Operation>` on the pool's ARN (Service Authorization Reference, "Amazon Cognito User Pools"). Pools have no
 * resource policy, so there is no way in from another account or region: there the pool does not exist.
 *
 * @throws CognitoError in Cognito's words, its `because` saying which policy would have to change
 */
export function requireAdministrator(
  { model, now }: CognitoContext,
  administrators: Administrators,
  request: HttpRequest,
  operation: string,
  input: Input,
): void {
  // A page in a browser can reach a loopback port. It has no business here, whatever it got signed.
  const origin = header(request, "origin");
  if (origin !== undefined) {
    const because = `${operation} was sent by a web page of ${origin}, and is for administrators`;
    throw new CognitoError("MissingAuthenticationTokenException", "Missing Authentication Token", because);
  }
  const signature = verifyCall(request, "cognito-idp", administrators, now());
  if (signature.outcome === "refused") {
    const { denial, because } = signature;
    throw new CognitoError(denial.errorType, denial.message ?? "Access denied", because);
  }
  const { caller } = signature.credential;
  const { accountId, arn: callerArn } = caller.principal;
  const id = required(input, "UserPoolId");
  const pool = model.userPools.find(
    (one) => one.id === id && one.accountId === accountId && one.region === signature.region,
  );
  const partition = callerArn.split(":")[1] ?? "aws";
  const call = {
    action: `cognito-idp:${operation}`,
    resource: pool?.arn ?? `arn:${partition}:cognito-idp:${signature.region}:${accountId}:userpool/${id}`,
    resourceOwner: accountId,
    now: now(),
    sourceIp: request.sourceIp,
    keys: tagKeys("aws:ResourceTag", pool?.tags),
  };
  const refusal = refusalOf(caller, call);
  if (refusal !== undefined) throw new CognitoError("AccessDeniedException", refusal.message, refusal.because);
  if (pool === undefined) {
    throw notFound(
      `User pool ${id} does not exist.`,
      `there is no pool ${id} in account ${accountId} and region ${signature.region}`,
    );
  }
}
