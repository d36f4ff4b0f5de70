import { namedBearers } from "./bearers";
import type { CellClasses, Shape } from "./cell-classes";
import type { Network } from "./networks";
import { networksOf } from "./networks";
import type { Point } from "./point";
import type { Subject } from "./subject";
import type { Verdict } from "./verdict";
import type { Answered } from "./who";
import { namedCallers } from "./who";

/** All requests of one path that are answered alike, named as people say it. */
export interface Entry {
  /** What the answers were compared by. */
  readonly label: string;
  readonly who: string;
  readonly network: string;
  readonly subject: Subject;
  readonly positions: Network;
  /** The answer of each configuration. */
  readonly answers: readonly Pick<Verdict, "outcome" | "status">[];
  /** One request of the class by this very caller, decided whenever it is asked for. */
  readonly point: Point;
}

/** Positions and circumstances in which a class of callers is answered alike. */
interface Slot {
  readonly label: string;
  readonly words: readonly string[];
  readonly network: Network;
  readonly answers: Entry["answers"];
  /** Which class of callers, and which of its points stands for the slot. */
  readonly group: number;
  readonly place: number;
}

/** Entries of paths that are answered alike, but for the path. */
interface Form {
  readonly who: string;
  readonly subject: Subject;
  readonly slot: Slot;
}

/** Which entries the paths of one shape have: worked out at the first of them. */
export type EntryForms = WeakMap<Shape, readonly Form[]>;

/**
 * Joins classes whose requests have the same label, and names them.
 *
 * @param known what was worked out before by the same labels
 */
export function entriesOf(cell: CellClasses, label: (point: Point) => string, known: EntryForms): readonly Entry[] {
  let forms = known.get(cell.shape);
  if (forms === undefined) known.set(cell.shape, (forms = formsOf(cell, label)));
  return forms.map(({ who, subject, slot }): Entry => ({
    label: slot.label,
    who,
    network: slot.network.name,
    subject,
    positions: slot.network,
    answers: slot.answers,
    get point() {
      return pointBy(cell, subject, slot, label, who);
    },
  }));
}

/** Callers of one class are decided alike; anything else is a defect, and must not be shown as an answer. */
function pointBy(
  { classes }: CellClasses,
  subject: Subject,
  { group, place, label: expected }: Slot,
  label: (point: Point) => string,
  who: string,
): Point {
  const found = classes[group];
  const decided = found?.points[place];
  if (found === undefined || decided === undefined) throw new Error("Paths of one shape have the same classes.");
  const point = found.by(subject, decided);
  if (label(point) !== expected) throw new Error(`${who} was decided as ${label(point)}, not ${expected}.`);
  return point;
}

function formsOf({ classes }: CellClasses, label: (point: Point) => string): readonly Form[] {
  const signers: Answered<readonly Slot[]>[] = [];
  const others: { subject: Subject; profile: string; of: readonly Slot[] }[] = [];
  // Profiles are long and compared often, so each goes by a number.
  const profiles = new Map<string, string>();
  classes.forEach(({ subjects, points }, group) => {
    const slots = slotsOf(points, group, label);
    const told = slots
      .map((slot) => `${slot.label} ${slot.words.join(", ")} ${slot.network.key}`)
      .sort()
      .join("\n");
    const profile = profiles.get(told) ?? String(profiles.size);
    profiles.set(told, profile);
    for (const subject of subjects) {
      if (subject.kind === "caller") signers.push({ subject, profile, treated: group, of: slots });
      else others.push({ subject, profile, of: slots });
    }
  });
  return [...namedBearers(others), ...namedCallers(signers)].flatMap(({ who, subject, of: slots }) =>
    slots.map((slot) => ({ who: [who, ...slot.words].join(" "), subject, slot })),
  );
}

function slotsOf(points: readonly Point[], group: number, label: (point: Point) => string): readonly Slot[] {
  const labelled = points.map((point, place) => ({
    point,
    place,
    label: label(point),
    words: point.circumstance.words,
  }));
  const kept = keptWords(labelled);
  const byWords = new Map<
    string,
    Map<string, { readonly label: string; readonly words: string[]; readonly of: Labelled[] }>
  >();
  for (const one of labelled) {
    const { label: own, words } = one;
    const told = words.filter((_, index) => kept.has(index));
    const key = told.join("\n");
    let labels = byWords.get(key);
    if (labels === undefined) byWords.set(key, (labels = new Map()));
    const slot = labels.get(own);
    if (slot === undefined) labels.set(own, { label: own, words: told, of: [one] });
    else slot.of.push(one);
  }
  return [...byWords.values()].flatMap((labels) => {
    const parts = [...labels.values()];
    const networks = networksOf(parts.map(({ of }) => of.map(({ point }) => point.position)));
    return parts.flatMap(({ label: own, words, of: [first] }, index): Slot[] => {
      const network = networks[index];
      if (first === undefined || network === undefined) return [];
      const answers = first.point.verdicts.map(({ outcome, status }) => ({ outcome, status }));
      return [{ label: own, words, network, answers, group, place: first.place }];
    });
  });
}

interface Labelled {
  readonly point: Point;
  readonly place: number;
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
