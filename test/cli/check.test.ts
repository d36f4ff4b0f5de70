import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NamedFinding } from "../../proof/analysis/checks/finding-ids";
import type { ExitCode, Io, Values } from "../../proof/cli/command";
import { checkCommand } from "../../proof/cli/commands/check";
import { Explainer } from "../../proof/cli/explain/explainer";
import { InputError } from "../../proof/errors";
import { StateFolder } from "../../proof/local/state";
import type { Model } from "../../proof/model/types";
import {
  allowAll,
  api,
  cognitoAuthorizer,
  model,
  PARTNER,
  policy,
  route,
  source,
  tokenAuthorizer,
} from "../decision/support";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "portcullis-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(loaded: Model, values: Values = {}): Promise<{ code: ExitCode; out: string; err: string }> {
  const said = { out: "", err: "" };
  const io: Io = {
    cwd: folder,
    env: {},
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    stdin: () => Promise.resolve(""),
  };
  const code = await checkCommand(() => loaded).run(io, values, ["configuration"]);
  return { code, ...said };
}

function findingsOf({ out }: { readonly out: string }): readonly NamedFinding[] {
  return (JSON.parse(out) as { findings: NamedFinding[] }).findings;
}

function allow(accepted: readonly object[]): string {
  writeFileSync(join(folder, "allow.json"), JSON.stringify({ accepted }));
  return "allow.json";
}

function invariants(...sentences: readonly string[]): string {
  const words = JSON.stringify(join(__dirname, "../../proof/analysis/invariants"));
  const text = `import { accounts, anonymous, nobody, only } from ${words};\nexport default [${sentences.join(", ")}];\n`;
  writeFileSync(join(folder, "invariants.ts"), text);
  return "invariants.ts";
}

const good = model([api({ routes: [route("GET", "/health")] })]);
const unused = model([api({ routes: [route("GET", "/health")], authorizers: [cognitoAuthorizer()] })]);
const open = model([
  api({
    routes: [
      route("GET", "/orders", { type: "AWS_IAM" }),
      route("GET", "/reports", { type: "CUSTOM", authorizer: tokenAuthorizer() }),
      route("OPTIONS", "/reports", { type: "AWS_IAM" }),
    ],
    authorizers: [tokenAuthorizer()],
    policy: policy([allowAll]),
  }),
]);

