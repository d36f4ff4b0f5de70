import type { RequestFile } from "../decision/request-file";
import type { Model, RouteAuth } from "../model/types";
import type { Budget } from "./budget";
import { DEFAULT_BUDGET } from "./budget";
import type { CellClasses, Shape } from "./cell-classes";
import type { Entry, EntryForms } from "./entries";
import { entriesOf } from "./entries";
import type { Point } from "./point";
import { reasonOf } from "./reason";
import { spaceOf } from "./space";
import type { Subject } from "./subject";
import type { Outcome } from "./verdict";
import { prepareSide, viewOf } from "./view";
import type { Side } from "./view";

/** Who reaches each route: the JSON form of `matrix --json`. */
export interface Matrix {
  readonly routes: readonly MatrixRoute[];
}

export interface MatrixRoute {
  readonly api: string;
  readonly stage: string;
  /** As configured. Where the verbs of `ANY` differ, each by its name, and `ANY` is all the others. */
  readonly method: string;
  /** Path template. */
  readonly path: string;
  /** Which paths of the template, where they are not all answered alike: patterns that match them. */
  readonly paths?: string;
  /** `UNKNOWN` where the configuration does not tell how callers authenticate, so that every request is refused. */
  readonly auth: RouteAuth["type"] | "UNKNOWN";
  readonly entries: readonly MatrixEntry[];
}

export interface MatrixEntry {
  readonly who: string;
  readonly network: string;
  readonly outcome: Outcome;
  /** 200 where the request reaches its integration; null where it is undecided. */
  readonly status: number | null;
  readonly because: string;
  readonly witness: RequestFile | null;
}

/** An entry with what is behind it. The JSON form has the members of `MatrixEntry` alone. */
export interface AnalyzedEntry extends MatrixEntry {
  /** Absent where nothing could be enumerated. */
  readonly entry?: Entry;
  readonly subject?: Subject;
}

export interface AnalyzedRoute extends Omit<MatrixRoute, "entries"> {
  readonly entries: readonly AnalyzedEntry[];
  /** The classes behind the entries; one cell for each set of paths that was told apart. */
  readonly cells: readonly CellClasses[];
}

export interface Analysis {
  readonly side: Side;
  readonly routes: readonly AnalyzedRoute[];
}

/**
 * Every class of requests to every route, decided.
 *
 * @throws InputError where the model cannot be evaluated (see `prepareEngine`)
 */
export function analyze(model: Model, budget: Budget = DEFAULT_BUDGET): Analysis {
  const side = prepareSide(model);
  const routes = model.apis.flatMap((api) =>
    api.stages.flatMap(({ name: stage }) => {
      const found: (AnalyzedRoute & { readonly profile: string })[] = [];
      const known: Known = { forms: new WeakMap(), profiles: new WeakMap() };
      for (const { verb, verbs, template, cells, undecided } of spaceOf([viewOf(side, api, stage)], budget)) {
        const route =
          api.routes.find(({ method, path }) => path === template && method === verb) ??
          api.routes.find(({ method, path }) => path === template && method === "ANY");
        const auth = route?.refused === undefined ? (route?.auth.type ?? "NONE") : "UNKNOWN";
        const common = { api: api.name, stage, path: template, auth } as const;
        const method = route?.method === "ANY" ? `ANY ${verbs.length > 1 ? "" : verb}` : verb;
        if (undecided !== undefined) {
          const entries = [notEnumerated("any", undecided)];
          found.push({ ...common, method, entries, cells: [], profile: undecided });
        }
        for (const cell of cells) {
          const { entries, profile } = analyzed(cell, known);
          found.push({
            ...common,
            method,
            paths: cell.cell.words,
            entries,
            cells: [cell],
            profile,
          });
        }
      }
      return joined(found);
    }),
  );
  return { side, routes };
}

/** The JSON form alone. */
export function matrixOf({ routes }: Analysis): Matrix {
  return {
    routes: routes.map(({ cells: _cells, entries, ...route }) => ({
      ...route,
      entries: entries.map(({ who, network, outcome, status, because, witness }) => ({
        who,
        network,
        outcome,
        status,
        because,
        witness,
      })),
    })),
  };
}

