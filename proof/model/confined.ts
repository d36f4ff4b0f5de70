import { NO_INTEGRATION } from "./links";
import type { Model, PolicyDocument, Problem, Route, Source } from "./types";

/**
 * Which errors of a model are confined to what they are about, because the model marks it and nothing is allowed on its
 * strength: a route whose callers are not known is refused whoever calls, a policy that is not known refuses what it may
 * deny, and an integration that is not supported is answered with 500. With these the rest can be served; with any other
 * error an answer may be wrong anywhere.
 */
export function confinedProblems(model: Model): (problem: Problem) => boolean {
  const routes = model.apis.flatMap((api) => api.routes);
  // Of two methods of one route the other may be the one that answers.
  const twice = new Set(model.apis.flatMap((api) => repeated(api.routes.map(keyOf))));
  const refused = routes.flatMap((route) =>
    route.refused === undefined || twice.has(keyOf(route)) ? [] : [route.source],
  );
  const reasons = new Set(
    routes.flatMap((route) => [route.refused, route.integrationRefused]).filter((reason) => reason !== undefined),
  );
  // One value that is not known is reported where it stands, and once more for what it stops.
  const places = new Set([
    ...policiesOf(model).flatMap((policy) => (policy.unresolved === undefined ? [] : [place(policy.source)])),
    ...model.problems.filter(({ message }) => reasons.has(message)).map(({ source }) => place(source)),
  ]);
  const without = new Set(
    routes.filter(({ integration }) => integration === undefined).map(({ source }) => place(source)),
  );
  return ({ message, source }) =>
    places.has(place(source)) ||
    refused.some((route) => isWithin(source, route)) ||
    (message.endsWith(NO_INTEGRATION) && without.has(place(source)));
}

function keyOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

function repeated(keys: readonly string[]): readonly string[] {
  return keys.filter((key, at) => keys.indexOf(key) !== at);
}

function policiesOf({ apis, vpcEndpoints, roles, users, secrets }: Model): readonly PolicyDocument[] {
  return [
    ...apis.map(({ policy }) => policy),
    ...vpcEndpoints.map(({ policy }) => policy),
    ...secrets.map(({ policy }) => policy),
    ...[...roles, ...users].flatMap(({ identityPolicies, permissionsBoundary }) => [
      ...identityPolicies,
      permissionsBoundary,
    ]),
    ...roles.map(({ trustPolicy }) => trustPolicy),
  ].filter((policy) => policy !== undefined);
}

/** Whether a place is the other or one of its attributes. */
function isWithin(inner: Source, outer: Source): boolean {
  if (inner.file !== outer.file || !inner.address.startsWith(outer.address)) return false;
  return ["", ".", "["].includes(inner.address.charAt(outer.address.length));
}

function place({ file, address }: Source): string {
  return `${file} ${address}`;
}
