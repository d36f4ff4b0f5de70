/** Names for classes of callers: as few as say it all. */
import { groupBy } from "../model/group-by";
import type { CallerSubject, Subject, Trait } from "./subject";

/** A caller with a name for it: everybody whose requests are answered alike and who is not named by another row. */
export interface Named<T> {
  readonly who: string;
  readonly subject: Subject;
  readonly of: T;
}

interface Row<T> {
  readonly subject: CallerSubject;
  readonly grants: CallerSubject["grants"] | "any";
  readonly traits: readonly Trait[];
  readonly profile: string;
  readonly treated?: number | undefined;
  readonly of: T;
}

/** A class of callers, and how it is answered. */
export interface Answered<T> {
  readonly subject: CallerSubject;
  /** Equal for equal answers. */
  readonly profile: string;
  /** Equal for callers whom every policy treats alike. */
  readonly treated?: number | undefined;
  readonly of: T;
}

/**
 * Names callers who sign. What makes no difference is left out of a name: a trait, whether the own policies allow, a
 * person who is answered as everybody else of the account, an account that is answered as any other.
 */
export function namedCallers<T>(answered: readonly Answered<T>[]): readonly Named<T>[] {
  let rows: readonly Row<T>[] = asAnyOther(answered).map(({ subject, ...rest }) => ({
    ...rest,
    subject,
    grants: subject.grants,
    traits: subject.traits,
  }));
  for (const kind of new Set(rows.flatMap(({ traits }) => traits.map(({ of }) => of)))) rows = withoutTrait(rows, kind);
  rows = withoutGrants(withoutPersons(withoutTypes(rows)));
  rows = withoutAccounts(rows);
  return rows.map((row) => ({ who: nameOf(row), subject: row.subject, of: row.of }));
}

/**
 * Leaves out the accounts of which nothing is said that is not said of any other in the very same words: most of them,
 * where policies name many, and the rest would leave them out as well.
 */
function asAnyOther<T extends { readonly subject: CallerSubject; readonly profile: string }>(
  answered: readonly T[],
): readonly T[] {
  const shapes = new Map<string, { text: string; readonly rows: T[] }>();
  for (const row of answered) {
    const { account } = row.subject;
    let shape = shapes.get(account);
    if (shape === undefined) shapes.set(account, (shape = { text: "", rows: [] }));
    shape.text += `${kindOf(row.subject)}\0${row.profile}\0`;
    shape.rows.push(row);
  }
  const isOther = ({ otherAccount, traits }: CallerSubject) =>
    otherAccount && !traits.some(({ of }) => of === "account");
  const others = new Set(
    [...shapes.values()].filter(({ rows: [first] }) => first && isOther(first.subject)).map(({ text }) => text),
  );
  return [...shapes.values()].flatMap(({ text, rows }) =>
    rows[0]?.subject.otherAccount !== true && others.has(text) ? [] : rows,
  );
}

const kinds = new WeakMap<CallerSubject, string>();

/** What kind of caller of its account a subject is. */
function kindOf(subject: CallerSubject): string {
  let kind = kinds.get(subject);
  if (kind === undefined) {
    const { person = "", personLike = "", grants, traits } = subject;
    kinds.set(subject, (kind = JSON.stringify([person, personLike, grants, traits])));
  }
  return kind;
}

function withoutTrait<T>(rows: readonly Row<T>[], kind: string): readonly Row<T>[] {
  const groups = grouped(rows, (row) => key(row, { traits: row.traits.filter(({ of }) => of !== kind) }));
  return groups.flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < 2 || !alike(group)) return group;
    return [{ ...first, traits: first.traits.filter(({ of }) => of !== kind) }];
  });
}

/** Users and roles of an account, and roles of a session, are told apart only where they are answered differently. */
function withoutTypes<T>(rows: readonly Row<T>[]): readonly Row<T>[] {
  const isOfType = (row: Row<T>): boolean => isTyped(row) || row.subject.person?.includes(":assumed-role/") === true;
  const groups = grouped(rows.filter(isOfType), (row) => `${circle(row)} ${row.grants} ${row.subject.person ?? ""}`);
  const joined = groups.flatMap((group) => {
    const [first] = group;
    return first === undefined || group.length < 2 || !alike(group) ? group : [untyped(first)];
  });
  return [...rows.filter((row) => !isOfType(row)), ...joined];
}

