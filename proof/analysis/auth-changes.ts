import type { Authorizer, LambdaAuthorizer, Model, Route, RouteAuth, Source } from "../model/types";
import { codeText, differentVariables, functionOf } from "./authorizer-code";
import { refusedAt } from "./view";
import type { View } from "./view";

/** One field that differs between two routes in how callers authenticate. */
export interface AuthChange {
  /** The field in the base; in the head where the base has no route. */
  readonly base: Source;
  readonly head: Source;
  readonly reason: string;
  /** Whether it can admit or refuse a caller, and not only change on whose word, or for how long, one is admitted. */
  readonly turns: boolean;
}

const texts = new WeakMap<Model, WeakMap<LambdaAuthorizer, string>>();

/** Equal for routes on which the same callers are trusted in the same way, on the same word and for as long. */
export function authText(route: Route | undefined, { side: { model }, prepared }: View): string {
  if (route === undefined) return "none";
  const { auth, apiKeyRequired } = route;
  const key = apiKeyRequired ? `key from ${prepared?.api.apiKeySource}` : "";
  if (auth.type === "COGNITO_USER_POOLS") return `${auth.type} ${auth.authorizer.identitySource.trim()} ${key}`;
  return auth.type === "CUSTOM" ? `${lambdaText(auth.authorizer, model)} ${key}` : `${auth.type} ${key}`;
}

function lambdaText(authorizer: LambdaAuthorizer, model: Model): string {
  let known = texts.get(model);
  if (known === undefined) texts.set(model, (known = new WeakMap()));
  let text = known.get(authorizer);
  if (text === undefined) {
    const { type, functionArn, resultTtlSeconds: ttl, identitySources } = authorizer;
    const called = functionOf(model, authorizer);
    const code = called === undefined ? [] : [codeText(called), Object.entries(called.environment).sort()];
    text = JSON.stringify([type, functionArn, ttl, ttl > 0 ? [...identitySources].sort() : [], code]);
    known.set(authorizer, text);
  }
  return text;
}

/** The fields that differ, the most general first; none where callers authenticate alike. */
export function authChanges(
  [from, to]: readonly (Route | undefined)[],
  [base, head]: readonly View[],
): readonly AuthChange[] {
  const here = to ?? from;
  if (here === undefined || base === undefined || head === undefined) return [];
  if (from === undefined || to === undefined || from.path !== to.path || from.method !== to.method) {
    return [{ base: (from ?? here).source, head: here.source, reason: servedBy(from, to), turns: true }];
  }
  const [before, after] = [from.auth, to.auth];
  if (before.type !== after.type) {
    return [change("authorization", from, to, `authorization was ${before.type} and is ${after.type}.`)];
  }
  return [
    ...("authorizer" in before && "authorizer" in after
      ? authorizerChanges(before, after, [base, head], from, to)
      : []),
    ...keyChanges(from, to, base, head),
  ];
}

type Held = { readonly source: Source };

function change(field: string, was: Held, is: Held, reason: string, turns = true): AuthChange {
  const at = ({ source: { file, address } }: Held): Source => ({ file, address: `${address}.${field}` });
  return { base: at(was), head: at(is), reason, turns };
}

type Authorized = Extract<RouteAuth, { authorizer: Authorizer }>;

function authorizerChanges(
  before: Authorized,
  after: Authorized,
  views: readonly [View, View],
  from: Route,
  to: Route,
): readonly AuthChange[] {
  if (before.type === "CUSTOM" && after.type === "CUSTOM") {
    return lambdaChanges(before.authorizer, after.authorizer, views);
  }
  if (before.type !== "COGNITO_USER_POOLS" || after.type !== "COGNITO_USER_POOLS") return [];
  const [was, is] = [before.authorizer, after.authorizer];
  const found: AuthChange[] = [];
  if (!sameList(before.scopes, after.scopes)) {
    const words = `authorization_scopes were ${listed(before.scopes)} and are ${listed(after.scopes)}.`;
    found.push(change("authorization_scopes", from, to, words));
  }
  if (!sameList(was.providerArns, is.providerArns)) {
    const words = `provider_arns were ${listed(was.providerArns)} and are ${listed(is.providerArns)}.`;
    found.push(change("provider_arns", was, is, words));
  }
  if (was.identitySource.trim() !== is.identitySource.trim()) {
    const words = `The token was read from ${was.identitySource} and is read from ${is.identitySource}.`;
    found.push(change("identity_source", was, is, words, false));
  }
  return [...found, ...expressionChange(was, is)];
}

