import type { CallerClass, CellClasses } from "./cell-classes";
import type { Network } from "./networks";
import { networksOf } from "./networks";
import type { Point } from "./point";
import type { CallerSubject, Subject } from "./subject";
import { namedBearers, namedCallers } from "./who";

/** All requests of one path that are answered alike, named as people say it. */
export interface Entry {
  /** What the answers were compared by. */
  readonly label: string;
  readonly who: string;
  readonly network: string;
  readonly subject: Subject;
  readonly positions: Network;
  /** The request of the class that was decided, by a caller who is treated alike. */
  readonly decided: Point;
  /** One request of the class by this very caller, decided when it is asked for. */
  readonly point: Point;
}

interface Slot {
  readonly label: string;
  readonly words: readonly string[];
  readonly network: Network;
  readonly point: Point;
}

/** Joins classes whose requests have the same label, and names them. */
export function entriesOf({ classes }: CellClasses, label: (point: Point) => string): readonly Entry[] {
  const signers: { subject: CallerSubject; profile: string; of: Answered }[] = [];
  const others: { subject: Subject; profile: string; of: Answered }[] = [];
  for (const found of classes) {
    const slots = slotsOf(found.points, label);
    const profile = slots
      .map((slot) => `${slot.label} ${slot.words.join(", ")} ${slot.network.key}`)
      .sort()
      .join("\n");
    for (const subject of found.subjects) {
      if (subject.kind === "caller") signers.push({ subject, profile, of: { found, slots } });
      else others.push({ subject, profile, of: { found, slots } });
    }
  }
  return [...namedBearers(others), ...namedCallers(signers)].flatMap(({ who, subject, of: { found, slots } }) =>
    slots.map((slot): Entry => {
      let point: Point | undefined;
      return {
        label: slot.label,
        who: [who, ...slot.words].join(" "),
        network: slot.network.name,
        subject,
        positions: slot.network,
        decided: slot.point,
        get point() {
          if (point === undefined) {
            point = found.by(subject, slot.point);
            // Callers of one class are decided alike; anything else is a defect, and must not be shown as an answer.
            if (label(point) !== slot.label)
              throw new Error(`${who} was decided as ${label(point)}, not ${slot.label}.`);
          }
          return point;
        },
      };
    }),
  );
}

interface Answered {
  readonly found: CallerClass;
  readonly slots: readonly Slot[];
}

function slotsOf(points: readonly Point[], label: (point: Point) => string): readonly Slot[] {
  const labelled = points.map((point) => ({ point, label: label(point), words: point.circumstance.words }));
  const kept = keptWords(labelled);
  const byWords = new Map<
    string,
    Map<string, { readonly label: string; readonly words: string[]; readonly points: Point[] }>
  >();
  for (const { point, label: own, words } of labelled) {
    const told = words.filter((_, index) => kept.has(index));
    const key = told.join("\n");
    let labels = byWords.get(key);
    if (labels === undefined) byWords.set(key, (labels = new Map()));
    const slot = labels.get(own);
    if (slot === undefined) labels.set(own, { label: own, words: told, points: [point] });
    else slot.points.push(point);
  }
  return [...byWords.values()].flatMap((labels) => {
    const parts = [...labels.values()];
    const networks = networksOf(parts.map(({ points: own }) => own.map(({ position }) => position)));
    return parts.flatMap(({ label: own, words, points: [point] }, index): Slot[] => {
      const network = networks[index];
      return point === undefined || network === undefined ? [] : [{ label: own, words, network, point }];
    });
  });
}

interface Labelled {
  readonly point: Point;
  readonly label: string;
  readonly words: readonly string[];
}

/** Which of the circumstances make a difference anywhere. */
function keptWords(labelled: readonly Labelled[]): ReadonlySet<number> {
  const count = labelled[0]?.words.length ?? 0;
  const kept = new Set<number>();
  for (let index = 0; index < count; index++) {
    const seen = new Map<string, string>();
    const positions = new Map<unknown, number>();
    for (const { point, label, words } of labelled) {
      const position = positions.get(point.position) ?? positions.size;
      positions.set(point.position, position);
      const key = `${position} ${words.filter((_, other) => other !== index && !isDropped(other, index, kept)).join("\n")}`;
      const before = seen.get(key);
      if (before !== undefined && before !== label) kept.add(index);
      seen.set(key, label);
    }
  }
  return kept;
}

/** A circumstance looked at before that made no difference. */
function isDropped(other: number, index: number, kept: ReadonlySet<number>): boolean {
  return other < index && !kept.has(other);
}
