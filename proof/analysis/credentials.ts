import type { PreparedLambdaAuthorizer } from "../decision/authorizers";
import type { Matcher } from "../decision/java-regex";
import type { Authorizer, CognitoAuthorizer, Route } from "../model/types";
import { OWN_ALLOW } from "./callers";
import type { IdentityValue, WrittenExpression } from "./identity-values";
import { identityValues, sourceInRequest } from "./identity-values";
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
export function tokensOf(served: readonly Served[]): readonly (TokenSubject | Untold)[] {
  const asking = served.flatMap(({ view, route }) =>
    route?.auth.type === "COGNITO_USER_POOLS" ? [{ view, auth: route.auth }] : [],
  );
  const scopes = new Set(asking.flatMap(({ auth }) => auth.scopes));
  const issuers = new Set(asking.flatMap(({ view, auth }) => issuersOf(view, auth.authorizer)));
  const audiences = audiencesOf(asking.map(({ view, auth }) => ({ view, authorizer: auth.authorizer })));
  if (audiences === undefined) return [{ who: "Cognito ID token", reason: `${UNTOLD} the audience of an ID token` }];
  // A method without scopes asks for an ID token; no scope is told from another there.
  const without = scopes.size === 0 ? "" : " with none of the scopes";
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
      words: scope === undefined ? `Cognito access token${of}${without}` : `Cognito token${of} with scope ${scope}`,
      claims: claims({ token_use: "access", client_id: "client", scope: scope ?? noneOf(scopes) }),
    });
    const id = (audience: string, words: string): TokenSubject => ({
      kind: "token",
      issuer,
      use: "id",
      audience,
      words: `Cognito ID token${of}${words}`,
      claims: claims({ token_use: "id", aud: audience }),
    });
    const ids = audiences.map(({ value, words }) => id(value, words));
    return [...[...scopes].map(access), access(undefined), ...ids];
  });
}

/** The scope that every user pool knows; where a method asks for that very one, another. */
function noneOf(scopes: ReadonlySet<string>): string {
  let other = "aws.cognito.signin.user.admin";
  while (scopes.has(other)) other += "x";
  return other;
}

function issuersOf(view: View, authorizer: CognitoAuthorizer): readonly string[] {
  const stage = view.prepared?.stages.get(view.stage);
  const prepared = view.prepared?.cognito.get(authorizer.address);
  return stage === undefined || prepared === undefined ? [] : prepared.issuers(stage);
}

interface Audience {
  readonly value: string;
  readonly words: string;
}

/** Known app clients, and every class of others, where an expression is held against the audience. */
function audiencesOf(
  asking: readonly { readonly view: View; readonly authorizer: CognitoAuthorizer }[],
): readonly Audience[] | undefined {
  const expressions = asking.flatMap(({ view, authorizer }) =>
    expressionOf(authorizer, view.prepared?.cognito.get(authorizer.address)?.regex),
  );
  if (expressions.length === 0) return [{ value: "client", words: "" }];
  const clients = asking.flatMap(({ view, authorizer: { providerArns } }) =>
    view.side.model.userPools
      .filter(({ arn }) => providerArns.includes(arn))
      .flatMap((pool) => pool.clients.map(({ clientId }) => clientId)),
  );
  const named = [...new Set(clients)];
  const others = identityValues(expressions, named);
  return (
    others && [
      ...named.map((value): Audience => ({ value, words: ` for client ${value}` })),
      ...others.map((other): Audience => ({ value: other.value, words: audienceWords(other) })),
    ]
  );
}

function audienceWords({ like, unlike }: IdentityValue): string {
  if (like.length === 0) return " for any other client";
  return ` for a client like ${like.join(" and ")}${unlike.length === 0 ? "" : ` that is not like ${unlike.join(" or ")}`}`;
}

function expressionOf(
  { identityValidationExpression: text }: Authorizer,
  matcher: Matcher | undefined,
): readonly WrittenExpression[] {
  return text === undefined || matcher === undefined ? [] : [{ text, matcher }];
}

