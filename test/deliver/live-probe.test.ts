import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkSources, probeLive, reachable } from "../../scripts/deliver/live-probe";
import type { Session } from "../../scripts/deliver/session";
import type { LiveStage } from "../../scripts/deliver/stages";

const stage = (apiName: string, isPrivate = false): LiveStage => ({
  stack: "p-dev-api",
  address: "aws_api_gateway_stage.s",
  apiName,
  restApiId: "abc",
  stageName: "dev",
  deploymentId: "d1",
  url: `https://${apiName}.example/dev`,
  isPrivate,
});
const SOURCES = '{"sources":[{"who":"anonymous","send":{"headers":{"X-Key":"${PROBE_KEY}"}}}]}';

/** Says what it was given, in the place of the proof wing's own program. */
const PROGRAM = `const { readFileSync, statSync } = require("node:fs");
const args = process.argv.slice(2);
const file = args[args.indexOf("--sources") + 1];
const sources = args.includes("--sources") ? { text: readFileSync(file, "utf8"), mode: statSync(file).mode & 0o777, file } : null;
process.stdout.write(JSON.stringify({ args, sources, inherited: process.env.PROBE_SOURCES ?? null, key: process.env.PROBE_KEY ?? null }));
`;

describe("What the pipeline's probe is given", () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "portcullis-live-probe-"));
    mkdirSync(join(root, "bin"));
    writeFileSync(join(root, "bin", "portcullis.js"), PROGRAM);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const given = (env: Readonly<Record<string, string>>) => {
    const session = { io: { root, env: { ...process.env, ...env } }, directory: "out" } as unknown as Session;
    const { stdout } = probeLive(session, [stage("one"), stage("two")], ["--rate", "1"]);
    return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  };
  const targets = ["--target", "one=https://one.example/dev", "--target", "two=https://two.example/dev"];

  it("is every stage's address, and no source where none is set", () =>
    expect(given({ PROBE_SOURCES: "" })).toMatchObject({
      args: ["probe", "out", ...targets, "--rate", "1"],
      sources: null,
    }));

  it("is the sources in a file of its own that nobody else may read and that is gone afterwards", () => {
    const { sources, inherited, key, args } = given({ PROBE_SOURCES: SOURCES, PROBE_KEY: "k1" });
    expect({ sources, inherited, key }).toEqual({
      sources: { text: SOURCES, mode: 0o600, file: expect.any(String) },
      inherited: null,
      key: "k1",
    });
    expect(existsSync((sources as { file: string }).file)).toBe(false);
    expect((args as string[]).slice(-2)).toEqual(["--rate", "1"]);
  });
});

it("A private stage cannot be probed from a pipeline", () =>
  expect(reachable([stage("one"), stage("two", true)]).map(({ apiName }) => apiName)).toEqual(["one"]));

describe("The probe's sources are held to their form before a release begins", () => {
  it.each([
    ["no JSON", '{"sources": s3cret', "PROBE_SOURCES: It is not JSON."],
    ["another form", '{"sources":[{"who":"anonymous"}]}', "must have exactly one of assumeRole"],
    ["a variable that is not there", SOURCES, "The environment has no variable PROBE_KEY."],
  ])("%s", (_what, PROBE_SOURCES, message) => {
    expect(() => checkSources({ PROBE_SOURCES })).toThrow(message);
    expect(() => checkSources({ PROBE_SOURCES })).not.toThrow("s3cret");
  });

  it.each([[{}], [{ PROBE_SOURCES: "" }], [{ PROBE_SOURCES: SOURCES, PROBE_KEY: "k1" }]])("%j passes", (env) =>
    expect(() => checkSources(env)).not.toThrow(),
  );
});
