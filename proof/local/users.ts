import { randomBytes, randomUUID, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { UserPool } from "../model/types";
import type { TokenUser } from "./issuer-claims";

/** Cognito's `UserStatus`, as far as local users can have it. */
export type UserStatus = "UNCONFIRMED" | "CONFIRMED" | "FORCE_CHANGE_PASSWORD" | "RESET_REQUIRED";

export interface PasswordHash {
  readonly salt: string;
  readonly hash: string;
}

/** One user of a local pool as stored. Neither password nor code is ever stored in clear. */
export interface LocalUser {
  readonly sub: string;
  /** What the user signs up with; equal to `sub` where the pool's users sign in with an e-mail address or phone number. */
  readonly username: string;
  status: UserStatus;
  enabled: boolean;
  attributes: Record<string, string>;
  groups: string[];
  password?: PasswordHash;
  /** What SRP proves the password with: salt and verifier, both hex. */
  srp?: { readonly salt: string; readonly verifier: string };
  /** Until when a password set by an administrator signs in, in ms since the epoch. */
  temporaryUntil?: number;
  /** Base32. Set once the user has shown a code of it. */
  totpSecret?: string;
  /** Set by the user's preference; asked for where the pool leaves MFA to its users. */
  mfaPreferred?: boolean;
  /** The last accepted 30-second step, so that a code is good once. */
  totpStep?: number;
  /** The code sent last, for sign-up or a forgotten password. */
  code?: {
    readonly purpose: "sign-up" | "password";
    readonly hash: PasswordHash;
    readonly expires: number;
    tries: number;
  };
  /** Milliseconds since the epoch. */
  readonly created: number;
  modified: number;
  /** Tokens issued before are refused by the user's own operations. Milliseconds since the epoch. */
  signedOut?: number;
}

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);
const COST = { N: 16_384, r: 8, p: 1 };

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(16);
  return { salt: salt.toString("base64"), hash: (await derive(password, salt, 32, COST)).toString("base64") };
}

/** Takes as long for a user without a password, and for no user at all, as for a wrong one. */
export async function isPassword(password: string, stored: PasswordHash | undefined): Promise<boolean> {
  const salt = stored === undefined ? randomBytes(16) : Buffer.from(stored.salt, "base64");
  const derived = await derive(password, salt, 32, COST);
  return stored !== undefined && timingSafeEqual(derived, Buffer.from(stored.hash, "base64"));
}

export function newUser(pool: UserPool, name: string, attributes: Record<string, string>, now: number): LocalUser {
  const sub = randomUUID();
  const signInWith = signInAttributes(pool);
  const [attribute] = signInWith.filter((kind) => kind === (name.startsWith("+") ? "phone_number" : "email"));
  return {
    sub,
    username: signInWith.length > 0 ? sub : name,
    status: "UNCONFIRMED",
    enabled: true,
    attributes: { ...attributes, ...(attribute === undefined ? {} : { [attribute]: name }) },
    groups: [],
    created: now,
    modified: now,
  };
}

/** The user that a person means by that name: the username, the `sub`, or an alias that the pool lets them sign in with. */
export function findUser(pool: UserPool, users: readonly LocalUser[], name: string): LocalUser | undefined {
  const same = (value: string | undefined): boolean =>
    value !== undefined && (isCaseSensitive(pool) ? value === name : value.toLowerCase() === name.toLowerCase());
  const required = signInAttributes(pool);
  const aliases = list(pool.settings["alias_attributes"]);
  return users.find(
    (user) =>
      user.sub === name ||
      same(user.username) ||
      required.some((attribute) => same(user.attributes[attribute])) ||
      // An alias counts only once it is verified (developer guide, "Aliasing sign-in attributes").
      aliases.some((alias) => {
        const isName = alias === "preferred_username";
        return (isName || user.attributes[`${alias}_verified`] === "true") && same(user.attributes[alias]);
      }),
  );
}

/** The e-mail address or phone number that users sign in with instead of a name. */
export function signInAttributes(pool: UserPool): readonly string[] {
  return list(pool.settings["username_attributes"]);
}

/** The user as tokens name them. Booleans are text in the store, as in the API, and booleans in tokens. */
export function tokenUser(user: LocalUser): TokenUser {
  const attributes = Object.entries(user.attributes).map(([name, value]): [string, string | boolean] => [
    name,
    name.endsWith("_verified") ? value === "true" : value,
  ]);
  return { sub: user.sub, username: user.username, attributes: Object.fromEntries(attributes), groups: user.groups };
}

interface PasswordPolicy {
  readonly minimum_length?: number;
  readonly require_uppercase?: boolean;
  readonly require_lowercase?: boolean;
  readonly require_numbers?: boolean;
  readonly require_symbols?: boolean;
}

/** The characters that count as symbols (developer guide, "Adding user pool password requirements"). */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/;

/** Cognito's words for the first rule of the pool's password policy that is broken; undefined where none is. */
export function passwordFault(pool: UserPool, password: string): string | undefined {
  const policy = block(pool.settings["password_policy"]) as PasswordPolicy | undefined;
  // Without a policy Cognito asks for eight characters of all four kinds.
  const rule = policy ?? {
    require_uppercase: true,
    require_lowercase: true,
    require_numbers: true,
    require_symbols: true,
  };
  const say = (what: string): string => `Password did not conform with policy: ${what}`;
  if (password.length < (rule.minimum_length ?? 8)) return say("Password not long enough");
  if (password.length > 256) return say("Password too long");
  if (rule.require_uppercase === true && !/[A-Z]/.test(password)) return say("Password must have uppercase characters");
  if (rule.require_lowercase === true && !/[a-z]/.test(password)) return say("Password must have lowercase characters");
  if (rule.require_numbers === true && !/[0-9]/.test(password)) return say("Password must have numeric characters");
  if (rule.require_symbols === true && !SYMBOL.test(password)) return say("Password must have symbol characters");
  return undefined;
}

/** Terraform writes a nested block as an object or as a list of one. */
export function block(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const found: unknown = Array.isArray(value) ? value[0] : value;
  return typeof found === "object" && found !== null ? (found as Readonly<Record<string, unknown>>) : undefined;
}

export function list(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

/** The API's default (`UsernameConfigurationType`): names are case sensitive unless the pool says otherwise. */
function isCaseSensitive(pool: UserPool): boolean {
  return block(pool.settings["username_configuration"])?.["case_sensitive"] !== false;
}
