import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors";
import type { FoundChange } from "./change";

const fields = ["kind", "api", "stage", "method", "path", "who", "network"] as const;
const text = z.string("must be a string");
const entry = z
  .strictObject({
    id: text.optional(),
    kind: z.enum(["gained", "lost", "changed", "undecided"]).optional(),
    api: text.optional(),
    stage: text.optional(),
    method: text.optional(),
    path: text.optional(),
    who: text.optional(),
    network: text.optional(),
    reason: z.string("is missing: say why it is accepted").trim().min(1, "is empty: say why it is accepted"),
    expires: z.iso.date("must be a date such as 2026-12-31"),
  })
  .refine((one) => one.id !== undefined || fields.some((name) => one[name] !== undefined), {
    error: `must name what it accepts: id, or some of ${fields.join(", ")}`,
  });
const schema = z.strictObject({ accepted: z.array(entry, "must be a list") });

export type AcceptedEntry = z.infer<typeof entry>;

/** What an allow file does to the findings. */
export interface Acceptance {
  readonly open: readonly FoundChange[];
  readonly accepted: readonly { readonly change: FoundChange; readonly by: AcceptedEntry }[];
  /** Entries past their day: they accept nothing. */
  readonly expired: readonly AcceptedEntry[];
  /** Entries that match nothing, and can go. */
  readonly unmatched: readonly AcceptedEntry[];
}

/**
 * Reads an allow file: `{"accepted":[{"id" or fields, "reason", "expires"}]}`.
 *
 * @throws InputError with every problem at once
 */
export function readAccepted(value: unknown, where: string): readonly AcceptedEntry[] {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data.accepted;
  throw new InputError(
    parsed.error.issues.map(({ message, path }) => ({
      what: `${path.join(".") || "the file"} ${message}.`,
      where,
      next: 'An entry is {"id":"…","reason":"…","expires":"2026-12-31"}.',
    })),
  );
}

/** @param today `2026-11-22`; an entry is good on its last day */
export function accept(changes: readonly FoundChange[], entries: readonly AcceptedEntry[], today: string): Acceptance {
  const good = entries.filter(({ expires }) => expires >= today);
  const used = new Set<AcceptedEntry>();
  const open: FoundChange[] = [];
  const accepted: { change: FoundChange; by: AcceptedEntry }[] = [];
  for (const change of changes) {
    const by = good.find((one) => matches(one, change));
    if (by === undefined) open.push(change);
    else {
      used.add(by);
      accepted.push({ change, by });
    }
  }
  return {
    open,
    accepted,
    expired: entries.filter(({ expires }) => expires < today),
    unmatched: good.filter((one) => !used.has(one)),
  };
}

function matches(one: AcceptedEntry, change: FoundChange): boolean {
  if (one.id !== undefined && one.id !== changeId(change)) return false;
  return fields.every((name) => one[name] === undefined || one[name] === change[name]);
}

/** Twelve characters that name a finding, the same in every run. */
export function changeId(change: FoundChange): string {
  const { before, after } = change;
  const named = [...fields.map((name) => change[name]), before.outcome, after.outcome];
  return createHash("sha256").update(JSON.stringify(named)).digest("hex").slice(0, 12);
}
