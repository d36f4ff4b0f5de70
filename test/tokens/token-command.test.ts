import { parseArgs } from "node:util";
import { tokenCommand } from "../../proof/cli/commands/token";
import { LocalIssuers } from "../../proof/local/issuer";
import { StateFolder } from "../../proof/local/state";
import { verifyUserPoolToken } from "../../proof/tokens/verify";
import { browser, machine, model, pool, temporaryState } from "../local/issuer-fixture";

const { directory } = temporaryState();
const command = tokenCommand(async (given) => {
  expect(given).toBe(directory);
  return model();
});

/** Runs the command as the command line does; answers what it wrote to stdout. */
async function token(...args: string[]): Promise<string> {
  const { values, positionals } = parseArgs({ args, options: command.options, allowPositionals: true, strict: true });
  const written: string[] = [];
  const io = {
    cwd: directory.slice(0, directory.lastIndexOf("/")),
    env: {},
    out: (text: string) => void written.push(text),
    err: () => undefined,
    stdin: async () => "",
  };
  expect(await command.run(io, { dir: "out", ...values }, positionals)).toBe(0);
  return written.join("");
}

const accepted = (value: string, scopes: readonly string[]) =>
  verifyUserPoolToken(value, {
    issuers: [pool().issuer],
    keyOf: new LocalIssuers(new StateFolder(directory)).keyOf,
    now: Date.now(),
    scopes,
  });

describe("portcullis token", () => {
  it("writes the token alone on one line, and the authorizer takes it", async () => {
    const written = await token("machine");
    expect(written).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(accepted(written.trimEnd(), ["orders/read"])).toMatchObject({
      outcome: "accepted",
      claims: { client_id: machine.clientId, scope: "orders/read orders/write" },
    });
  });

  it("gives an ID token that a method without scopes takes", async () => {
    const written = await token("browser", "--user", "alice", "--use", "id", "--group", "readers", "--group", "admins");
    expect(accepted(written.trimEnd(), [])).toMatchObject({
      outcome: "accepted",
      claims: { aud: browser.clientId, "cognito:username": "alice", "cognito:groups": ["readers", "admins"] },
    });
  });

  it("gives a token that has expired already", async () => {
    const written = await token("machine", "--expires-in=-60");
    expect(accepted(written.trimEnd(), ["orders/read"])).toMatchObject({ outcome: "rejected", expired: true });
  });

  it("writes the claims beside the token with --json", async () => {
    const written = await token(
      "machine",
      "--scope",
      "orders/write",
      "--json",
      "--claim",
      "tenant=acme",
      "--claim",
      "n=[1]",
    );
    const answer = JSON.parse(written) as { token: string; claims: object };
    expect(Object.keys(answer)).toEqual(["token", "claims"]);
    expect(answer.claims).toMatchObject({ scope: "orders/write", tenant: "acme", n: [1] });
  });

  it.each<[string, string[], string]>([
    ["an unknown client", ["nobody"], "The known ones are: browser, machine, native"],
    ["a use that is none", ["browser", "--use", "refresh"], "--use: 'refresh' is no token use."],
    ["seconds that are none", ["browser", "--expires-in", "1h"], "--expires-in: '1h' is no number of seconds."],
    ["half a second", ["browser", "--expires-in", "0.5"], "--expires-in: '0.5' is no number of seconds."],
    ["no seconds", ["browser", "--expires-in", ""], "--expires-in: '' is no number of seconds."],
    ["a scope with a quote", ["browser", "--scope", 'a"b'], "--scope: 'a\"b' is no scope."],
    ["a claim without a value", ["browser", "--claim", "tenant"], "--claim: 'tenant' is no NAME=VALUE."],
    ["an empty user", ["browser", "--user", ""], "--user: The name is empty."],
    ["several of these at once", ["browser", "--use", "x", "--claim", "y"], "--claim: 'y'"],
  ])("refuses %s", async (_what, args, words) => {
    await expect(token(...args)).rejects.toMatchObject({ name: "InputError", message: expect.stringContaining(words) });
  });
});
