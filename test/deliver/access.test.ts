import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { copyOfTheProject, deliver, edit, git } from "../real-terraform/project";

// Each synthesizes two commits, compares them and checks one, as programs of their own.
jest.setTimeout(180_000);

/** A pull request that adds the environment sandbox and removes prod. */
let project: string;
const run = (...args: string[]) => deliver(project, args, { CI: "true", GITHUB_OUTPUT: "", GITHUB_STEP_SUMMARY: "" });
const report = (environment: string): string =>
  readFileSync(join(project, "reviews", environment, "access.md"), "utf8");

beforeAll(() => {
  project = copyOfTheProject();
  const environments = join(project, "environments");
  const index = join(environments, "index.ts");
  git(project, "init", "-q", "-b", "main");
  git(project, "add", "--", ".", ":!node_modules");
  git(project, "commit", "-qm", "Base");
  git(project, "switch", "-qc", "change");
  const sandbox = readFileSync(join(environments, "dev.ts"), "utf8")
    .replaceAll("dev", "sandbox")
    .replaceAll("111111111111", "777777777777")
    .replaceAll("222222222222", "888888888888");
  writeFileSync(join(environments, "sandbox.ts"), sandbox);
  rmSync(join(environments, "prod.ts"));
  edit(index, 'import { prod } from "./prod";', 'import { sandbox } from "./sandbox";');
  edit(index, "{ dev, staging, prod }", "{ dev, staging, sandbox }");
  git(project, "add", "--", "environments");
  git(project, "commit", "-qm", "Sandbox instead of prod");
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

it("A pull request is looked at for the environments of head and base", async () => {
  const { code, stdout, stderr } = await run("pipeline", "--base", "main");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toBe('environments=["dev","staging","sandbox","prod"]\ndelivered=[]\n');
});

it("All access to an environment that is added is gained, and has to be accepted", async () => {
  const { code, stderr } = await run("access", "sandbox", "--base", "main");
  expect(stderr).toContain("gained: GET /health for anonymous");
  expect(stderr).toContain("sandbox: access was gained that is not accepted.");
  expect(code).toBe(1);
  expect(report("sandbox")).toMatch(/^\*\*This adds the environment:\*\*[^]*GET \/health[^]*🔴/);
});

it("All access to an environment that is removed is lost, and what is deployed is not forgotten", async () => {
  const { code, stdout, stderr } = await run("access", "prod", "--base", "main");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/lost/i);
  expect(report("prod")).toMatch(/^\*\*This removes the environment\.\*\*[^]*npm run destroy -- prod[^]*GET \/health/);
});

it("The comment speaks of both", async () => {
  const { stdout } = await run("comment", "--print");
  const places = ["## sandbox", "This adds the environment", "## prod", "This removes the environment"];
  const found = places.map((part) => stdout.indexOf(part));
  expect(found).not.toContain(-1);
  expect(found).toEqual([...found].sort((a, b) => a - b));
});

it("An environment that neither of them has is unknown", async () => {
  const { code, stderr } = await run("access", "prdo", "--base", "main");
  expect(stderr).toContain("There is no environment 'prdo'.");
  expect(code).toBe(2);
});
