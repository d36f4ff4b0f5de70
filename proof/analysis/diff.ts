import type { Model, Source } from "../model/types";
import { authChanges, authText } from "./auth-changes";
import { demandsOf } from "./behind";
import type { Budget } from "./budget";
import { DEFAULT_BUDGET } from "./budget";
import type { CellClasses } from "./cell-classes";
import type { DiffKind, FoundChange } from "./change";
import { entriesOf } from "./entries";
import type { Entry, EntryForms } from "./entries";
import { pairApis } from "./pairs";
import type { Point } from "./point";
import { reasonOf, turnOf } from "./reason";
import { spaceOf } from "./space";
import { trustChanges } from "./trust-changes";
import type { Verdict } from "./verdict";
import { prepareSide, viewOf } from "./view";
import type { Side, View } from "./view";

/**
 * What a change of configuration does to who is admitted. The boundaries of both sides cut the space of requests, and
 * both sides decide every class of it; so the texts do not matter, only what they mean.
 *
 * @throws InputError where one of the models cannot be evaluated
 */
export function findChanges(base: Model, head: Model, budget: Budget = DEFAULT_BUDGET): readonly FoundChange[] {
  const sides = [prepareSide(base), prepareSide(head)] as const;
  return [...accessChanges(sides, budget), ...trustChanges(sides, budget)];
}

function accessChanges(sides: readonly [Side, Side], budget: Budget): readonly FoundChange[] {
  const [base, head] = sides;
  return pairApis(base.model.apis, head.model.apis).flatMap((pair) => {
    const api = pair.head ?? pair.base;
    if (api === undefined) return [];
    const stages = new Set([...(pair.base?.stages ?? []), ...(pair.head?.stages ?? [])].map(({ name }) => name));
    return [...stages].flatMap((stage) => {
      const views = [viewOf(base, pair.base, stage), viewOf(head, pair.head, stage)];
      const common = { api: api.name, stage, host: `${api.id}.execute-api.${api.region}.amazonaws.com` };
      const found: Cut[] = [];
      const forms: EntryForms = new WeakMap();
      for (const { verb, verbs, template, cells, undecided } of spaceOf(views, budget)) {
        const route = { ...common, path: template, method: verbs.length > 1 ? "ANY" : verb };
        if (undecided !== undefined) {
          if (sameText(pair.base, pair.head)) continue;
          const blind = notEnumerated(route, "any", undecided, api.source);
          found.push({ verb, any: false, template, like: "", changes: [blind] });
        }
        for (const cell of cells) {
          const any = cell.routes.some((served) => served?.method === "ANY" && served.path === template);
          const like = cell.cell.words;
          const changes = cell.alike ? [] : changesAt(cell, { views, where: route, apiSource: api.source, forms });
          if (changes.length > 0 || any) found.push({ verb, any, template, like, changes });
        }
      }
      return joined(found);
    });
  });
}

type Where = Pick<FoundChange, "api" | "stage" | "path" | "method" | "host">;

interface Asked {
  readonly views: readonly View[];
  readonly where: Where;
  readonly apiSource: Source;
  readonly forms: EntryForms;
}

function changesAt(cell: CellClasses, asked: Asked): FoundChange[] {
  const { views, where, apiSource, forms } = asked;
  const [from, to] = views.map((view, index) => authText(cell.routes[index], view));
  const sameAuth = from === to;
  const entries = entriesOf(cell, (point) => labelOf(point, sameAuth), forms).filter(({ label }) => label !== SAME);
  return [
    ...entries.flatMap((entry) => changeOf(entry, cell, asked, sameAuth)),
    ...cell.undecided.map(({ who, reason }) => notEnumerated(where, who, reason, cell.routes[1]?.source ?? apiSource)),
  ];
}

const SAME = "same";

function labelOf({ verdicts }: Point, sameAuth: boolean): string {
  const [before, after] = verdicts;
  if (before === undefined || after === undefined) return SAME;
  const kind = kindOf(before, after, sameAuth);
  return kind === undefined ? SAME : `${kind} ${before.outcome} ${before.status} ${after.outcome} ${after.status}`;
}

