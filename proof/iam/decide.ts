import { splitArn } from "./arn";
import { combineCrossAccount, combineSameAccount, intersect } from "./combine";
import type { AccessOutcome } from "./combine";
import type { CompiledPolicy } from "./compile";
import { isRootUser } from "./principals";
import { reducePolicies } from "./reduce";
import type { AccessRequest, Reduction, StatementRef, Verdict } from "./types";

/** Everything that says something about one request. What is absent limits nothing; an empty list of levels is no organization. */
export interface AccessInput {
  readonly request: AccessRequest;
  /** The account that owns the resource. */
  readonly resourceOwner: string;
  readonly identityPolicies: readonly CompiledPolicy[];
  /** The policy of the resource, or the trust policy of the role that is assumed. */
  readonly resourcePolicy?: CompiledPolicy | undefined;
  /** Each must allow; IAM attaches one at most. */
  readonly permissionsBoundaries?: readonly CompiledPolicy[] | undefined;
  /** Taken together; at least one must allow where there are any. */
  readonly sessionPolicies?: readonly CompiledPolicy[] | undefined;
  /** Of the caller's account: for each level of the organization, the policies attached there. */
  readonly serviceControlPolicies?: readonly (readonly CompiledPolicy[])[] | undefined;
  readonly vpcEndpointPolicy?: CompiledPolicy | undefined;
}

export type LayerName =
  "service-control" | "vpc-endpoint" | "resource" | "identity" | "permissions-boundary" | "session";

/** What one layer said; absent layers are not listed. */
export interface Layer extends Reduction {
  readonly name: LayerName;
  readonly policies: readonly CompiledPolicy[];
}

export interface AccessDecision {
  /** The request as it was decided: its caller known to have a boundary where there is one. */
  readonly request: AccessRequest;
  readonly decision: AccessOutcome;
  readonly layers: readonly Layer[];
  /** The statements that brought it about: the Denies, or the Allows; none where nothing allows. */
  readonly matched: readonly StatementRef[];
  /** For an implicit deny: the layer that does not allow. */
  readonly missing?: LayerName;
  readonly crossAccount: boolean;
}

/**
 * Whether a request is allowed once every kind of policy is combined (IAM User Guide, "Policy evaluation logic" and
 * "Cross-account policy evaluation logic"; API Gateway's Tables A and B).
 */
export function decideAccess(input: AccessInput): AccessDecision {
  const request = requestOf(input);
  const layers = reduceLayers(input, request);
  const denials = layers.filter((layer) => layer.verdict === "DENY");
  const crossAccount = request.principal.kind === "aws" && request.principal.accountId !== input.resourceOwner;
  const asked = { request, layers, crossAccount };
  if (denials.length > 0) return { ...asked, decision: "explicitDeny", matched: statementsOf(denials) };
  const missing = missingLayer(input, layers, crossAccount);
  if (missing !== undefined) return { ...asked, decision: "implicitDeny", matched: [], missing };
  return { ...asked, decision: "allowed", matched: statementsOf(layers) };
}

function requestOf({ request, permissionsBoundaries = [] }: AccessInput): AccessRequest {
  const { principal } = request;
  if (principal.kind !== "aws" || permissionsBoundaries.length === 0) return request;
  return { ...request, principal: { ...principal, bounded: true } };
}

function reduceLayers(input: AccessInput, request: AccessRequest): readonly Layer[] {
  const layers: Layer[] = [];
  const add = (name: LayerName, policies: readonly CompiledPolicy[]) =>
    layers.push({ name, policies, ...reducePolicies(policies, request) });
  if (limitedByOrganization(request)) input.serviceControlPolicies?.forEach((level) => add("service-control", level));
  if (input.vpcEndpointPolicy !== undefined) add("vpc-endpoint", [input.vpcEndpointPolicy]);
  if (input.resourcePolicy !== undefined) add("resource", [input.resourcePolicy]);
  if (request.principal.kind !== "aws") return layers;
  add("identity", input.identityPolicies);
  input.permissionsBoundaries?.forEach((policy) => add("permissions-boundary", [policy]));
  const session = input.sessionPolicies ?? [];
  // A federated user has no permissions of its own: without a session policy it has none at all.
  if (session.length > 0 || isFederatedUser(request)) add("session", session);
  return layers;
}