/** Whether it is all roles, or all users, of whom nothing else is said. */
function isTyped<T>({ subject: { personLike } }: Row<T>): boolean {
  return personLike === "roles" || personLike === "users";
}

function untyped<T>(row: Row<T>): Row<T> {
  const { personLike: _type, ...subject } = row.subject;
  return { ...row, subject };
}

/** A caller of whom nothing is said that is not said of the rest of the account. */
function withoutPersons<T>(rows: readonly Row<T>[]): readonly Row<T>[] {
  const folded = new Set<Row<T>>();
  const plain = new Set<Row<T>>();
  for (const mine of grouped(rows, circle)) {
    const rest = restOf(mine);
    const others = mine.filter((row) => !rest.includes(row));
    const by = new Map(rest.map((row) => [row.grants, row]));
    const asRest = grouped(others, (row) => key(row, { grants: "any" }))
      .filter((group) => group.every((row) => isAsRest(row, by)))
      .flat();
    asRest.forEach((row) => folded.add(row));
    // The name of the account alone means whoever has no name of his own.
    if (others.length === 0 || asRest.length > 0) rest.forEach((row) => plain.add(row));
  }
  return rows.filter((row) => !folded.has(row)).map((row) => (plain.has(row) ? untyped(row) : row));
}

/** The rows of those of an account who have no name of their own; where all of them are roles, or users, those. */
function restOf<T>(rows: readonly Row<T>[]): readonly Row<T>[] {
  const rest = rows.filter(({ subject }) => subject.person === undefined && subject.personLike === undefined);
  if (rest.length > 0) return rest;
  const typed = rows.filter(isTyped);
  return new Set(typed.map(({ subject }) => subject.personLike)).size === 1 ? typed : [];
}

/** A known caller is as the rest whatever its policies say, or as those without an Allow where nothing speaks of it. */
function isAsRest<T>(row: Row<T>, rest: ReadonlyMap<Row<T>["grants"], Row<T>>): boolean {
  if (row.grants !== "known") return rest.get(row.grants)?.profile === row.profile;
  const silent = rest.get("silent");
  if (silent?.profile !== row.profile) return false;
  return silent.treated === row.treated || rest.get("allowed")?.profile === row.profile;
}

/** Whether the own policies allow is left out only where both kinds are there and are answered alike. */
function withoutGrants<T>(rows: readonly Row<T>[]): readonly Row<T>[] {
  return grouped(rows, (row) => key(row, { grants: "any" })).flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < 2 || !alike(group)) return group;
    return [{ ...first, grants: "any" as const }];
  });
}

function withoutAccounts<T>(rows: readonly Row<T>[]): readonly Row<T>[] {
  const accounts = grouped(rows, ({ subject }) => subject.account);
  const shape = (group: readonly Row<T>[]): string =>
    group
      .map(({ subject, grants, traits, profile }) =>
        JSON.stringify([subject.person ?? "", subject.personLike ?? "", grants, traits, profile]),
      )
      .sort()
      .join("\n");
  const others = new Set(
    accounts
      .filter(([first]) => first?.subject.otherAccount === true && !first.traits.some(({ of }) => of === "account"))
      .map(shape),
  );
  return accounts.flatMap((group) =>
    group[0]?.subject.otherAccount !== true && others.has(shape(group)) ? [] : group,
  );
}

function circle<T>({ subject, traits }: Row<T>): string {
  return `${subject.account} ${JSON.stringify(traits)}`;
}

function key<T>(row: Row<T>, more: Partial<Pick<Row<T>, "traits" | "grants">>): string {
  const { person, personLike, account } = row.subject;
  return JSON.stringify([account, person, personLike, more.grants ?? row.grants, more.traits ?? row.traits]);
}

function alike<T>(rows: readonly Row<T>[]): boolean {
  return rows.every(({ profile }) => profile === rows[0]?.profile);
}

function grouped<T>(rows: readonly T[], of: (row: T) => string): readonly T[][] {
  return [...groupBy(rows, of).values()];
}

function nameOf<T>({ subject, grants, traits }: Row<T>): string {
  const { account, otherAccount, person, personLike } = subject;
  const base = person ?? (otherAccount ? "any other account" : `account ${account}`);
  return [
    `${base}${grants === "silent" ? " without an Allow of its own" : ""}`,
    ...(personLike === undefined ? [] : [personLike]),
    ...traits.map(({ words }) => words).filter((words) => words !== ""),
  ].join(", ");
}
