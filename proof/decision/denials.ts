/**
 * Every refusal this gateway can answer, with AWS's own status, error type and words. Authorization denials carry
 * `Message`, everything else `message` (recorded). The words that are not recorded say so.
 */
import type { Denial } from "./types";
import { maskAccount } from "./arn";

/**
 * AWS changed its words: `legacy` was seen until September 2025, `current` from early 2026. Only the reason behind
 * the resource differs.
 */
export type Wording = "current" | "legacy";

/** The policy type that refused, as IAM names it in its messages (Troubleshoot access denied error messages). */
export type PolicyParty =
  | "identity-based policy"
  | "resource-based policy"
  | "permissions boundary"
  | "session policy"
  | "service control policy"
  | "VPC endpoint policy";

export interface Refusal {
  /** True for a Deny that matched, false where nothing allowed. */
  readonly explicit: boolean;
  readonly party: PolicyParty;
}

/** No such stage, the default endpoint disabled, or a private API called from outside. Cannot be customised. */
export function forbidden(): Denial {
  return { status: 403, errorType: "ForbiddenException", message: "Forbidden", messageKey: "message" };
}

/** The error type is UNCONFIRMED; AWS documents the status and the text. Cannot be customised. */
export function uriTooLong(): Denial {
  return {
    status: 414,
    errorType: "RequestUriTooLongException",
    message: "Request URI too long",
    messageKey: "message",
  };
}

/** No credentials on an AWS_IAM method, or on a path or verb that does not exist (recorded). */
export function missingAuthenticationToken(): Denial {
  return {
    responseType: "MISSING_AUTHENTICATION_TOKEN",
    status: 403,
    errorType: "MissingAuthenticationTokenException",
    message: "Missing Authentication Token",
    messageKey: "message",
  };
}

/** A signed and authorized call to a route that does not exist. AWS documents the status; the words are UNCONFIRMED. */
export function resourceNotFound(): Denial {
  return {
    responseType: "RESOURCE_NOT_FOUND",
    status: 404,
    errorType: "NotFoundException",
    message: "Resource not found",
    messageKey: "message",
  };
}

/** A missing identity source, a token that is not accepted, or a function that failed with exactly `Unauthorized`. */
export function unauthorized(message = "Unauthorized"): Denial {
  return {
    responseType: "UNAUTHORIZED",
    status: 401,
    errorType: "UnauthorizedException",
    message,
    messageKey: "message",
  };
}

/** Reported under UNAUTHORIZED: EXPIRED_TOKEN is about AWS security tokens (status and text quoted by three clients). */
export function tokenExpired(): Denial {
  return unauthorized("The incoming token has expired");
}

/** An authorizer that cannot be called, failed, or answered something else than its contract. */
export function authorizerConfiguration(): Denial {
  return {
    responseType: "AUTHORIZER_CONFIGURATION_ERROR",
    status: 500,
    errorType: "AuthorizerConfigurationException",
    message: null,
    messageKey: "message",
  };
}

/** A route whose protection cannot be decided on here is refused. */
export function apiConfiguration(): Denial {
  return {
    responseType: "API_CONFIGURATION_ERROR",
    status: 500,
    errorType: "InternalServerErrorException",
    message: "Internal server error",
    messageKey: "message",
  };
}

/**
 * A policy refused a caller, who is `anonymous` on every method that is not AWS_IAM. The account in the resource is
 * masked, the caller's own is not (recorded; for callers of other accounts UNCONFIRMED).
 */
export function accessDenied(caller: string, arn: string, refusal: Refusal, wording: Wording): Denial {
  const words = `User: ${caller} is not authorized to perform: execute-api:Invoke on resource: ${maskAccount(arn)}`;
  return denied(`${words}${suffix(refusal, wording)}`);
}

/** The policy that a Lambda authorizer returned refused the request. */
export function authorizerDenied(explicit: boolean, wording: Wording): Denial {
  const refusal: Refusal = { explicit, party: "identity-based policy" };
  return denied(`User is not authorized to access this resource${suffix(refusal, wording)}`);
}

function denied(message: string): Denial {
  return {
    responseType: "ACCESS_DENIED",
    status: 403,
    errorType: "AccessDeniedException",
    message,
    messageKey: "Message",
  };
}

function suffix(refusal: Refusal, wording: Wording): string {
  if (wording === "legacy") return refusal.explicit ? " with an explicit deny" : "";
  return becauseOf(refusal, "execute-api:Invoke");
}

/** The end of a refusal, in the words that AWS's services share (Troubleshoot access denied error messages). */
export function becauseOf({ explicit, party }: Refusal, action: string): string {
  const article = /^[aeiou]/i.test(party) ? "an" : "a";
  return explicit
    ? ` with an explicit deny in ${article} ${party}`
    : ` because no ${party} allows the ${action} action`;
}
