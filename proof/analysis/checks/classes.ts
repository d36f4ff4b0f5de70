import type { Decision } from "../../decision";
import type { RequestFile } from "../../decision/request-file";
import type { Route } from "../../model/types";
import type { CellClasses, Shape } from "../cell-classes";
import type { PathCell } from "../paths";
import type { Point } from "../point";
import { witnessOf } from "../point";
import type { Position } from "../positions";
import type { TemplateClasses } from "../space";
import type { Subject } from "../subject";
import type { Outcome } from "../verdict";
import type { CheckedStage } from "./context";

/** One class of callers at one class of positions, and what is decided of their requests. */
export interface RequestClass {
  readonly route: Route;
  readonly cell: PathCell;
  readonly subject: Subject;
  readonly position: Position;
  readonly outcome: Outcome;
  readonly decision: Decision | undefined;
  /** Why it is undecided. */
  readonly doubt: string | undefined;
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

type AskedStage = Pick<CheckedStage, "api" | "stage" | "label">;

/** Spells the classes out, by the callers that rules and invariants tell apart. */
export function routeClasses(space: Iterable<TemplateClasses>, asked: AskedStage): readonly RouteClasses[] {
  const known = new WeakMap<Shape, readonly Form[]>();
  return [...space].map(({ verb, template, cells, undecided }) => ({
    verb,
    template,
    route: cells.find(({ routes }) => routes[0] !== undefined)?.routes[0],
    requests: cells.flatMap((classes) => {
      const [route] = classes.routes;
      if (route === undefined) return [];
      let forms = known.get(classes.shape);
      if (forms === undefined) known.set(classes.shape, (forms = formsOf(classes)));
      const path = { route, classes, asked };
      return forms.map((form) => new PathRequest(path, form));
    }),
    undecided: [
      ...(undecided === undefined ? [] : [undecided]),
      ...cells.flatMap((one) => one.undecided.map(({ reason }) => reason)),
    ],
  }));
}

/** What is the same of a class of requests at all paths of one shape. */
interface Form {
  readonly subject: Subject;
  /** Which class of callers, and which of its points. */
  readonly group: number;
  readonly place: number;
  readonly point: Point;
  readonly outcome: Outcome;
  readonly doubt: string | undefined;
}

interface Path {
  readonly route: Route;
  readonly classes: CellClasses;
  readonly asked: AskedStage;
}

/** There are very many of them: what can be told of the shape is looked up, and only what a rule asks is decided. */
class PathRequest implements RequestClass {
  readonly #path: Path;
  readonly #form: Form;

  constructor(path: Path, form: Form) {
    this.#path = path;
    this.#form = form;
  }

  get route() {
    return this.#path.route;
  }
  get cell() {
    return this.#path.classes.cell;
  }
  get subject() {
    return this.#form.subject;
  }
  get position() {
    return this.#form.point.position;
  }
  get outcome() {
    return this.#form.outcome;
  }
  get doubt() {
    return this.#form.doubt;
  }
  get circumstance() {
    return this.#form.point.circumstance.words;
  }
  /** Decided at this very path. */
  get decision() {
    const { group, place } = this.#form;
    return this.#path.classes.classes[group]?.points[place]?.verdicts[0]?.decision;
  }

  request(): RequestFile {
    const { label, api, stage } = this.#path.asked;
    return witnessOf(label, stage, this.cell, this.subject, this.position, this.#form.point.circumstance, [
      { route: this.route, api, stage },
    ]);
  }
}

/**
 * The callers of one class are treated alike everywhere: the first of them stands at each position, and the others once for
 * each answer. All pairs would be too many, and tell no more.
 */
function formsOf({ classes }: CellClasses): readonly Form[] {
  return classes.flatMap(({ subjects, points }, group) => {
    const placed = points.map((point, place) => {
      const [verdict] = point.verdicts;
      return { group, place, point, outcome: verdict?.outcome ?? "deny", doubt: verdict?.doubt } as const;
    });
    // The first of each answer.
    const answers =
      points.length < 2
        ? placed
        : [...new Map(placed.map((one) => [answerOf(one.point), one] as const).reverse()).values()];
    return subjects.flatMap((subject, index) => (index === 0 ? placed : answers).map((one) => ({ subject, ...one })));
  });
}

function answerOf({ verdicts: [verdict] }: Point): string {
  return `${verdict?.outcome} ${verdict?.status} ${verdict?.decision?.denial?.message}`;
}

/** The first request that is as asked for. */
export function firstOf(
  classes: readonly RouteClasses[],
  isAsked: (request: RequestClass) => boolean,
): RequestClass | undefined {
  for (const { requests } of classes) {
    const found = requests.find(isAsked);
    if (found !== undefined) return found;
  }
  return undefined;
}
