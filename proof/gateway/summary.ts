import type { RouteAuth } from "../model/types";
import type { Prepared } from "./backend";

export interface RouteSummary {
  readonly method: string;
  readonly path: string;
  readonly auth: RouteAuth["type"];
}

/** One stage of one API, as `serve --json` names it. */
export interface ApiSummary {
  readonly name: string;
  readonly id: string;
  readonly stage: string;
  /** With the stage, without a slash at the end. */
  readonly url: string;
  readonly routes: readonly RouteSummary[];
}

/** @param origin `http://127.0.0.1:9300` */
export function summarize({ served, hosts }: Prepared, origin: string): readonly ApiSummary[] {
  const { port } = new URL(origin);
  return served.flatMap((each) => {
    const base = served.length === 1 ? origin : `http://${hosts.labelOf(each)}.localhost:${port}`;
    const routes = each.api.routes
      .map(({ method, path, auth }) => ({ method, path, auth: auth.type }))
      .sort((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method));
    return [...each.stages.keys()].map((stage) => ({
      name: each.api.name,
      id: each.api.id,
      stage,
      url: `${base}/${stage}`,
      routes,
    }));
  });
}
