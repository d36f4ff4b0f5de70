import type { Decision } from "../../decision";
import type { RequestFile } from "../../decision/request-file";
import type { Route } from "../../model/types";
import type { PathCell } from "../paths";
import type { Outcome, Point } from "../point";
import { witnessOf } from "../point";
import type { Position } from "../positions";
import type { TemplateClasses } from "../space";
import type { Subject } from "../subject";

/** One class of callers at one class of positions, and what is decided of their requests. */
export interface RequestClass {
  readonly route: Route;
  readonly cell: PathCell;
  readonly subject: Subject;
  readonly position: Position;
  readonly outcome: Outcome;
  readonly decision: Decision | undefined;
  /** Why it is undecided. */
  readonly doubt?: string;
  /** In words, what else the class has in common: `with Referer https://…`. */
  readonly circumstance: readonly string[];
  /** One request of the class. */
  request(): RequestFile;
}

/** All requests to one verb and template. */
export interface RouteClasses {
  readonly verb: string;
  /** Absent where no request is served by the template. */
  readonly route: Route | undefined;
  readonly template: string;
  readonly requests: readonly RequestClass[];
  /** Why some of it could not be enumerated. */
  readonly undecided: readonly string[];
}

/** Spells the classes out, by the callers that rules and invariants tell apart. */
export function routeClasses(space: Iterable<TemplateClasses>, label: string, stage: string): readonly RouteClasses[] {
  return [...space].map(({ verb, template, cells, undecided }) => ({
    verb,
    template,
    route: cells.find(({ routes }) => routes[0] !== undefined)?.routes[0],
    requests: cells.flatMap(({ cell, routes: [route], classes }) => {
      if (route === undefined) return [];
      return classes.flatMap(({ subjects, points }) =>
        pairs(subjects, points).map(([subject, { position, circumstance, verdicts }]): RequestClass => {
          const [verdict] = verdicts;
          return {
            route,
            cell,
            subject,
            position,
            outcome: verdict?.outcome ?? "deny",
            // Decided at this very path only where a rule looks at it.
            get decision() {
              return verdict?.decision;
            },
            ...(verdict?.doubt === undefined ? {} : { doubt: verdict.doubt }),
            circumstance: circumstance.words,
            request: () => witnessOf(label, stage, cell, subject, position, circumstance),
          };
        }),
      );
    }),
    undecided: [
      ...(undecided === undefined ? [] : [undecided]),
      ...cells.flatMap((one) => one.undecided.map(({ reason }) => reason)),
    ],
  }));
}

/**
 * The callers of one class are treated alike everywhere: the first of them stands at each position, and the others once for
 * each answer. All pairs would be too many, and tell no more.
 */
function pairs(subjects: readonly Subject[], points: readonly Point[]): readonly (readonly [Subject, Point])[] {
  const [only] = points;
  if (only !== undefined && points.length === 1) return subjects.map((subject) => [subject, only] as const);
  const answers = new Map(points.map((point) => [answerOf(point), point] as const).reverse());
  return subjects.flatMap((subject, index) =>
    (index === 0 ? points : [...answers.values()]).map((point) => [subject, point] as const),
  );
}

function answerOf({ verdicts: [verdict] }: Point): string {
  return `${verdict?.outcome} ${verdict?.status} ${verdict?.decision?.denial?.message}`;
}