/** Service control policies limit the principals of an account, but not AWS's own service-linked roles. */
function limitedByOrganization(request: AccessRequest): boolean {
  const { principal } = request;
  return principal.kind === "aws" && !principal.principalArn.includes(":role/aws-service-role/");
}

/** The layer whose silence denies, or undefined where the request is allowed. No layer denies. */
function missingLayer(input: AccessInput, layers: readonly Layer[], crossAccount: boolean): LayerName | undefined {
  const { principal } = input.request;
  for (const layer of layers) {
    if ((layer.name === "service-control" || layer.name === "vpc-endpoint") && layer.verdict !== "ALLOW")
      return layer.name;
  }
  const resource = layers.find((layer) => layer.name === "resource") ?? { verdict: "NEITHER" as const };
  if (principal.kind !== "aws") return resource.verdict === "ALLOW" ? undefined : "resource";

  const trust = input.resourcePolicy?.kind === "trust";
  // "You cannot use the AWS account root user to assume a role" (AssumeRole).
  if (trust && isRootUser(principal)) return "identity";

  const limits = layers.filter((layer) => layer.name === "permissions-boundary" || layer.name === "session");
  const limit = intersect(limits.map((layer) => layer.verdict));
  const silentLimit = limits.find((layer) => layer.verdict !== "ALLOW")?.name;
  const own = ownVerdict(input, layers);
  const identity = isRootUser(principal) ? own : intersect([own, limit]);
  const silentIdentity = own === "ALLOW" ? (silentLimit ?? "identity") : "identity";

  if (crossAccount) {
    if (combineCrossAccount(identity, resource.verdict) === "allowed") return undefined;
    return resource.verdict === "ALLOW" ? silentIdentity : "resource";
  }
  const grant = directGrant(input.request, resource, limit);
  if (trust) return missingForTrust(resource, grant, identity, silentIdentity);
  if (combineSameAccount(identity, grant) === "allowed") return undefined;
  // Where the resource policy grants directly, only a limit can stand in the way.
  return isDirect(resource) ? (silentLimit ?? silentIdentity) : silentIdentity;
}

/** "The AWS account root user … has full access": it needs no policy of its own. */
function ownVerdict(input: AccessInput, layers: readonly Layer[]): Verdict {
  if (isRootUser(input.request.principal)) return "ALLOW";
  return layers.find((layer) => layer.name === "identity")?.verdict ?? "NEITHER";
}

function isDirect(resource: Reduction): boolean {
  return resource.verdict === "ALLOW" && resource.grantedTo !== "account";
}

/**
 * What the resource policy grants by itself, within one account. A grant to a session or to an IAM user is not limited by what
 * a boundary or session policy is silent about; one to a role is ("Resource-based policies"). For `*`, which names
 * neither, this is UNCONFIRMED: it is limited too.
 */
function directGrant(request: AccessRequest, resource: Reduction, limit: Verdict): Verdict {
  if (!isDirect(resource)) return "NEITHER";
  const unlimited = resource.grantedTo === "session" || (resource.grantedTo === "principal" && isUser(request));
  return unlimited ? "ALLOW" : limit;
}

/** A role's trust policy must allow, whatever the caller's own policies say; an account in it delegates. */
function missingForTrust(
  resource: Reduction,
  grant: Verdict,
  identity: Verdict,
  silentIdentity: LayerName,
): LayerName | undefined {
  if (resource.verdict !== "ALLOW") return "resource";
  return grant === "ALLOW" || identity === "ALLOW" ? undefined : silentIdentity;
}

function isUser(request: AccessRequest): boolean {
  return resourceOf(request).startsWith("user/");
}

function isFederatedUser(request: AccessRequest): boolean {
  return resourceOf(request).startsWith("federated-user/");
}

function resourceOf(request: AccessRequest): string {
  return request.principal.kind === "aws" ? (splitArn(request.principal.arn)?.[5] ?? "") : "";
}

function statementsOf(layers: readonly Layer[]): readonly StatementRef[] {
  return layers.flatMap((layer) => layer.decidedBy ?? []);
}
