import type { PreparedLambdaAuthorizer } from "../decision/authorizers";
import type { CognitoAuthorizer, Route } from "../model/types";
import { OWN_ALLOW } from "./callers";
import { headerValueFor, sourceInRequest } from "./identity-samples";
import type { AuthorizerSubject, TokenSubject } from "./subject";
import type { View } from "./view";
import { ANALYSIS_TIME } from "./view";

/** The route of a request as one configuration has it. */
export interface Served {
  readonly view: View;
  readonly route: Route | undefined;
}

/**
 * Every class of user pool tokens that the methods tell apart: by pool, by use, by scope, and by audience where an
 * authorizer looks at it. A token with several scopes is admitted as soon as one of its scopes is, so one scope at a
 * time is enough.
 */
export function tokensOf(served: readonly Served[]): readonly TokenSubject[] {
  const asking = served.flatMap(({ view, route }) =>
    route?.auth.type === "COGNITO_USER_POOLS" ? [{ view, auth: route.auth }] : [],
  );
  const scopes = new Set(asking.flatMap(({ auth }) => auth.scopes));
  const issuers = new Set(asking.flatMap(({ view, auth }) => issuersOf(view, auth.authorizer)));
  const audiences = asking.flatMap(({ view, auth }) => audiencesOf(view, auth.authorizer));
  return [...issuers].flatMap((issuer) => {
    const of = issuers.size > 1 ? ` of ${issuer.slice(issuer.lastIndexOf("/") + 1)}` : "";
    const claims = (more: Readonly<Record<string, unknown>>) => ({
      iss: issuer,
      sub: "11111111-2222-4333-8444-555555555555",
      exp: ANALYSIS_TIME / 1000 + 3600,
      ...more,
    });
    const access = (scope: string | undefined): TokenSubject => ({
      kind: "token",
      issuer,
      use: "access",
      ...(scope === undefined ? {} : { scope }),
      words: `Cognito token${of} with ${scope === undefined ? "none of these scopes" : `scope ${scope}`}`,
      claims: claims({ token_use: "access", client_id: "client", scope: scope ?? "aws.cognito.signin.user.admin" }),
    });
    const id = (audience: string, words: string): TokenSubject => ({
      kind: "token",
      issuer,
      use: "id",
      audience,
      words: `Cognito ID token${of}${words}`,
      claims: claims({ token_use: "id", aud: audience }),
    });
    const ids =
      audiences.length === 0
        ? [id("client", "")]
        : [...new Set(audiences)].map((audience) => id(audience, ` for client ${audience}`));
    return [...[...scopes].map(access), access(undefined), ...ids];
  });
}

function issuersOf(view: View, authorizer: CognitoAuthorizer): readonly string[] {
  const stage = view.prepared?.stages.get(view.stage);
  const prepared = view.prepared?.cognito.get(authorizer.address);
  return stage === undefined || prepared === undefined ? [] : prepared.issuers(stage);
}

/** Known app clients, one that matches and one that does not, where an expression is held against the audience. */
function audiencesOf(view: View, authorizer: CognitoAuthorizer): readonly string[] {
  const regex = view.prepared?.cognito.get(authorizer.address)?.regex;
  if (regex === undefined) return [];
  const pools = view.side.model.userPools.filter(({ arn }) => authorizer.providerArns.includes(arn));
  const clients = pools.flatMap((pool) => pool.clients.map(({ clientId }) => clientId));
  const sample = headerValueFor(regex);
  return [...clients, ...(sample === undefined ? [] : [sample]), "another-client"];
}

/** An identity that a Lambda authorizer cannot be given, so that what it says is never asked for. */
export interface UnreadableIdentity {
  readonly authorizer: string;
  readonly reason: string;
}

/**
 * What Lambda authorizers can say of a caller: allow everything, deny, or name other resources only; each for every
 * set of identity sources that one configuration asks for and another does not.
 */
export function authorizerOutcomes(served: readonly Served[]): readonly (AuthorizerSubject | UnreadableIdentity)[] {
  const asking = served.flatMap(({ view, route }) => {
    const prepared = route?.auth.type === "CUSTOM" && view.prepared?.lambda.get(route.auth.authorizer.address);
    return prepared ? [prepared] : [];
  });
  return sameAuthorizers(asking).flatMap((mine): (AuthorizerSubject | UnreadableIdentity)[] => {
    const names = [...new Set(mine.map(({ authorizer }) => authorizer.name))];
    const name = names.at(-1) ?? "";
    const sent = new Map<string, { readonly headers: [string, string[]][]; readonly query: [string, string[]][] }>();
    const wanted: string[][] = [];
    for (const { sources, regex } of mine) {
      const own: string[] = [];
      for (const source of sources) {
        const value = headerValueFor(regex);
        if (value === undefined) {
          return [{ authorizer: name, reason: `no value was found that matches ${String(regex?.source)}` }];
        }
        const part = sourceInRequest(source, value);
        if (part === undefined) continue;
        own.push(source.expression);
        if (!sent.has(source.expression) || regex !== undefined) sent.set(source.expression, part);
      }
      wanted.push(own);
    }
    const all = [...sent.keys()];
    const subsets = new Map([...wanted, all].map((own) => [[...own].sort().join(), own]));
    return [...subsets.values()].flatMap((present) =>
      (["allow", "deny", "nothing"] as const).map((says): AuthorizerSubject => {
        const parts = present.flatMap((expression) => sent.get(expression) ?? []);
        return {
          kind: "authorizer",
          name,
          names,
          says,
          result: { principalId: "caller", policyDocument: RETURNED[says] },
          headers: Object.fromEntries(parts.flatMap(({ headers }) => headers)),
          query: Object.fromEntries(parts.flatMap(({ query }) => query)),
          without: all.filter((expression) => !present.includes(expression)),
        };
      }),
    );
  });
}

/** An authorizer is the same where it has the same name, or calls the same function. */
function sameAuthorizers(
  asking: readonly PreparedLambdaAuthorizer[],
): readonly (readonly PreparedLambdaAuthorizer[])[] {
  const groups: PreparedLambdaAuthorizer[][] = [];
  for (const one of asking) {
    const same = groups.find((group) =>
      group.some(
        ({ authorizer }) =>
          authorizer.name === one.authorizer.name || authorizer.functionArn === one.authorizer.functionArn,
      ),
    );
    if (same === undefined) groups.push([one]);
    else same.push(one);
  }
  return groups;
}

const RETURNED = {
  allow: OWN_ALLOW,
  deny: { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "execute-api:Invoke", Resource: "*" }] },
  /** A policy that does not speak of this method, as one cached for another. */
  nothing: { Version: "2012-10-17", Statement: [] },
} as const;