/** What is the same for all paths of one shape. */
interface Known {
  readonly forms: EntryForms;
  readonly profiles: WeakMap<Shape, string>;
}

const UNKNOWN = { outcome: "undecided", status: null } as const;

function labelOf({ verdicts: [verdict] }: Point): string {
  return `${verdict?.outcome} ${verdict?.status}`;
}

function analyzed(
  cell: CellClasses,
  { forms, profiles }: Known,
): { readonly entries: readonly AnalyzedEntry[]; readonly profile: string } {
  const entries = [
    ...entriesOf(cell, labelOf, forms).map((entry) => new DecidedEntry(entry)),
    ...cell.undecided.map(({ who, reason }) => notEnumerated(who, reason)),
  ];
  let profile = profiles.get(cell.shape);
  if (profile === undefined) profiles.set(cell.shape, (profile = profileOf(entries)));
  return { entries, profile };
}

/** An entry whose witness is decided when the witness, or the reason, is asked for. */
class DecidedEntry implements AnalyzedEntry {
  readonly who: string;
  readonly network: string;
  readonly outcome: Outcome;
  readonly status: number | null;
  readonly subject: Subject;
  #shown: Pick<MatrixEntry, "because" | "witness"> | undefined;

  constructor(readonly entry: Entry) {
    const [{ outcome, status } = UNKNOWN] = entry.answers;
    this.who = entry.who;
    this.network = entry.network;
    this.outcome = outcome;
    this.status = status;
    this.subject = entry.subject;
  }

  get because(): string {
    return this.#show().because;
  }

  get witness(): RequestFile | null {
    return this.#show().witness;
  }

  #show(): Pick<MatrixEntry, "because" | "witness"> {
    if (this.#shown === undefined) {
      const { witness, verdicts } = this.entry.point;
      const [own] = verdicts;
      this.#shown = { because: own === undefined ? "" : reasonOf(own).because, witness };
    }
    return this.#shown;
  }
}

function notEnumerated(who: string, reason: string): AnalyzedEntry {
  return { who, network: "any", ...UNKNOWN, because: reason, witness: null };
}

function profileOf(entries: readonly AnalyzedEntry[]): string {
  return entries
    .map(({ who, outcome, status, entry, network }) =>
      JSON.stringify([who, outcome, status, entry?.positions.key ?? network]),
    )
    .sort()
    .join("\n");
}

/** Paths of one template, and verbs of one `ANY`, are one route where they are answered alike. */
function joined(found: readonly (AnalyzedRoute & { readonly profile: string })[]): AnalyzedRoute[] {
  const byRoute = new Map<string, (AnalyzedRoute & { readonly profile: string })[]>();
  for (const one of found) {
    const key = `${one.method.startsWith("ANY ") ? "ANY" : one.method} ${one.path}`;
    const list = byRoute.get(key);
    if (list === undefined) byRoute.set(key, [one]);
    else list.push(one);
  }
  return [...byRoute.values()].flatMap((list) => {
    const verbs = new Map<string, typeof list>();
    for (const one of list) verbs.set(one.method, [...(verbs.get(one.method) ?? []), one]);
    const shapes = [...verbs.values()].map((own) =>
      [...new Set(own.map(({ profile }) => profile))].sort().join("\n\n"),
    );
    const oneForAll = new Set(shapes).size === 1;
    return [...verbs.values()].slice(0, oneForAll ? 1 : verbs.size).flatMap((own) => pathsJoined(own, oneForAll));
  });
}

function pathsJoined(
  own: readonly (AnalyzedRoute & { readonly profile: string })[],
  oneForAll: boolean,
): AnalyzedRoute[] {
  const groups = new Map<string, (AnalyzedRoute & { readonly profile: string })[]>();
  for (const one of own) groups.set(one.profile, [...(groups.get(one.profile) ?? []), one]);
  return [...groups.values()].flatMap((group): AnalyzedRoute[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { profile: _profile, paths: _paths, ...route } = first;
    const method = oneForAll ? route.method.replace(/^ANY .*/, "ANY") : route.method.replace(/^ANY (?=.)/, "").trim();
    const cells = group.flatMap((one) => one.cells);
    const paths = group.map((one) => one.paths).join("; ");
    return [{ ...route, method, cells, ...(groups.size > 1 ? { paths } : {}) }];
  });
}
