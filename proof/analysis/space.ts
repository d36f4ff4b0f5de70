import { readPath } from "../decision/path";
import type { CompiledPolicy, Pattern, PatternToken } from "../iam";
import type { ContextKeys } from "../iam/types";
import type { Api } from "../model/types";
import { StateBudgetExceeded } from "./budget";
import type { Budget } from "./budget";
import { callersOf } from "./callers";
import type { CellClasses } from "./cell-classes";
import { classesFor } from "./cell-classes";
import { groundOf, sharedPolicies, signedKeys } from "./ground";
import type { PathCell, PathTests, ViewPattern } from "./paths";
import { isOfTemplate, pathCells, patternCutters } from "./paths";
import { rulesOf } from "./rules";
import type { Scene } from "./scene";
import { scenesAt } from "./scene";
import type { CallerSubject } from "./subject";
import { verbClasses } from "./verbs";
import type { View } from "./view";
import { callerIn } from "./view";

/** All requests that one route's template and verb stand for, cut into classes. */
export interface TemplateClasses {
  /** The verb that stands for all of `verbs`. */
  readonly verb: string;
  /** Verbs that nothing tells apart; several only for methods `ANY`. */
  readonly verbs: readonly string[];
  /** Path template. */
  readonly template: string;
  readonly cells: readonly CellClasses[];
  /** Why nothing could be enumerated. */
  readonly undecided?: string;
}

/**
 * The whole space of requests to one API and stage, for one configuration or several side by side: each path belongs to
 * the route that the last configuration with a route for it serves it with.
 *
 * @param also templates that paths are told apart by as well, whether a route has them or not
 */
export function* spaceOf(
  views: readonly View[],
  budget: Budget,
  also: readonly string[] = [],
): Iterable<TemplateClasses> {
  const apis = views.flatMap(({ prepared }) => (prepared === undefined ? [] : [prepared.api]));
  if (apis.length === 0) return;
  const signed = apis.some(({ routes }) => routes.some(({ auth }) => auth.type === "AWS_IAM"));
  const own = signed ? views.map(knownPolicies) : [];
  let callers: readonly CallerSubject[] = [];
  let tooMany: string | undefined;
  if (signed) {
    try {
      callers = callersOf(
        { apis, models: views.map(({ side }) => side.model), policies: views.flatMap(sharedPolicies), own: own.flat() },
        budget,
      );
    } catch (error) {
      if (!(error instanceof StateBudgetExceeded)) throw error;
      tooMany = error.message;
    }
  }
  const known = callers.filter(({ grants }) => grants === "known");
  const patterns = views.flatMap((view, index) =>
    [...sharedPolicies(view), ...(own[index] ?? [])].flatMap((policy) => patternsOf(view, policy, known)),
  );
  const grounds = views.map((view) => groundOf(view, callers));
  const classesOf = classesFor(grounds, callers, budget);
  const classes = verbClasses(apis, patterns);
  // Who names paths names verbs as well.
  const told =
    also.length === 0 ? classes : classes.flatMap((one) => one.verbs.map((verb) => ({ ...one, verbs: [verb] })));
  for (const { verbs, templates } of told) {
    const [verb = ""] = verbs;
    const nearby = neighbours(templates);
    const cutters = patternCutters(patterns, verb);
    for (const template of templates) {
      const routed = { verb, verbs, template };
      if (tooMany !== undefined && hasSigned(apis, verb, template)) {
        yield { ...routed, cells: [], undecided: tooMany };
        continue;
      }
      try {
        const tests: PathTests = { patterns: cutters, templates: [...nearby(template), ...also] };
        const cut = pathCells(verb, template, tests, budget.states).filter(
          ({ path }) => ownerOf(views, verb, path) === template,
        );
        const seen = cut.map((cell) => ({ cell, scenes: scenesAt(grounds, cell) }));
        const cells = coveredAlike(seen, also).map(({ cell, scenes }) => classesOf(cell, scenes));
        yield { ...routed, cells };
      } catch (error) {
        if (!(error instanceof StateBudgetExceeded)) throw error;
        yield { ...routed, cells: [], undecided: error.message };
      }
    }
  }
}

