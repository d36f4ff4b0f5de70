import { z } from "zod";
import { InputError, type InputProblem } from "../errors";

const text = z.string("must be a string");
const values = z.record(z.string(), text, "must be an object of strings");
const credentials = z.strictObject({ accessKeyId: text, secretAccessKey: text, sessionToken: text.optional() });
const source = z
  .strictObject({
    /** The callers as the matrix names them; `*` stands for anything. */
    who: text,
    api: text.optional(),
    path: text.optional(),
    /** A role to assume with the credentials at hand: the one the row names, where `arn` is left out. */
    assumeRole: z.strictObject({ arn: text.optional(), externalId: text.optional() }).optional(),
    credentials: credentials.optional(),
    /** OAuth 2.0 client credentials; the token is sent as `Authorization: Bearer`. */
    clientCredentials: z
      .strictObject({ tokenUrl: z.url(), clientId: text, clientSecret: text, scope: text.optional() })
      .optional(),
    /** What makes a request theirs, written out: a token obtained elsewhere, signed parameters. */
    send: z.strictObject({ headers: values.optional(), query: values.optional() }).optional(),
    /** Sent as `x-api-key` to methods that ask for one, by these callers in whatever way they speak. */
    apiKey: text.optional(),
  })
  .refine((one) => waysOf(one).length === 1 || (waysOf(one).length === 0 && one.apiKey !== undefined), {
    error: "must have exactly one of assumeRole, credentials, clientCredentials and send, or an apiKey alone",
  });
const WAYS = ["assumeRole", "credentials", "clientCredentials", "send"] as const;
const waysOf = (one: Partial<Record<(typeof WAYS)[number], unknown>>) => WAYS.filter((way) => one[way] !== undefined);
const schema = z.strictObject({ sources: z.array(source, "must be a list") });

/** How to speak as a class of callers. Secrets stand in it as `${NAME}`, the name of an environment variable. */
export type Source = z.infer<typeof source>;

/**
 * Reads a file of sources: `{"sources":[{"who":"…","send":{"headers":{"Authorization":"Bearer ${TOKEN}"}}}]}`.
 *
 * @param env where `${NAME}` is looked up; every name that is not there is a problem
 * @throws InputError with every problem at once; no value of a variable stands in it
 */
export function readSources(
  value: unknown,
  where: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly Source[] {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.map(({ message, path }): InputProblem => ({
        what: `${path.join(".") || "the file"} ${message}.`,
        where,
      })),
    );
  }
  const missing = new Set<string>();
  const filled = fill(parsed.data.sources, env, missing) as readonly Source[];
  if (missing.size > 0) {
    throw new InputError(
      [...missing].map((name) => ({
        what: `The environment has no variable ${name}.`,
        where,
        next: "Set it, or take the source out.",
      })),
    );
  }
  return filled;
}

type CallersOfRow = Readonly<Record<"who" | "api" | "path", string>>;

/** How to speak as the callers of a row: the first source that fits and says so. */
export function sourceFor(sources: readonly Source[], row: CallersOfRow): Source | undefined {
  return sources.find((source) => waysOf(source).length > 0 && fits(source, row));
}

/** The API key for a row: that of the first source that fits and has one. */
export function apiKeyFor(sources: readonly Source[], row: CallersOfRow): string | undefined {
  return sources.find((source) => source.apiKey !== undefined && fits(source, row))?.apiKey;
}

function fits({ who, api, path }: Source, row: CallersOfRow): boolean {
  return (
    matches(who, row.who) && (api === undefined || api === row.api) && (path === undefined || matches(path, row.path))
  );
}

function fill(value: unknown, env: Readonly<Record<string, string | undefined>>, missing: Set<string>): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{(\w+)\}/g, (_whole, name: string) => {
      const found = env[name];
      if (found === undefined || found === "") missing.add(name);
      return found ?? "";
    });
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, env, missing));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fill(member, env, missing)]));
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`, "s").test(name);
}