function kindOf(before: Verdict, after: Verdict, sameAuth: boolean): DiffKind | undefined {
  if (before.outcome === "undecided" || after.outcome === "undecided") {
    return before.outcome === after.outcome && before.fingerprint === after.fingerprint ? undefined : "undecided";
  }
  if (before.outcome !== after.outcome) return after.outcome === "allow" ? "gained" : "lost";
  if (before.outcome === "deny") return undefined;
  return sameAuth ? undefined : "changed";
}

function changeOf(entry: Entry, { routes }: CellClasses, { where, views }: Asked, sameAuth: boolean): FoundChange[] {
  const [before, after] = entry.point.verdicts;
  const kind = before && after && kindOf(before, after, sameAuth);
  if (kind === undefined || before === undefined || after === undefined) return [];
  const { because, reason } = causeOf(kind, [before, after], routes, views);
  return [
    {
      ...where,
      kind,
      who: entry.who,
      network: entry.network,
      before: { outcome: before.outcome, status: before.status },
      after: { outcome: after.outcome, status: after.status },
      witness: entry.point.witness,
      demands: demandsOf(routes.map((route, index) => ({ route, api: views[index]?.prepared?.api }))),
      because,
      reason,
    },
  ];
}

function causeOf(
  kind: DiffKind,
  [before, after]: readonly [Verdict, Verdict],
  routes: CellClasses["routes"],
  views: readonly View[],
): { readonly because: Source; readonly reason: string } {
  const [from, to] = routes;
  const fallback = to?.source ?? from?.source ?? { file: "", address: "" };
  const auth = authChanges(routes, views).filter(({ turns }) => turns || kind === "changed");
  const [first] = auth;
  if (first !== undefined) {
    return { because: kind === "lost" ? first.base : first.head, reason: auth.map(({ reason }) => reason).join(" ") };
  }
  const turned = kind === "gained" || kind === "lost" ? turnOf(before, after) : undefined;
  const { because, source = fallback } = turned ?? reasonOf(kind === "lost" ? before : after);
  const words =
    kind === "lost" && turned === undefined ? `Before: ${because} Now: ${reasonOf(after).because}` : because;
  return { because: source, reason: words };
}

function notEnumerated(where: Where, who: string, reason: string, because: Source): FoundChange {
  const unknown = { outcome: "undecided", status: null } as const;
  return {
    ...where,
    kind: "undecided",
    who,
    network: "any",
    before: unknown,
    after: unknown,
    witness: null,
    because,
    reason,
  };
}

function sameText(base: unknown, head: unknown): boolean {
  return JSON.stringify(base) === JSON.stringify(head);
}

interface Cut {
  readonly verb: string;
  readonly any: boolean;
  readonly template: string;
  readonly like: string;
  readonly changes: readonly FoundChange[];
}

/** Verbs of one `ANY`, and paths of one template, are told once where the same changed for all of them. */
function joined(found: readonly Cut[]): FoundChange[] {
  const textOf = (changes: readonly FoundChange[]): string =>
    changes
      .map(({ kind, who, network, before, after }) => JSON.stringify([kind, who, network, before, after]))
      .sort()
      .join("\n");
  const groups = new Map<string, Cut[]>();
  for (const cut of found)
    groups.set(`${cut.template} ${cut.any}`, [...(groups.get(`${cut.template} ${cut.any}`) ?? []), cut]);
  return [...groups.values()].flatMap((cuts) => {
    const verbs = new Map<string, Cut[]>();
    for (const cut of cuts) verbs.set(cut.verb, [...(verbs.get(cut.verb) ?? []), cut]);
    const shapes = new Set(
      [...verbs.values()].map((own) =>
        own
          .map(({ like, changes }) => like + textOf(changes))
          .sort()
          .join("\n\n"),
      ),
    );
    const all = cuts[0]?.any === true && shapes.size === 1;
    return [...verbs.values()].slice(0, all ? 1 : verbs.size).flatMap((own) => {
      const kept = new Map<string, Cut[]>();
      for (const cut of own) kept.set(textOf(cut.changes), [...(kept.get(textOf(cut.changes)) ?? []), cut]);
      return [...kept.values()].flatMap((same) => {
        const paths = same.map(({ like }) => like).join("; ");
        const cut = same.some(({ like }) => like !== "");
        return (same[0]?.changes ?? []).map((change) => ({
          ...change,
          ...(all ? { method: "ANY" } : {}),
          ...(cut ? { paths } : {}),
        }));
      });
    });
  });
}
