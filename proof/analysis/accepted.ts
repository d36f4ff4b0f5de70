import { createHash } from "node:crypto";
import { z } from "zod";
import { InputError } from "../errors";
import { DIFF_KINDS } from "./change";
import type { FoundChange } from "./change";

const CHANGE = ["kind", "api", "stage", "method", "path", "who", "network"] as const;
const FINDING = ["rule", "file", "address"] as const;
const text = z.string("must be a string");
const WHY = "say why it is accepted";
const shape = ({
  code,
  keys,
  input,
}: {
  readonly code?: string;
  readonly keys?: unknown;
  readonly input?: unknown;
}) => {
  if (code === "unrecognized_keys" && Array.isArray(keys)) return `has the unknown member '${keys.join("', '")}'`;
  return input === undefined ? "is missing" : "must be an object";
};
const entry = z
  .strictObject(
    {
      id: text.optional(),
      kind: z.enum(DIFF_KINDS, `must be one of ${DIFF_KINDS.join(", ")}`).optional(),
      api: text.optional(),
      stage: text.optional(),
      method: text.optional(),
      path: text.optional(),
      who: text.optional(),
      network: text.optional(),
      rule: text.optional(),
      file: text.optional(),
      address: text.optional(),
      reason: z
        .string({ error: ({ input }) => `${input === undefined ? "is missing" : "must be a string"}: ${WHY}` })
        .trim()
        .min(1, `is empty: ${WHY}`),
      expires: z.iso.date("must be a date such as 2026-12-31"),
    },
    { error: shape },
  )
  .refine((one) => speaksOfChange(one) || speaksOfFinding(one), {
    error: `must name what it accepts: id, or some of ${CHANGE.join(", ")} (diff), or of ${FINDING.join(", ")} (check)`,
  })
  .refine((one) => !speaksOfChange(one) || !speaksOfFinding(one), {
    error: `must name either ${CHANGE.join(", ")} (diff) or ${FINDING.join(", ")} (check)`,
  });
const schema = z.strictObject({ accepted: z.array(entry, "must be a list") }, { error: shape });

/** Something that is accepted until its last day. */
export type AcceptedEntry = z.infer<typeof entry>;

/** What an entry can call something by. */
export type Names = {
  readonly [name in "id" | (typeof CHANGE)[number] | (typeof FINDING)[number]]?: string | undefined;
};

/** One file serves both commands, so each looks at its own entries alone. */
export interface AcceptedEntries {
  /** For `diff`. */
  readonly changes: readonly AcceptedEntry[];
  /** For `check`. */
  readonly findings: readonly AcceptedEntry[];
}

/** What an allow file does to what was found. */
export interface Acceptance<T> {
  readonly open: readonly T[];
  readonly accepted: readonly { readonly one: T; readonly by: AcceptedEntry }[];
  /** Entries past their day: they accept nothing. */
  readonly expired: readonly AcceptedEntry[];
  /** Entries that match nothing, and can go. */
  readonly unmatched: readonly AcceptedEntry[];
}

/**
 * Reads an allow file: `{"accepted":[{"id" or members, "reason", "expires"}]}`.
 *
 * @throws InputError with every problem at once
 */
export function readAccepted(value: unknown, where: string): AcceptedEntries {
  const parsed = schema.safeParse(value);
  if (parsed.success) {
    const { accepted } = parsed.data;
    return { changes: accepted.filter(speaksOfChange), findings: accepted.filter(speaksOfFinding) };
  }
  throw new InputError(
    parsed.error.issues.map(({ message, path }) => ({
      what: `${path.join(".") || "the file"} ${message}.`,
      where,
      next: 'An entry is {"id":"…","reason":"…","expires":"2026-12-31"}.',
    })),
  );
}

/** Ids of changes are hexadecimal alone; those of findings begin with their rule and a colon. */
function speaksOfChange(one: Names): boolean {
  return one.id?.includes(":") === false || CHANGE.some((name) => one[name] !== undefined);
}

function speaksOfFinding(one: Names): boolean {
  return one.id?.includes(":") === true || FINDING.some((name) => one[name] !== undefined);
}

/**
 * @param namesOf what entries call something by
 * @param today `2026-11-22`; an entry is good on its last day
 */
export function accept<T>(
  found: readonly T[],
  entries: readonly AcceptedEntry[],
  namesOf: (one: T) => Names,
  today: string,
): Acceptance<T> {
  const good = entries.filter(({ expires }) => expires >= today);
  const used = new Set<AcceptedEntry>();
  const open: T[] = [];
  const accepted: { one: T; by: AcceptedEntry }[] = [];
  for (const one of found) {
    const names = namesOf(one);
    const by = good.find((each) => matches(each, names));
    if (by === undefined) open.push(one);
    else {
      used.add(by);
      accepted.push({ one, by });
    }
  }
  return {
    open,
    accepted,
    expired: entries.filter(({ expires }) => expires < today),
    unmatched: good.filter((one) => !used.has(one)),
  };
}

function matches(one: AcceptedEntry, names: Names): boolean {
  return (["id", ...CHANGE, ...FINDING] as const).every((name) => one[name] === undefined || one[name] === names[name]);
}

/** Twelve characters that name a change, the same in every run. */
export function changeId(change: FoundChange): string {
  const { before, after } = change;
  return digest([...CHANGE.map((name) => change[name]), before.outcome, after.outcome]);
}

/** Twelve hexadecimal characters. */
export function digest(named: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(named)).digest("hex").slice(0, 12);
}
