import { executionArn } from "../decision/arn";
import { readPath } from "../decision/path";
import type { Route } from "../model/types";
import type { Ground, OwnRule } from "./ground";
import type { PathCell } from "./paths";
import type { Rule } from "./rules";
import type { View } from "./view";

/** What of one configuration speaks of one path. */
export interface Scene {
  readonly ground: Ground;
  readonly view: View;
  readonly route: Route | undefined;
  readonly resource: string;
  /** Statements of shared policies that cover the path. */
  readonly rules: readonly Rule[];
  /** Statements of known callers' policies that cover it, where somebody signs. */
  readonly own: readonly OwnRule[];
  /** Equal for paths at which every request is answered alike. */
  readonly key: string;
}

/** Characters of a method ARN that is surely short enough to be decided on by its policies. */
export const SHORT = 800;

export function scenesAt(grounds: readonly Ground[], { verb, path }: PathCell): readonly Scene[] {
  const served = grounds.map(({ view }) =>
    isServed(view) ? view.prepared?.routes.match(verb, readPath(`/${view.stage}${path}`))?.route : undefined,
  );
  const signed = served.some(isSigned);
  return grounds.map((ground, index): Scene => {
    const { view } = ground;
    const route = served[index];
    const nothing = { ground, view, route, rules: [], own: [] };
    const api = view.prepared?.api;
    if (api === undefined || !isServed(view)) return { ...nothing, resource: "", key: "absent" };
    const resource = `${executionArn(api)}/${view.stage}/${verb}${path}`;
    // Nobody is asked about, so nothing that covers the path counts.
    if (route === undefined && !signed) return { ...nothing, resource, key: "none" };
    const rules = ground.sharedAt(resource);
    const own = signed ? ground.ownAt(resource) : [];
    const asIs = resource.length >= SHORT || rules.some(({ variableResource }) => variableResource);
    const ids = [...rules, ...own.map(({ rule }) => rule)].map(({ id }) => id);
    return {
      ground,
      view,
      route,
      resource,
      rules,
      own,
      key: [authText(route), asIs ? resource : "", ...ids].join(" "),
    };
  });
}

/** Whether the configuration has the API and the stage. */
export function isServed({ prepared, stage }: View): boolean {
  return prepared?.stages.has(stage) === true;
}

export function isSigned(route: Route | undefined): boolean {
  return route?.auth.type === "AWS_IAM";
}

/** A path without a route is treated as one protected by IAM: who is authorized there learns that it does not exist. */
export function asksForSignature(route: Route | undefined): boolean {
  return route === undefined || isSigned(route);
}

function authText(route: Route | undefined): string {
  if (route === undefined) return "unmatched";
  const { auth, refused = "" } = route;
  if (!("authorizer" in auth)) return `${auth.type} ${refused}`;
  return `${auth.type} ${auth.authorizer.address} ${"scopes" in auth ? auth.scopes.join() : ""} ${refused}`;
}
