import { acceptTotp, newTotpSecret, totp } from "../../proof/local/cognito/totp";
import { matchesFilter } from "../../proof/local/cognito/list-filter";
import { findUser, hashPassword, isPassword, newUser, passwordFault, tokenUser } from "../../proof/local/users";
import type { LocalUser } from "../../proof/local/users";
import { pool } from "./issuer-fixture";

function user(over: Partial<LocalUser> = {}): LocalUser {
  return { ...newUser(pool(), "alice", { email: "Alice@example.com" }, 0), sub: "sub-1", ...over };
}

describe("finding the user that a person means", () => {
  const verified = user({
    attributes: { email: "Alice@example.com", email_verified: "true", preferred_username: "ally" },
  });

  it.each<[string, Record<string, unknown>, LocalUser, string, boolean]>([
    ["by username", {}, user(), "alice", true],
    ["by sub", {}, user(), "sub-1", true],
    ["by username in capitals, where names are case sensitive", {}, user(), "ALICE", false],
    [
      "by username in capitals, where they are not",
      { username_configuration: [{ case_sensitive: false }] },
      user(),
      "ALICE",
      true,
    ],
    ["by e-mail address, in a pool that knows no aliases", {}, verified, "Alice@example.com", false],
    ["by e-mail address as alias", { alias_attributes: ["email"] }, verified, "Alice@example.com", true],
    ["by an unverified e-mail address as alias", { alias_attributes: ["email"] }, user(), "Alice@example.com", false],
    ["by preferred user name as alias", { alias_attributes: ["preferred_username"] }, verified, "ally", true],
    [
      "by the e-mail address one signs in with, verified or not",
      { username_attributes: ["email"] },
      user(),
      "Alice@example.com",
      true,
    ],
  ])("%s", (_how, settings, stored, name, found) => {
    expect(findUser(pool({ settings }), [stored], name)).toBe(found ? stored : undefined);
  });

  it("prefers nobody to somebody with an absent attribute", () => {
    const of = pool({ settings: { username_attributes: ["phone_number"] } });
    expect(findUser(of, [user()], "undefined")).toBeUndefined();
  });
});

describe("a password", () => {
  it("is stored so that only itself fits, under a salt of its own", async () => {
    const [first, second] = [await hashPassword("Correct-horse-7"), await hashPassword("Correct-horse-7")];
    expect(first.hash).not.toBe(second.hash);
    expect(JSON.stringify(first)).not.toContain("horse");
    expect(await isPassword("Correct-horse-7", first)).toBe(true);
    expect(await isPassword("correct-horse-7", first)).toBe(false);
    expect(await isPassword("", undefined)).toBe(false);
  });

  it.each<[string, unknown, string, string | undefined]>([
    ["of eight characters of all kinds passes Cognito's default", undefined, "Abcdef-1", undefined],
    ["without a symbol fails Cognito's default", undefined, "Abcdefg1", "Password must have symbol characters"],
    ["passes a policy that asks for length only", [{ minimum_length: 6 }], "abcdef", undefined],
    ["with a space in the middle has a symbol", { require_symbols: true }, "abc defg", undefined],
    ["longer than 256 characters is refused", [{ minimum_length: 6 }], "a".repeat(257), "Password too long"],
  ])("%s", (_what, policy, password, fault) => {
    const of = pool({ settings: policy === undefined ? {} : { password_policy: policy } });
    const said = passwordFault(of, password);
    expect(said).toBe(fault === undefined ? undefined : `Password did not conform with policy: ${fault}`);
  });
});

it("attributes that are true or false are text in the store and booleans in tokens", () => {
  const stored = user({ attributes: { email: "a@b.c", email_verified: "true", phone_number_verified: "false" } });
  expect(tokenUser(stored).attributes).toEqual({ email: "a@b.c", email_verified: true, phone_number_verified: false });
});

describe("a code of an authenticator app", () => {
  /** "12345678901234567890", the key of RFC 6238's examples. */
  const KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

  it.each([
    [59, "287082"],
    [1111111109, "081804"],
    [1111111111, "050471"],
    [1234567890, "005924"],
    [2000000000, "279037"],
    [20000000000, "353130"],
  ])("at second %d is %s (RFC 6238, appendix B, its last six digits)", (seconds, code) => {
    expect(totp(KEY, Math.floor(seconds / 30))).toBe(code);
  });

  it.each<[string, number, number | undefined, number | undefined]>([
    ["is taken in its own half minute", 0, undefined, 100],
    ["is taken half a minute late", 30_000, undefined, 100],
    ["is taken half a minute early", -30_000, undefined, 100],
    ["is refused a minute late", 60_000, undefined, undefined],
    ["is refused a second time", 0, 100, undefined],
    ["is refused after a later one", 0, 101, undefined],
  ])("%s", (_what, offset, last, step) => {
    expect(acceptTotp(KEY, totp(KEY, 100), 100 * 30_000 + offset, last)).toBe(step);
  });

  it("needs a secret of 256 bits, another each time", () => {
    const [first, second] = [newTotpSecret(), newTotpSecret()];
    expect(first).toMatch(/^[A-Z2-7]{52}$/);
    expect(second).not.toBe(first);
  });
});

describe("a filter of ListUsers", () => {
  it.each<[string, boolean]>([
    ["", true],
    ['username = "alice"', true],
    ['"username"="alice"', true],
    ['username = "ali"', false],
    ['username ^= "ali"', true],
    ['email ^= "Alice@"', true],
    ['cognito:user_status = "UNCONFIRMED"', true],
    ['status = "Disabled"', false],
    ['family_name = ""', false],
  ])("%s", (filter, matches) => {
    expect(matchesFilter(user(), filter)).toBe(matches);
  });

  it("that cannot be read is refused, and lets nobody through", () => {
    expect(() => matchesFilter(user(), "username != 'alice'")).toThrow(
      "One or more invalid parameters given to filter.",
    );
  });
});
