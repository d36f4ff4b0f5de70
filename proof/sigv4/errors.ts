import { createHash } from "node:crypto";
import type { Denial, ResponseType } from "../decision/types";

/**
 * Ends a verification with AWS's answer; thrown, and never leaves this folder. Not an `Error`: refusals are ordinary, and
 * writing down a stack for each costs more than all of parsing.
 */
export class Refusal {
  readonly because: string;

  constructor(
    readonly denial: Denial,
    because: string,
  ) {
    this.because = oneLine(because);
  }
}

/** What a request holds is shown to a person at a terminal: control characters in it would write lines of their own. */
export function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function refusal(errorType: string, responseType: ResponseType, message: string, because: string): Refusal {
  return new Refusal({ status: 403, errorType, responseType, message, messageKey: "message" }, because);
}

/** Recorded from API Gateway: an unsigned call to an `AWS_IAM` method or to a route that does not exist. */
export function missingToken(because: string): Refusal {
  return refusal(
    "MissingAuthenticationTokenException",
    "MISSING_AUTHENTICATION_TOKEN",
    "Missing Authentication Token",
    because,
  );
}

/**
 * The request does not hold a whole signature. Which gateway response API Gateway uses is not established;
 * `INVALID_SIGNATURE` is the closest in AWS's list, and both candidates fall back to `DEFAULT_4XX`.
 */
export function incompleteSignature(message: string, because: string): Refusal {
  return refusal("IncompleteSignatureException", "INVALID_SIGNATURE", message, because);
}

/** `Bearer <token>`, or any `<word> <word>` without an equal sign; AWS shows only a hash of the header. */
export function missingEqualSign(authorization: string): Refusal {
  const hash = createHash("sha256").update(authorization, "latin1").digest("base64");
  return incompleteSignature(
    `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
    "The Authorization header is not an AWS signature. Sign the request with AWS4-HMAC-SHA256; if the caller sends a bearer token, the route does not exist or does not use the authorizer that reads it.",
  );
}

/**
 * Unknown access key, or a session token that is not that key's. AWS's support article prints `AccessDeniedException`,
 * its other front ends answer `UnrecognizedClientException`; the latter is used, since the former means "authenticated
 * but not authorized". The gateway response is not established either.
 */
export function invalidToken(because: string): Refusal {
  return refusal(
    "UnrecognizedClientException",
    "INVALID_SIGNATURE",
    "The security token included in the request is invalid.",
    because,
  );
}

/** Type and status are documented; the text is the one AWS's other front ends use. */
export function expiredToken(because: string): Refusal {
  return refusal(
    "ExpiredTokenException",
    "EXPIRED_TOKEN",
    "The security token included in the request is expired",
    because,
  );
}

export function invalidSignature(message: string, because: string): Refusal {
  return refusal("InvalidSignatureException", "INVALID_SIGNATURE", message, because);
}

/** AWS may append the canonical strings it computed; they are left out because they hold header values. */
export function signatureMismatch(because: string): Refusal {
  return invalidSignature(
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    because,
  );
}
