import type { DiffKind, FoundChange } from "./change";

const KINDS: Readonly<Record<DiffKind, number>> = { gained: 0, undecided: 1, changed: 2, lost: 3 };

/** The most dangerous first: what anybody gained, then accounts, then those who have to prove who they are. */
export function byDanger(changes: readonly FoundChange[]): readonly FoundChange[] {
  return [...changes].sort((a, b) => KINDS[a.kind] - KINDS[b.kind] || reach(a) - reach(b));
}

/** How many people a class of callers holds, as a rank; 0 is everybody. */
function reach({ who, witness }: FoundChange): number {
  if (who.startsWith("anonymous")) return 0;
  if (who.startsWith("any other account")) return 1;
  if (witness?.claims !== undefined) return 3;
  if (who.startsWith("authorizer")) return 4;
  return who.startsWith("account") ? 2 : 5;
}

/** `1 gained, 0 lost, 2 changed, 0 undecided` */
export function counts(changes: readonly FoundChange[]): string {
  const of = (wanted: DiffKind): number => changes.filter(({ kind }) => kind === wanted).length;
  return (["gained", "lost", "changed", "undecided"] as const).map((kind) => `${of(kind)} ${kind}`).join(", ");
}
