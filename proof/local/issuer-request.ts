import { InputError } from "../errors";
import type { InputProblem } from "../errors";

export interface TokenRequest {
  /** Absent: the client itself where it has the client-credentials grant, else `local-user`. */
  readonly user?: string;
  /** `access` where absent. */
  readonly use?: "id" | "access";
  /** All that the client may ask for, where none is named. */
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  /** Seconds; what the client grants where absent. Negative for an expired token. */
  readonly expiresIn?: number;
  /** Further claims, as a pre-token-generation trigger would add. They cannot replace those the issuer sets. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a person wrote on the command line, before it is checked. */
export interface RawTokenRequest {
  readonly user?: string;
  readonly use?: string;
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly expiresIn?: string;
  /** `NAME=VALUE`; a value that is JSON counts as JSON. */
  readonly claims: readonly string[];
}

/** Throws `InputError` with every option that cannot be read. */
export function parseTokenRequest(raw: RawTokenRequest, now: number): TokenRequest {
  const problems: InputProblem[] = [];
  const { use } = raw;
  if (use !== undefined && use !== "id" && use !== "access") {
    problems.push({ what: `'${use}' is no token use.`, where: "--use", next: "It is 'id' or 'access'." });
  }
  if (raw.user === "") problems.push({ what: "The name is empty.", where: "--user" });
  const expiresIn = raw.expiresIn === undefined ? undefined : Number(raw.expiresIn);
  // Beyond a hundred years a date no longer fits where others read it.
  if (
    expiresIn !== undefined &&
    (raw.expiresIn === "" || !Number.isInteger(expiresIn) || Math.abs(expiresIn) > 3.2e9)
  ) {
    problems.push({
      what: `'${raw.expiresIn}' is no number of seconds.`,
      where: "--expires-in",
      next: "A whole number; --expires-in=-60 gives a token that expired a minute ago.",
    });
  }
  const scopes = raw.scopes.flatMap((scope) => scope.split(" ")).filter((scope) => scope !== "");
  for (const scope of scopes.filter((name) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name))) {
    problems.push({
      what: `'${scope}' is no scope.`,
      where: "--scope",
      next: "RFC 6749, 3.3: printable ASCII without quotes and backslashes.",
    });
  }
  const claims = raw.claims.map((text) => {
    const equals = text.indexOf("=");
    if (equals < 1) problems.push({ what: `'${text}' is no NAME=VALUE.`, where: "--claim" });
    return [text.slice(0, equals), jsonOrText(text.slice(equals + 1))] as const;
  });
  if (problems.length > 0) throw new InputError(problems);
  return {
    ...(raw.user === undefined ? {} : { user: raw.user }),
    ...(use === "id" || use === "access" ? { use } : {}),
    ...(expiresIn === undefined ? {} : { expiresIn }),
    scopes: [...new Set(scopes)],
    groups: [...new Set(raw.groups)],
    claims: Object.fromEntries(claims),
    now,
  };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
