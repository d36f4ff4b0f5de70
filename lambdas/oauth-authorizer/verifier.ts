import {
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtBaseError,
  JwtExpiredError,
  JwtInvalidAudienceError,
  JwtInvalidIssuerError,
  JwtInvalidSignatureError,
  JwtNotBeforeError,
  KidNotFoundInJwksError,
  ParameterValidationError,
  WaitPeriodNotYetEndedJwkError,
} from "aws-jwt-verify/error";
import { JwtVerifier } from "aws-jwt-verify/jwt-verifier";
import { BadCredentials } from "../shared/authorizer";

export type Claims = Readonly<Record<string, unknown>>;

export interface Trust {
  /** Compared with `iss` character by character. */
  readonly issuer: string;
  /** The token's `aud` must hold one of these. */
  readonly audiences: readonly string[];
  readonly jwksUri: string;
}

/** The verifier keeps a key until a token names an unknown one, so a key the issuer withdrew would live for ever. */
const KEYS_MAXIMUM_AGE_MS = 60 * 60 * 1000;

/** Errors that say something about the issuer's key set and nothing about the token. */
const ISSUER_FAILURES = [FetchError, JwksValidationError, JwkValidationError, ParameterValidationError];

/** Reasons for the log in words of ours: the library's messages may quote claims. */
const REASONS = [
  [JwtExpiredError, "token has expired"],
  [JwtNotBeforeError, "token is not valid yet"],
  [JwtInvalidIssuerError, "issuer is another"],
  [JwtInvalidAudienceError, "audience is another"],
  [JwtInvalidSignatureError, "signature does not verify"],
  [KidNotFoundInJwksError, "key is not in the issuer's key set"],
  [WaitPeriodNotYetEndedJwkError, "key was not in the issuer's key set a moment ago"],
] as const;

/**
 * Verifies signature, issuer, audience, `exp` and `nbf` against the issuer's key set, which is fetched over HTTPS and
 * kept for an hour.
 *
 * @returns A function that gives the token's claims, throws BadCredentials where the token is not good, and any other
 *   error where the key set cannot be had.
 */
export function tokenVerifier({ issuer, audiences, jwksUri }: Trust): (token: string) => Promise<Claims> {
  const create = () => JwtVerifier.create({ issuer, audience: [...audiences], jwksUri });
  let verifier = create();
  let created = Date.now();
  return async (token) => {
    if (Date.now() - created > KEYS_MAXIMUM_AGE_MS) {
      verifier = create();
      created = Date.now();
    }
    try {
      return await verifier.verify(token);
    } catch (error) {
      if (ISSUER_FAILURES.some((type) => error instanceof type) || !(error instanceof JwtBaseError)) throw error;
      const reason = REASONS.find(([type]) => error instanceof type)?.[1] ?? "token is malformed";
      throw new BadCredentials(reason, { cause: error });
    }
  };
}
