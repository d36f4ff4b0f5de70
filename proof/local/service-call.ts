import { becauseOf } from "../decision/denials";
import { PARTIES } from "../decision/iam-layers";
import type { Caller } from "../decision/types";
import { InputError } from "../errors";
import type { PolicyDocument } from "../model/types";
import type { SignatureResult } from "../sigv4";
import { verifySignature } from "../sigv4";
import type { CredentialRegistry } from "./credentials";
import type { ApiCall } from "./credentials-access";
import { compile, decideCall, denialOf, unreadAmong } from "./credentials-access";
import type { HttpRequest } from "./http";

/** Whether a request to an AWS service is signed by a credential of the registry. The endpoint stands for every region. */
export function verifyCall(
  request: HttpRequest,
  service: string,
  registry: Pick<CredentialRegistry, "find">,
  now: number,
): SignatureResult {
  return verifySignature(request, {
    now,
    region: "*",
    service,
    host: request.host,
    findCredential: (accessKeyId, sessionToken) => registry.find(accessKeyId, sessionToken),
  });
}

/** What `AccessDeniedException` says, and for the person at the gateway what would have to change. */
export interface CallRefusal {
  readonly message: string;
  readonly because: string;
}

/**
 * Why the caller may not make the call, in the words that AWS gives to every service (IAM User Guide, "Troubleshoot
 * access denied error messages"); undefined where the caller may. A policy that is not known or not valid refuses.
 *
 * @param resourcePolicy the policy attached to the resource, where its service has such
 */
export function refusalOf(caller: Caller, call: ApiCall, resourcePolicy?: PolicyDocument): CallRefusal | undefined {
  const said = `User: ${caller.principal.arn} is not authorized to perform: ${call.action} on resource: ${call.resource}`;
  const unread = unreadAmong([...caller.identityPolicies, caller.permissionsBoundary, resourcePolicy]);
  if (unread !== undefined) return { message: said, because: unread };
  try {
    const access = decideCall(caller, call, resourcePolicy && compile(resourcePolicy, "resource"));
    if (access.decision === "allowed") return undefined;
    const explicit = access.decision === "explicitDeny";
    const denying = access.layers.find(({ verdict }) => verdict === "DENY")?.name;
    const party = PARTIES[(explicit ? denying : access.missing) ?? "identity"];
    return {
      message: `${said}${becauseOf({ explicit, party }, call.action)}`,
      because: denialOf(access, caller, call),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { message: said, because: error.message };
  }
}