function lambdaChanges(
  was: LambdaAuthorizer,
  is: LambdaAuthorizer,
  views: readonly [View, View],
): readonly AuthChange[] {
  const found: AuthChange[] = [];
  const [base, head] = views.map(({ side }) => side.model) as [Model, Model];
  const add = (field: string, reason: string, turns = true) => found.push(change(field, was, is, reason, turns));
  if (was.functionArn !== is.functionArn) {
    add("authorizer_uri", `The authorizer was ${was.functionArn} and is ${is.functionArn}.`);
  }
  if (was.type !== is.type) add("type", `The authorizer was of type ${was.type} and is of type ${is.type}.`);
  if (!sameList(was.identitySources, is.identitySources)) {
    const words = `identity_source was ${listed(was.identitySources)} and is ${listed(is.identitySources)}`;
    const cached = is.resultTtlSeconds > 0 ? ", by which answers are kept and given again" : "";
    add("identity_source", `${words}${cached}.`);
  }
  if (was.resultTtlSeconds !== is.resultTtlSeconds) {
    const words = `An answer of ${is.name} was kept for ${was.resultTtlSeconds} s and is kept for ${is.resultTtlSeconds} s: for so long a caller stays admitted.`;
    add("authorizer_result_ttl_in_seconds", words, false);
  }
  return [
    ...found,
    ...permissionChange(was, is, views),
    ...expressionChange(was, is),
    ...codeChanges(was, is, base, head),
  ];
}

/** An authorizer that API Gateway may not invoke refuses everybody. */
function permissionChange(
  was: LambdaAuthorizer,
  is: LambdaAuthorizer,
  [from, to]: readonly [View, View],
): AuthChange[] {
  const [before, after] = [refusedAt(from, was), refusedAt(to, is)];
  if ((before === undefined) === (after === undefined)) return [];
  const words =
    before === undefined
      ? `API Gateway may no longer invoke ${is.name}: ${after}`
      : `API Gateway may now invoke ${is.name}, and could not: ${before}`;
  return [{ base: invokedBy(was, from), head: invokedBy(is, to), reason: words, turns: true }];
}

/** What lets API Gateway invoke an authorizer: its role, else the permission of the function. */
function invokedBy(authorizer: LambdaAuthorizer, { side: { model } }: View): Source {
  const called = functionOf(model, authorizer);
  const role = model.roles.find(({ arn }) => arn === authorizer.credentialsArn);
  const given = called?.permissions.find(({ principal }) => principal === "apigateway.amazonaws.com");
  return role?.trustPolicy.source ?? given?.source ?? called?.source ?? authorizer.source;
}

function codeChanges(was: LambdaAuthorizer, is: LambdaAuthorizer, base: Model, head: Model): readonly AuthChange[] {
  const [before, after] = [functionOf(base, was), functionOf(head, is)];
  if (before === undefined || after === undefined || was.functionArn !== is.functionArn) return [];
  const found: AuthChange[] = [];
  if (codeText(before) !== codeText(after)) {
    const words = `The code of ${is.name} (${after.name}) changed, which says whom it allows.`;
    found.push(change("filename", before, after, words, false));
  }
  const names = differentVariables(before, after);
  if (names.length > 0) {
    const words = `The environment of ${is.name} (${after.name}), by which it says whom it allows, changed: ${names.join(", ")}.`;
    found.push(change("environment", before, after, words, false));
  }
  return found;
}

/** Not a kind of authentication, but a caller without a key is refused where one is required. */
function keyChanges(from: Route, to: Route, base: View, head: View): readonly AuthChange[] {
  if (from.apiKeyRequired !== to.apiKeyRequired) {
    const words = to.apiKeyRequired
      ? "An API key was not required and is."
      : "An API key was required and no longer is.";
    return [change("api_key_required", from, to, words, false)];
  }
  const [was, is] = [base.prepared?.api, head.prepared?.api];
  if (!to.apiKeyRequired || was === undefined || is === undefined || was.apiKeySource === is.apiKeySource) return [];
  const words = `The API key was taken from ${was.apiKeySource} and is taken from ${is.apiKeySource}.`;
  return [change("api_key_source", was, is, words, false)];
}

function expressionChange(was: Authorizer, is: Authorizer): readonly AuthChange[] {
  const [before, after] = [was, is].map(({ identityValidationExpression: text = "none" }) => text);
  if (before === after) return [];
  const words = `identity_validation_expression was ${before} and is ${after}.`;
  return [change("identity_validation_expression", was, is, words)];
}

function servedBy(from: Route | undefined, to: Route | undefined): string {
  const named = (route: Route | undefined): string =>
    route === undefined ? "no route" : `${route.method} ${route.path} (${authWords(route.auth)})`;
  return `It was served by ${named(from)} and is served by ${named(to)}.`;
}

function authWords(auth: RouteAuth): string {
  return "authorizer" in auth ? `${auth.type} ${auth.authorizer.name}` : auth.type;
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.join(", ");
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return [...new Set(one)].sort().join("\n") === [...new Set(other)].sort().join("\n");
}
