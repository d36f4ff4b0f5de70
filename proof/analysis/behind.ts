/** What stands behind authorization: a witness takes it as passed, and a curl line leaves room for it. */
import type { PassedStep } from "../decision/request-file";
import { validated } from "../gateway/request-validation";
import { shutRoutes } from "../gateway/usage";
import type { Api, Route } from "../model/types";

/** The route of a request as one configuration has it. */
export interface AskedRoute {
  readonly route: Route | undefined;
  readonly api?: Api | undefined;
  readonly stage?: string;
}

/** The steps that a request has to pass behind authorization, on any side. */
export function passesOf(asked: readonly AskedRoute[]): readonly PassedStep[] {
  const needsKey = asked.some(
    ({ route, api, stage = "" }) => route?.apiKeyRequired === true || isShut(route, api, stage),
  );
  const isValidated = asked.some(({ route }) => {
    const { parameters, contentTypes } = validated(route);
    return parameters.length + contentTypes.length > 0;
  });
  return [...(needsKey ? (["api-key"] as const) : []), ...(isValidated ? (["validator"] as const) : [])];
}

const SHUT = new WeakMap<Api, ReadonlySet<string>>();

/** Whether a throttle of the stage admits nothing. */
function isShut(route: Route | undefined, api: Api | undefined, stage: string): boolean {
  if (route === undefined || api === undefined) return false;
  let shut = SHUT.get(api);
  if (shut === undefined) SHUT.set(api, (shut = shutRoutes(api)));
  return shut.has(`${stage} ${route.method} ${route.path}`);
}

/** What a request has to hold to pass, by name; the values are its sender's. */
export interface Demands {
  /** In the header `x-api-key`. */
  readonly apiKey: boolean;
  readonly headers: readonly string[];
  readonly query: readonly string[];
  /** Of the body; undefined where none is validated. */
  readonly contentType?: string;
}

export function demandsOf(asked: readonly AskedRoute[]): Demands {
  const all = asked.map(({ route }) => validated(route));
  const parameters = all.flatMap((one) => one.parameters);
  const named = (wanted: string): string[] => [
    ...new Set(parameters.flatMap(({ kind, name }) => (kind === wanted ? [name] : []))),
  ];
  const [contentType] = all.flatMap(({ contentTypes }) => contentTypes);
  return {
    apiKey: asked.some(({ route, api }) => route?.apiKeyRequired === true && api?.apiKeySource === "HEADER"),
    headers: named("header"),
    query: named("querystring"),
    ...(contentType === undefined
      ? {}
      : { contentType: contentType === "$default" ? "application/json" : contentType }),
  };
}
