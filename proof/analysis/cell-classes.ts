import type { Condition } from "../iam";
import type { Route } from "../model/types";
import type { Budget } from "./budget";
import { StateBudgetExceeded } from "./budget";
import type { Ground } from "./ground";
import { likeness } from "./likeness";
import type { PathCell } from "./paths";
import { placesOf } from "./places";
import { pointAt, verdictsAsBefore, verdictsAt } from "./point";
import type { Place, Point } from "./point";
import type { Scene } from "./scene";
import type { Standing } from "./standing";
import { standingsAt, subjectsAt } from "./standing";
import type { CallerSubject, Subject } from "./subject";
import type { Verdict } from "./verdict";

/** Callers that every policy in play treats alike at one path, with all classes of their requests. */
export interface CallerClass {
  readonly subjects: readonly Subject[];
  /** Decided for the first of the callers. */
  readonly points: readonly Point[];
  /** The conditions on positions, times and headers that cut the points: requests alike to them are of one point. */
  readonly cutBy: readonly Condition[];
  /** The same class of requests by another of the callers, decided anew. */
  by(subject: Subject, point: Point): Point;
}

export interface CellClasses {
  readonly cell: PathCell;
  /** The route of each configuration, in their order. */
  readonly routes: readonly (Route | undefined)[];
  /** The same object for paths at which every class of requests is answered alike. */
  readonly shape: Shape;
  /** Whether two configurations say the same of it in the same words, so that nothing has to be decided to know it. */
  readonly alike: boolean;
  readonly classes: readonly CallerClass[];
  /** What could not be enumerated, with the reason. */
  readonly undecided: Shape["undecided"];
}

/** How the requests to a path are told apart, and answered: the same for many paths. */
export interface Shape {
  readonly groups: readonly Group[];
  readonly undecided: readonly { readonly who: string; readonly reason: string }[];
}

interface Group {
  readonly subjects: readonly [Subject, ...Subject[]];
  readonly standings: readonly Standing[];
  readonly cutBy: readonly Condition[];
  readonly places: readonly Place[];
  /** For each place once it was asked for, what each configuration answers. */
  readonly verdicts: (readonly Verdict[] | undefined)[];
}

/**
 * Every class of requests at one path: callers cut by the statements that cover the path, then for each kind of caller
 * positions and circumstances cut by the conditions of the statements that are left. Callers whom all the statements
 * treat alike are decided once, and so are paths that the same statements cover. Each class is decided by a witness.
 */
export function classesFor(
  grounds: readonly Ground[],
  callers: readonly CallerSubject[],
  budget: Budget,
): (cell: PathCell, scenes: readonly Scene[]) => CellClasses {
  const shapes = new Map<string, Shape>();
  const isAlike = likeness(grounds, callers);
  return (cell, scenes) => {
    const key = scenes.map((scene) => scene.key).join("\n");
    const shape = (): Shape => {
      let found = shapes.get(key);
      if (found === undefined) shapes.set(key, (found = shapeOf(scenes, callers, budget)));
      return found;
    };
    let classes: readonly CallerClass[] | undefined;
    return {
      cell,
      get alike() {
        return isAlike(scenes);
      },
      routes: scenes.map(({ route }) => route),
      get shape() {
        return shape();
      },
      get classes() {
        return (classes ??= shape().groups.map((group) => classAt(cell, scenes, group)));
      },
      get undecided() {
        return shape().undecided;
      },
    };
  };
}

function shapeOf(scenes: readonly Scene[], callers: readonly CallerSubject[], budget: Budget): Shape {
  const undecided: { who: string; reason: string }[] = [];
  const standings = scenes.map((scene) => standingsAt(scene, callers));
  const found = new Map<string, { readonly subjects: [Subject, ...Subject[]]; readonly standings: Standing[] }>();
  for (const subject of subjectsAt(scenes, callers, undecided)) {
    const seen = standings.map((of) => of(subject));
    const key = seen.map((one) => one.key).join("\n");
    const group = found.get(key);
    if (group === undefined) found.set(key, { subjects: [subject], standings: seen });
    else group.subjects.push(subject);
  }
  const groups: Group[] = [];
  let requests = 0;
  for (const { subjects, standings: seen } of found.values()) {
    const cutBy = [...new Set(seen.flatMap(({ live }) => live.flatMap(({ open }) => open)))];
    try {
      const places = placesOf(scenes, cutBy, budget);
      groups.push({ subjects, standings: seen, cutBy, places, verdicts: [] });
      requests += places.length;
    } catch (error) {
      if (!(error instanceof StateBudgetExceeded)) throw error;
      const [{ kind: who }] = subjects;
      // All callers that are cut too finely are told in one line.
      if (!undecided.some((one) => one.who === who && one.reason === error.message))
        undecided.push({ who, reason: error.message });
    }
    if (requests > budget.requests) {
      const reason = `callers, positions and circumstances together tell more than ${budget.requests} classes of requests apart`;
      return { groups: [], undecided: [{ who: "any", reason }] };
    }
  }
  return { groups, undecided };
}

function classAt(cell: PathCell, scenes: readonly Scene[], group: Group): CallerClass {
  const { subjects, standings, places, cutBy } = group;
  let points: readonly Point[] | undefined;
  return {
    subjects,
    cutBy,
    get points() {
      return (points ??= places.map((place, index) =>
        pointAt(scenes, cell, subjects[0], place, (witness) => {
          const known = group.verdicts[index];
          if (known !== undefined) return verdictsAsBefore(scenes, known, witness, subjects[0]);
          return (group.verdicts[index] = verdictsAt(scenes, standings, witness, subjects[0], "once for all paths"));
        }),
      ));
    },
    by: (subject, { position, circumstance }) =>
      pointAt(scenes, cell, subject, { position, circumstance }, (witness) =>
        verdictsAt(scenes, standings, witness, subject, "anew"),
      ),
  };
}
