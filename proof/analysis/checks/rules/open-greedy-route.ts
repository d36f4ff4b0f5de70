import type { Integration, Route } from "../../../model/types";
import type { RequestFile } from "../../../decision/request-file";
import { VERBS } from "../../verbs";
import type { CheckContext, CheckedStage } from "../context";
import type { RuleFinding } from "../finding";
import type { Rule } from "../rule";
import { routeName } from "../statements";

/**
 * A greedy route serves what no other route does: other verbs of a guarded path, and longer paths. Where it is public and
 * the same back end stands behind both, the guard can be walked around.
 */
export const openGreedyRoute: Rule = {
  name: "open-greedy-route",
  severity: "warning",
  find: (context) => context.stages.flatMap((stage) => findAt(context, stage)),
};

function findAt(context: CheckContext, stage: CheckedStage): RuleFinding[] {
  const open = stage.api.routes.filter(({ auth, path }) => auth.type === "NONE" && path.endsWith("+}"));
  if (open.length === 0) return [];
  const paths = new Map<Route, string>();
  for (const { route, requests } of stage.classes()) {
    const [first] = requests;
    if (route !== undefined && first !== undefined && !paths.has(route)) paths.set(route, first.cell.path);
  }
  return stage.api.routes.flatMap((guarded) => {
    if (guarded.auth.type === "NONE") return [];
    const path = paths.get(guarded);
    if (path === undefined) return [];
    const around = [...besides(stage, guarded, path)].flatMap(({ request, closedBy }) => {
      const { outcome, route } = context.decide(request);
      return outcome === "allow" && route !== undefined && open.includes(route) ? [{ request, route, closedBy }] : [];
    });
    const [first] = around;
    if (first === undefined) return [];
    const { request, route } = first;
    const shared =
      backEnd(route.integration) !== undefined && backEnd(route.integration) === backEnd(guarded.integration);
    const closing = [...new Set(around.map(({ closedBy }) => closedBy))].filter((template) => template !== route.path);
    const methods = closing.length === 0 ? "" : `, or add guarded ANY methods at ${closing.join(" and ")}`;
    return {
      ...(shared ? { severity: "error" as const } : {}),
      message:
        `${routeName(guarded)} is guarded, and ${request.method} ${request.path} is served by the public ` +
        `${routeName(route)}${shared ? ", which calls the same back end" : ""}. The witness is anybody, and is let in.`,
      where: route.source,
      witness: context.witness(request, "allow"),
      fix: `Guard ${routeName(route)} alike, narrow it to the paths that are meant to be public${methods}.`,
    };
  });
}

interface Beside {
  readonly request: RequestFile;
  /** The path at which a guarded `ANY` would take it. */
  readonly closedBy: string;
}

/** Requests next to a guarded one: the same path with other verbs, and a path below it. */
function* besides(
  { label, stage, api }: CheckedStage,
  { path: template, method }: Route,
  path: string,
): Iterable<Beside> {
  const ask = (verb: string, asked: string, closedBy: string): Beside => ({
    request: { api: label, stage, method: verb, path: asked, sourceIp: "203.0.113.7", caller: null },
    closedBy,
  });
  const taken = api.routes.filter((one) => one.path === template).map((one) => one.method);
  const below = path === "/" ? "/x" : `${path}/x`;
  if (!template.endsWith("+}"))
    yield ask(method === "ANY" ? "GET" : method, below, `${template === "/" ? "" : template}/{proxy+}`);
  for (const verb of VERBS) if (!taken.includes(verb) && !taken.includes("ANY")) yield ask(verb, path, template);
}

function backEnd(integration: Integration | undefined): string | undefined {
  if (integration?.type === "AWS_PROXY") return integration.functionArn;
  if (integration?.type !== "HTTP_PROXY") return undefined;
  return /^https?:\/\/[^/]+/.exec(integration.uri)?.[0];
}