describe("portcullis check", () => {
  it.each<[string, Model, ExitCode]>([
    ["nothing is found", good, 0],
    ["there are warnings alone", unused, 0],
    ["there is an error", open, 1],
  ])("exits as it must where %s", async (_, loaded, code) => {
    expect((await run(loaded)).code).toBe(code);
  });

  it("writes one JSON document, errors first", async () => {
    const findings = findingsOf(await run(open, { json: true }));
    expect(findings.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(["resource-policy-bypass", "wildcard-principal-unpinned", "preflight-behind-authorizer"]),
    );
    for (const finding of findings) {
      expect(Object.keys(finding).sort()).toEqual(["fix", "id", "message", "rule", "severity", "where", "witness"]);
    }
    expect(findingsOf(await run(good, { json: true }))).toEqual([]);
  });

  it("tells people what, where, and what to do, by severity", async () => {
    const { out } = await run(unused);
    expect(out).toMatch(/^1 warning\n/);
    expect(out).toContain("unused-authorizer");
    expect(out).toContain("main.tf.json: aws_api_gateway_authorizer.pool");
    expect(out).toMatch(/fix {2}Remove it/);
    expect((await run(good)).out).toBe("No findings.\n");
  });

  it("gives witnesses of which explain says the same", async () => {
    const explainer = new Explainer({ model: open, state: new StateFolder(folder), warn: () => undefined });
    const findings = findingsOf(await run(open, { json: true }));
    const outcomes = await Promise.all(
      findings
        .filter(({ witness }) => witness !== null)
        .map(async ({ rule, witness }) => [rule, (await explainer.explain(witness, rule)).outcome]),
    );
    await explainer.close();
    expect(Object.fromEntries(outcomes)).toEqual({
      "resource-policy-bypass": "allow",
      "wildcard-principal-unpinned": "allow",
      "preflight-behind-authorizer": "deny",
    });
  });

  it("proves the invariants beside the directory", async () => {
    invariants("nobody(anonymous()).reachesAnything()");
    const { code, out } = await run(good, { json: true });
    expect(code).toBe(1);
    expect(findingsOf({ out })).toMatchObject([
      { rule: "invariant", where: { file: "invariants.ts" }, witness: { path: "/health", caller: null } },
    ]);
  });

  it("proves those of a named file", async () => {
    const file = invariants(`only(accounts("${PARTNER}")).reach("/orders")`);
    expect((await run(open, { json: true, invariants: file })).code).toBe(1);
  });

  it("accepts what the allow file names until its day, and says so, and goes on failing for the rest", async () => {
    const findings = findingsOf(await run(open, { json: true }));
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors.length).toBeGreaterThan(1);
    const all = errors.map(({ id }) => ({ id, reason: "taken over", expires: "2999-12-31" }));
    const allowed = await run(open, { json: true, allow: allow(all) });
    expect(allowed.code).toBe(0);
    expect(findingsOf(allowed)).toEqual(findings);
    for (const { id } of errors) expect(allowed.err).toContain(`accepted until 2999-12-31: ${id} at `);
    expect((await run(open, { allow: allow(all.slice(1)) })).code).toBe(1);
    const late = await run(open, { allow: allow(all.map((one) => ({ ...one, expires: "2020-01-01" }))) });
    expect([late.code, late.err]).toEqual([1, expect.stringContaining(`expired on 2020-01-01, accepts nothing`)]);
  });

  it("says what matches nothing on one line, whatever stands in it", async () => {
    const all = [{ id: "unused-authorizer:\n::error::\u001b[2J", reason: "taken\nover", expires: "2999-12-31" }];
    const { err } = await run(open, { allow: allow(all) });
    expect(err).toBe(
      "matches nothing, can be removed: unused-authorizer:\\u000a::error::\\u001b[2J (taken\\u000aover)\n",
    );
  });

  it("accepts by rule, file and address, and reports what matches nothing", async () => {
    const by = (more: object) => allow([{ reason: "taken over", expires: "2999-12-31", ...more }]);
    const wanted = { rule: "unused-authorizer", file: "main.tf.json", address: "aws_api_gateway_authorizer.pool" };
    expect((await run(unused, { allow: by(wanted) })).err).toContain("accepted until 2999-12-31: unused-authorizer:");
    for (const other of [
      { rule: "stale-deployment" },
      { file: "other.tf.json" },
      { address: "aws_lambda_function.x" },
    ]) {
      const { err } = await run(unused, { allow: by({ ...wanted, ...other }) });
      expect(err).toContain(`matches nothing, can be removed: ${JSON.stringify({ ...wanted, ...other })} (taken over)`);
    }
  });

  it("leaves the entries of diff alone, in the same file", async () => {
    const ofDiff = ["3f1c0d9a7b52", undefined].map((id) => ({
      ...(id === undefined ? { path: "/orders" } : { id }),
      reason: "the orders are public",
      expires: "2999-12-31",
    }));
    expect(await run(good, { allow: allow(ofDiff) })).toEqual({ code: 0, out: "No findings.\n", err: "" });
  });

  it.each<[string, object]>([
    ["names nothing", {}],
    ["names members of both commands", { rule: "stale-deployment", path: "/orders" }],
    ["names a finding by its id and a change by its members", { id: "undecided:3f1c0d9a7b52", kind: "gained" }],
    ["says not why", { rule: "undecided", reason: " " }],
    ["has a member nobody reads", { rule: "undecided", severity: "error" }],
  ])("refuses an entry that %s", async (_, entry) => {
    const file = allow([{ reason: "taken over", expires: "2999-12-31", ...entry }]);
    await expect(run(good, { allow: file })).rejects.toBeInstanceOf(InputError);
  });

  it("refuses an allow file with a member that stands twice, of which one would be dropped", async () => {
    const id = '"id":"undecided:3f1c0d9a7b52","reason":"taken over"';
    const text = `{"accepted":[{${id},"expires":"2020-01-01","expires":"2999-12-31"}]}`;
    writeFileSync(join(folder, "allow.json"), text);
    await expect(run(good, { allow: "allow.json" })).rejects.toThrow(
      'allow.json: Stands twice in one object: accepted[0]."expires".',
    );
    await expect(run(good, { allow: "no-such.json" })).rejects.toThrow("The allow file cannot be read: ENOENT");
  });

  it("refuses a file of invariants that is not there", async () => {
    await expect(run(good, { invariants: "no-such.ts" })).rejects.toBeInstanceOf(InputError);
  });

  it("refuses a configuration that could not be read, with every problem", async () => {
    const problems = ["one", "two"].map((message) => ({ message, source: source("x"), severity: "error" as const }));
    await expect(run(model(good.apis, { problems }))).rejects.toThrow(/one[\s\S]*two/);
  });

  it("says on standard error what was left out", async () => {
    const problems = [{ message: "AWS WAF is left out", source: source("x"), severity: "warning" as const }];
    const { err, out } = await run(model(good.apis, { problems }), { json: true });
    expect(err).toContain("AWS WAF is left out");
    expect(JSON.parse(out)).toEqual({ findings: [] });
  });
});
