import type { RouteAuth } from "../model/types";
import { renderClaims } from "../tokens/claims";
import type { Claims, TokenVerdict } from "../tokens/verify";
import { verifyUserPoolToken } from "../tokens/verify";
import type { RoutedCourse } from "./course";
import { allow, deny } from "./course";
import { apiConfiguration, authorizerConfiguration, tokenExpired, unauthorized } from "./denials";
import type { PreparedCognitoAuthorizer } from "./authorizers";
import type { Matcher } from "./java-regex";
import { requireResourceAllow } from "./perimeter";
import type { Decision } from "./types";

type CognitoAuth = Extract<RouteAuth, { type: "COGNITO_USER_POOLS" }>;

/**
 * Authorization COGNITO_USER_POOLS: first the token, 401 where it is not accepted; then the resource policy alone,
 * whose silence denies (API Gateway resource policy evaluation workflow: Cognito follows the cross-account table).
 */
export function decideCognito(course: RoutedCourse, auth: CognitoAuth): Decision {
  const prepared = course.prepared.cognito.get(auth.authorizer.address);
  if (prepared === undefined) return deny(course, apiConfiguration());
  const token = acceptedClaims(course, prepared, auth);
  if ("refused" in token) return token.refused;
  const passed = requireResourceAllow(course);
  if ("refused" in passed) return passed.refused;
  return allow(course, { authorizer: { claims: renderClaims(token.claims) } }, passed.decidedBy);
}

function acceptedClaims(
  course: RoutedCourse,
  prepared: PreparedCognitoAuthorizer,
  auth: CognitoAuth,
): { readonly claims: Claims } | { readonly refused: Decision } {
  const assumed = course.assumptions.claims;
  if (assumed !== undefined)
    return judge(course, auth, assumedVerdict(assumed, prepared.issuers(course.stage), prepared, auth), undefined);
  const { authorizer, source, regex } = prepared;
  const values = [...new Set(source.values(course.facts))];
  const [header] = values;
  if (header === undefined || values.length > 1) {
    course.steps.push(() => ({
      step: "identity-source",
      result: header === undefined ? "missing" : "deny",
      because:
        header === undefined
          ? `${source.expression} is not in the request. Send a token of one of the authorizer's user pools there.`
          : // Which of several AWS reads is UNCONFIRMED; none is taken.
            `${source.expression} is in the request ${values.length} times with different values. Send one.`,
      source: authorizer.source,
    }));
    return { refused: deny(course, unauthorized()) };
  }
  const issuers = prepared.issuers(course.stage);
  let unreachable: string | undefined;
  const verdict = verifyUserPoolToken(header, {
    issuers,
    now: course.now,
    scopes: auth.scopes,
    keyOf: (issuer, kid) => {
      const keySet = course.ports.jwks(issuer);
      if (keySet === undefined) unreachable = issuer;
      return keySet?.keys.find((key) => key.kid === kid);
    },
  });
  return judge(
    course,
    auth,
    verdict.outcome === "accepted" ? forAudience(verdict.claims, regex) : verdict,
    unreachable,
  );
}

function judge(
  course: RoutedCourse,
  auth: CognitoAuth,
  verdict: TokenVerdict,
  unreachable: string | undefined,
): { readonly claims: Claims } | { readonly refused: Decision } {
  const { source } = auth.authorizer;
  if (verdict.outcome === "accepted") {
    const use = auth.scopes.length === 0 ? "an ID token" : `an access token with one of ${auth.scopes.join(", ")}`;
    course.steps.push(() => ({
      step: "token",
      result: "allow",
      because: `The token is accepted: the method asks for ${use}, and this one is of a listed user pool and not expired.`,
      source,
    }));
    return { claims: verdict.claims };
  }
  if (unreachable !== undefined) {
    course.steps.push(() => ({
      step: "token",
      result: "deny",
      because: `The keys of ${unreachable} cannot be had, so no token of that user pool can be verified. Add the pool to the configuration.`,
      source,
    }));
    return { refused: deny(course, authorizerConfiguration()) };
  }
  course.steps.push(() => ({ step: "token", result: "deny", because: verdict.because, source }));
  return { refused: deny(course, verdict.expired ? tokenExpired() : unauthorized()) };
}

/**
 * Claims whose signature and times are taken as passed still have to be of the use that the method asks for, and of a
 * user pool of the authorizer where they say whose they are.
 */
function assumedVerdict(
  claims: Claims,
  issuers: readonly string[],
  { regex }: PreparedCognitoAuthorizer,
  auth: CognitoAuth,
): TokenVerdict {
  if (claims.iss !== undefined && !issuers.includes(String(claims.iss))) {
    return reject(`The token's iss is ${JSON.stringify(claims.iss)}; the method takes ${issuers.join(", ")}.`);
  }
  const wanted = auth.scopes.length === 0 ? "id" : "access";
  if (claims.token_use !== wanted) {
    return reject(`The token's token_use is ${JSON.stringify(claims.token_use)}; the method asks for '${wanted}'.`);
  }
  const granted = typeof claims.scope === "string" ? claims.scope.split(" ") : [];
  if (wanted === "access" && !auth.scopes.some((scope) => granted.includes(scope))) {
    return reject(`The token's scopes (${granted.join(" ") || "none"}) hold none of ${auth.scopes.join(", ")}.`);
  }
  return forAudience(claims, regex);
}

/** The validation expression is held against `aud`, which access tokens do not have (API reference of Authorizer). */
function forAudience(claims: Claims, regex: Matcher | undefined): TokenVerdict {
  if (regex === undefined || (typeof claims.aud === "string" && regex.test(claims.aud))) {
    return { outcome: "accepted", claims };
  }
  return reject(
    `The token's aud is ${JSON.stringify(claims.aud) ?? "absent"}, which does not match the validation expression.`,
  );
}

function reject(because: string): TokenVerdict {
  return { outcome: "rejected", expired: false, because };
}
