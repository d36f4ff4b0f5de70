import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import invariants from "../../../invariants";
import { prepareChecks, runChecks } from "../../../proof/analysis/checks/run";
import { proveInvariants } from "../../../proof/analysis/invariants/prove";
import { loadModel } from "../../../proof/model/load";

const ROOT = join(__dirname, "..", "..", "..");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, PORTCULLIS_ENV: "", CDKTF_OUTDIR: folder },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(["dev", "staging", "prod"])("the environment %s of this project", (environment) => {
  it("has no finding, and keeps every invariant", () => {
    const model = loadModel(folder, { environment });
    const context = prepareChecks(model, { paths: invariants.flatMap(({ paths }) => paths) });
    expect(model.problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(runChecks(context)).toEqual([]);
    expect(proveInvariants(context, invariants, "invariants.ts")).toEqual([]);
    // Each sentence is about this environment or about another's stage, so none is true for want of a subject.
    const about = invariants.filter(({ concerns }) => context.stages.some(({ api, stage }) => concerns(api, stage)));
    expect(about.length).toBeGreaterThanOrEqual(8);
  });
});