/** Somebody who cannot be enumerated. */
export interface Untold {
  readonly who: string;
  readonly reason: string;
}

const UNTOLD = "It cannot be told which values only one of the validation expressions matches, or any, for";

/**
 * What Lambda authorizers can say of a caller: allow everything, deny, or name other resources only; each for every
 * set of identity sources that one configuration asks for and another does not, and for every class of values that
 * their validation expressions tell apart.
 */
export function authorizerOutcomes(served: readonly Served[]): readonly (AuthorizerSubject | Untold)[] {
  const asking = served.flatMap(({ view, route }) => {
    const prepared = route?.auth.type === "CUSTOM" && view.prepared?.lambda.get(route.auth.authorizer.address);
    return prepared ? [prepared] : [];
  });
  return sameAuthorizers(asking).flatMap((mine): readonly (AuthorizerSubject | Untold)[] => {
    const names = [...new Set(mine.map(({ authorizer }) => authorizer.name))];
    const name = names.at(-1) ?? "";
    const sent = sentTo(mine);
    if (sent === undefined) return [{ who: `authorizer ${name} allows`, reason: `${UNTOLD} ${name}` }];
    const all = [...sent.keys()];
    const wanted = mine.map(({ sources }) =>
      sources.map(({ expression }) => expression).filter((one) => sent.has(one)),
    );
    const subsets = new Map([...wanted, all].map((own) => [[...own].sort().join(), own]));
    return [...subsets.values()].flatMap((present) =>
      combinations(present.map((expression) => sent.get(expression) ?? [])).flatMap((parts) =>
        (["allow", "deny", "nothing"] as const).map((says): AuthorizerSubject => {
          const words = parts.map((part) => part.words).filter((text) => text !== "");
          return {
            kind: "authorizer",
            name,
            names,
            says,
            result: { principalId: "caller", policyDocument: RETURNED[says] },
            headers: Object.fromEntries(parts.flatMap(({ headers }) => headers)),
            query: Object.fromEntries(parts.flatMap(({ query }) => query)),
            without: all.filter((expression) => !present.includes(expression)),
            ...(words.length === 0 ? {} : { sending: words.join(" and ") }),
          };
        }),
      ),
    );
  });
}

type Sent = NonNullable<ReturnType<typeof sourceInRequest>> & { readonly words: string };

/** What callers can send for each identity source that a request need not have. */
function sentTo(mine: readonly PreparedLambdaAuthorizer[]): ReadonlyMap<string, readonly Sent[]> | undefined {
  const sent = new Map<string, readonly Sent[]>();
  for (const source of mine.flatMap(({ sources }) => sources)) {
    if (sent.has(source.expression)) continue;
    const asking = mine.filter(({ sources }) => sources.some(({ expression }) => expression === source.expression));
    const expressions = asking.flatMap(({ authorizer, regex }) => expressionOf(authorizer, regex));
    // Whom no expression matches is nobody to the authorizer, if each asks for one.
    const open = asking.length > expressions.length;
    const values = identityValues(expressions)?.filter(({ like }) => open || like.length > 0);
    if (values === undefined || values.length === 0) return undefined;
    const parts = values.flatMap((value): readonly Sent[] => {
      const part = sourceInRequest(source, value.value);
      return part === undefined ? [] : [{ ...part, words: valueWords(value) }];
    });
    if (parts.length > 0) sent.set(source.expression, parts);
  }
  return sent;
}

function valueWords({ like, unlike }: IdentityValue): string {
  if (unlike.length === 0) return "";
  return `a value${like.length === 0 ? "" : ` like ${like.join(" and ")}`} that is not like ${unlike.join(" or ")}`;
}

/** One of each list. */
function combinations<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>(
    (all, list) => all.flatMap((before) => list.map((one) => [...before, one])),
    [[]],
  );
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
