/** Where a role of one configuration is admitted. */
import type { RequestFile } from "../decision/request-file";
import type { Budget } from "./budget";
import type { CallerClass } from "./cell-classes";
import { analyze } from "./matrix";
import type { AnalyzedRoute } from "./matrix";
import { networksOf } from "./networks";
import type { Point } from "./point";
import type { Subject } from "./subject";
import type { Side } from "./view";

/** Requests by which a role reaches a route. */
export interface Admission {
  readonly route: AnalyzedRoute;
  readonly words: readonly string[];
  readonly network: string;
  readonly subject: Subject;
  /** One of each class, the first of which is decided once more when it is asked for. */
  readonly witnesses: Iterable<RequestFile>;
}

/** The routes of a configuration, worked out when they are first asked for. */
export function routesOf({ model }: Side, budget: Budget): () => readonly AnalyzedRoute[] {
  let routes: readonly AnalyzedRoute[] | undefined;
  return () => (routes ??= analyze(model, budget).routes);
}

export function admissionsOf(routes: readonly AnalyzedRoute[], arn: string): readonly Admission[] {
  return routes.flatMap((route) => {
    const found = route.cells.flatMap(({ classes }) => classes.flatMap((one) => admissionsIn(route, one, arn)));
    // Paths and organizations that are answered alike.
    return [...new Map(found.map((one) => [[...one.words, one.network].join("\n"), one])).values()];
  });
}

/** The role may be treated as everybody else of its account, so it is looked for in the classes, not by its name. */
function admissionsIn(route: AnalyzedRoute, { subjects, points, by }: CallerClass, arn: string): readonly Admission[] {
  const subject = subjects.find((one) => one.kind === "caller" && one.grants === "known" && one.person === arn);
  if (subject === undefined) return [];
  const words = new Map(points.map(({ circumstance }) => [circumstance.words.join("\n"), circumstance.words]));
  return [...words].flatMap(([text, told]): readonly Admission[] => {
    const here = points.filter(({ circumstance }) => circumstance.words.join("\n") === text);
    const admitted = here.filter(({ verdicts: [verdict] }) => verdict?.outcome === "allow");
    if (admitted.length === 0) return [];
    const rest = here.filter((point) => !admitted.includes(point));
    const parts = [admitted, rest].filter((part) => part.length > 0);
    const [network] = networksOf(parts.map((part) => part.map(({ position }) => position)));
    return [
      {
        route,
        words: words.size > 1 ? told : [],
        network: network?.name ?? "any",
        subject,
        witnesses: { [Symbol.iterator]: () => witnessesOf(admitted, (point) => by(subject, point), arn) },
      },
    ];
  });
}

function* witnessesOf(points: readonly Point[], by: (point: Point) => Point, arn: string): Iterator<RequestFile> {
  for (const point of points) {
    const { witness, verdicts } = by(point);
    if (verdicts[0]?.outcome !== "allow") throw new Error(`${arn} was decided as ${verdicts[0]?.outcome}, not allow.`);
    yield witness;
  }
}
