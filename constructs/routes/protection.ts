/**
 * How the callers of a route are authenticated and which of them are admitted.
 *
 * A protection is made by one of the functions below, so that a route table reads like the sentence a reviewer
 * wants to check. There is no default: a route that names no protection does not compile.
 */
export type Protection = PublicRoute | IamRoute | CognitoRoute | OAuthRoute | SamlRoute | SignedParametersRoute;

export type ProtectionKind = Protection["kind"];

/** Anyone may call, without credentials. */
export interface PublicRoute {
  readonly kind: "public";
  /** Why it is safe that anyone may call this route; a reviewer reads it beside the route. */
  readonly reason: string;
}

/** Callers sign with AWS Signature Version 4. */
export interface IamRoute {
  readonly kind: "iam";
  readonly callers: IamCallers;
}

/** Who may sign. Callers outside the API's account need the resource policy and their own identity policy to allow. */
export interface IamCallers {
  /** Partners by the name the environment file gives them. */
  readonly partners?: readonly string[];
  /** Twelve-digit ids of other accounts; which of its principals may call is that account's own decision. */
  readonly accounts?: readonly string[];
  /** ARNs of roles in other accounts (`arn:aws:iam::…:role/…`, never a session ARN). */
  readonly roles?: readonly string[];
  /** AWS Organizations ids (`o-…`): any principal of any of its accounts. */
  readonly organizations?: readonly string[];
  /**
   * Principals of the API's own account whose identity policy allows the route. The resource policy stays silent
   * about them: within one account its Allow would admit them without any identity policy.
   */
  readonly ownAccount?: boolean;
}

/** Callers bring an access token of the environment's Cognito user pool. */
export interface CognitoRoute {
  readonly kind: "cognito";
  /** Full scopes, `<resource server>/<scope>`; the token needs one of them. */
  readonly scopes: readonly string[];
}

/** Callers bring an OAuth 2.0 bearer token of the environment's OpenID Connect issuer. */
export interface OAuthRoute {
  readonly kind: "oauth";
  /** The token needs one of them. */
  readonly scopes: readonly string[];
}

/** Callers bring a SAML 2.0 assertion of the environment's identity provider as bearer token (RFC 7522's encoding). */
export interface SamlRoute {
  readonly kind: "saml";
  /** The assertion's attribute needs one of them. */
  readonly scopes: readonly string[];
}

/** Callers bring request parameters signed with a shared secret: a header, query strings and a stage variable. */
export interface SignedParametersRoute {
  readonly kind: "signedParameters";
  /** Client ids that may call. */
  readonly clients: readonly string[];
}

// What a protection is made from is kept whole, so that the route table can refuse a member nobody would read.

/** Anyone may call. The reason is for the reviewer and has to say more than a word. */
export function publicRoute(rule: { readonly reason: string }): PublicRoute {
  return { ...rule, kind: "public" };
}

/** AWS principals named here may call, signing with Signature Version 4. */
export function iam(callers: IamCallers): IamRoute {
  return { kind: "iam", callers };
}

/** Access tokens of the user pool with one of these scopes. Without a scope every ID token would do, so one is required. */
export function cognito(rule: { readonly scopes: readonly [string, ...string[]] }): CognitoRoute {
  return { ...rule, kind: "cognito" };
}

/** Bearer tokens of the OpenID Connect issuer with one of these scopes. */
export function oauth(rule: { readonly scopes: readonly [string, ...string[]] }): OAuthRoute {
  return { ...rule, kind: "oauth" };
}

/** SAML bearer assertions whose attributes grant one of these scopes. */
export function saml(rule: { readonly scopes: readonly [string, ...string[]] }): SamlRoute {
  return { ...rule, kind: "saml" };
}

/** Requests signed by one of these clients. */
export function signedParameters(rule: { readonly clients: readonly [string, ...string[]] }): SignedParametersRoute {
  return { ...rule, kind: "signedParameters" };
}
