import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cognito,
  iam,
  oauth,
  publicRoute,
  signedParameters,
  type Protection,
} from "../../constructs/routes/protection";
import type { Route, Verb } from "../../constructs/routes/route";
import { defineRoutes } from "../../constructs/routes/route-table";
import { dev } from "../../environments/dev";
import { synthesize } from "../../stacks/synthesize";

const bin = join(__dirname, "..", "..", "bin", "portcullis.js");
const folder = realpathSync(mkdtempSync(join(tmpdir(), "portcullis-many-")));
const outdir = join(folder, "cdktf.out");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sixty things of five kinds, each with five routes below a path of its own: 300 routes, and one function for all. */
const PROTECTIONS: readonly (readonly [string, (verb: Verb) => Protection])[] = [
  ["orders", () => iam({ partners: ["acme"] })],
  ["ledgers", () => iam({ ownAccount: true })],
  ["profiles", () => cognito({ scopes: ["profile/read"] })],
  ["reports", (verb) => oauth({ scopes: [verb === "GET" ? "reports/read" : "reports/write"] })],
  ["hooks", () => signedParameters({ clients: ["acme"] })],
];
const things = PROTECTIONS.flatMap(([kind, protection]) =>
  Array.from({ length: 12 }, (_, index) => ({ path: `/${kind}/thing-${index}`, protection })),
);
const ENDS: readonly (readonly [Verb, string])[] = [
  ["GET", ""],
  ["POST", ""],
  ["GET", "/{id}"],
  ["PUT", "/{id}"],
  ["DELETE", "/{id}"],
];
const routes: readonly Route[] = [
  { verb: "GET", path: "/health", protection: publicRoute({ reason: "Says that the API is up." }), handler: "health" },
  ...things.flatMap(({ path, protection }) =>
    ENDS.map(([verb, end]) => ({ verb, path: `${path}${end}`, protection: protection(verb), handler: "caller" })),
  ),
];

function portcullis(args: readonly string[]): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [bin, ...args], { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 26 });
}

describe("A contract of 301 routes", () => {
  beforeAll(() => synthesize([dev], defineRoutes(routes), { outdir }));

  it("synthesizes within the limits of AWS and passes every check", () => {
    expect(JSON.parse(portcullis(["check", outdir, "--json"]).stdout)).toEqual({ findings: [] });
  });

  it("admits to each route exactly whom it is for", () => {
    const api = "portcullis-dev-public-api";
    const partner = { arn: "arn:aws:iam::222222222222:role/portcullis-dev-acme" };
    const asked = routes.flatMap(({ verb, path }) =>
      [partner, null].map((caller) => ({
        api,
        stage: "dev",
        method: verb,
        path: path.replace("{id}", "7"),
        caller,
        sourceIp: "203.0.113.7",
      })),
    );
    const file = join(folder, "requests.jsonl");
    writeFileSync(file, asked.map((request) => JSON.stringify(request)).join("\n"));
    const answers = portcullis(["explain", outdir, "--batch", file, "--json"])
      .stdout.trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { outcome: string; status: number });
    const outcome = (path: string, anonymous: boolean): string => {
      if (path === "/health") return "allow 200";
      if (path.startsWith("/orders/")) return anonymous ? "deny 403" : "allow 200";
      if (path.startsWith("/ledgers/")) return "deny 403";
      return "deny 401";
    };
    expect(
      answers.map(({ outcome, status }, index) => [asked[index]?.method, asked[index]?.path, `${outcome} ${status}`]),
    ).toEqual(asked.map(({ method, path, caller }) => [method, path, outcome(path, caller === null)]));
  });
});