interface Seen {
  readonly cell: PathCell;
  readonly scenes: readonly Scene[];
}

/** Paths that reach the same routes and are covered by the same statements are told apart by nothing. */
function coveredAlike(seen: readonly Seen[], also: readonly string[]): readonly Seen[] {
  const groups = new Map<string, Seen[]>();
  for (const one of seen) {
    const within = also.map((template) => Number(isOfTemplate(template, one.cell.path))).join("");
    const key = [within, ...one.scenes.map(({ route, key: own }) => `${route?.method} ${route?.path} ${own}`)].join(
      "\n",
    );
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const words = groups.size === 1 ? "" : group.map(({ cell }) => cell.words).join("; ");
    return [{ ...first, cell: { ...first.cell, words } }];
  });
}

function hasSigned(apis: readonly Api[], verb: string, template: string): boolean {
  return apis.some(({ routes }) =>
    routes.some(
      ({ auth, method, path }) => auth.type === "AWS_IAM" && path === template && [verb, "ANY"].includes(method),
    ),
  );
}

/** The policies of the roles and users that the configuration holds. */
function knownPolicies({ side }: View): readonly CompiledPolicy[] {
  const { policies } = side.engine;
  return [...side.model.roles, ...side.model.users].flatMap(({ identityPolicies, permissionsBoundary: limit }) => [
    ...policies.all(
      identityPolicies.filter(({ unresolved }) => unresolved === undefined),
      "identity",
    ),
    ...(limit === undefined || limit.unresolved !== undefined ? [] : [policies.get(limit, "boundary")]),
  ]);
}

function patternsOf(view: View, policy: CompiledPolicy, known: readonly CallerSubject[]): readonly ViewPattern[] {
  return rulesOf(policy).flatMap(({ statement }) =>
    (statement.resource?.patterns ?? []).flatMap((pattern) =>
      pattern.glob !== undefined
        ? [{ view, pattern }]
        : known
            .flatMap((subject) => filled(pattern, signedKeys(view, callerIn(view, subject))) ?? [])
            .map((one) => ({ view, pattern: one })),
    ),
  );
}

/** A pattern with the values that a caller's keys give to its variables; undefined where one has none. */
function filled({ source, tokens }: Pattern, keys: ContextKeys): Pattern | undefined {
  const whole: PatternToken[] = [];
  let name = source;
  for (const token of tokens) {
    if (token.kind !== "variable") whole.push(token);
    else {
      const value = keys.get(token.key)?.[0] ?? token.fallback;
      if (value === undefined) return undefined;
      whole.push({ kind: "text", value });
      name = `${name}\n${value}`;
    }
  }
  return { source: name, tokens: whole };
}

/** The templates that may share a path with one: those that begin alike. */
function neighbours(templates: readonly string[]): (template: string) => readonly string[] {
  const byFirst = new Map<string, string[]>();
  const first = (template: string): string => template.split("/")[1] ?? "";
  for (const template of templates) {
    const key = first(template).startsWith("{") ? "{}" : first(template);
    const list = byFirst.get(key);
    if (list === undefined) byFirst.set(key, [template]);
    else list.push(template);
  }
  return (template) =>
    first(template).startsWith("{")
      ? templates
      : [...(byFirst.get(first(template)) ?? []), ...(byFirst.get("{}") ?? [])];
}

/** The template of the route that serves the path: in the last configuration that has one. */
function ownerOf(views: readonly View[], verb: string, path: string): string | undefined {
  const read = readPath(`/stage${path}`);
  for (let index = views.length - 1; index >= 0; index--) {
    const route = views[index]?.prepared?.routes.match(verb, read)?.route;
    if (route !== undefined) return route.path;
  }
  return undefined;
}
