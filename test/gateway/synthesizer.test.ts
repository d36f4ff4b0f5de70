import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Synthesizer } from "../../proof/gateway/synthesizer";

const packages = join(__dirname, "..", "..", "node_modules");

/** A CDKTF project with a package `cdktf` that counts how often a process loads it and says when. */
function project(app: string, main = "main.js"): string {
  const root = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  writePackage(root, "first");
  writeFileSync(join(root, "package.json"), "{}");
  for (const name of ["tsx", "esbuild", "@esbuild"])
    symlinkSync(join(packages, name), join(root, "node_modules", name));
  writeFileSync(join(root, main), app);
  return root;
}

function writePackage(root: string, version: string): void {
  mkdirSync(join(root, "node_modules", "cdktf"), { recursive: true });
  writeFileSync(
    join(root, "node_modules", "cdktf", "index.js"),
    `exports.version = ${JSON.stringify(version)}; exports.loadedAt = performance.timeOrigin + performance.now();`,
  );
}

/** Writes what it was given and what it found, and whether the package was loaded before its main file ran. */
const app = `
  const ranAt = performance.timeOrigin + performance.now();
  const { version, loadedAt } = require("cdktf");
  const { writeFileSync, readFileSync } = require("node:fs");
  const { argv, execArgv, env } = process;
  writeFileSync(env.CDKTF_OUTDIR + "/out.json", JSON.stringify({
    version, source: readFileSync("source.txt", "utf8"), argv, execArgv, main: require.main === module,
    context: env.CDKTF_CONTEXT_JSON, environment: env.PORTCULLIS_ENV, path: env.PATH,
    traces: Object.keys(env).filter((name) => /PORTCULLIS_(?!ENV)/.test(name)),
  }));
  writeFileSync("how.txt", loadedAt < ranAt ? "stood ready" : "started anew");
  if (readFileSync("source.txt", "utf8") === "wrong") { console.error("source.txt is wrong"); process.exit(3); }
`;

const open: Synthesizer[] = [];
function synthesizer(root: string, command: string): { synthesizer: Synthesizer; out: () => unknown } {
  const directory = join(root, "out");
  mkdirSync(directory, { recursive: true });
  const made = new Synthesizer({ root, command, context: { a: 1 } }, directory, { PORTCULLIS_ENV: "dev" });
  open.push(made);
  return { synthesizer: made, out: () => JSON.parse(readFileSync(join(directory, "out.json"), "utf8")) as unknown };
}
/** How the process of the last synthesis came to be. */
const how = (root: string) => readFileSync(join(root, "how.txt"), "utf8");
const source = (root: string, text: string) => writeFileSync(join(root, "source.txt"), text);

afterEach(() => {
  for (const each of open.splice(0)) each.stop();
});

describe("a synthesis again", () => {
  it.each([
    ["node main.js --flag=1 second", "main.js"],
    ["node --no-warnings --require ./before.js main.js", "main.js"],
    ["node --import tsx main.ts", "main.ts"],
    ["npx tsx main.ts", "main.ts"],
  ])("of '%s' comes from a process that stood ready, and is the same but for what changed", async (command, main) => {
    const root = project(app, main);
    writeFileSync(join(root, "before.js"), "");
    mkdirSync(join(root, "node_modules", ".bin"));
    symlinkSync(join(packages, "tsx", "dist", "cli.mjs"), join(root, "node_modules", ".bin", "tsx"));
    const { synthesizer: made, out } = synthesizer(root, command);
    source(root, "one");
    expect((await made.run()).ok).toBe(true);
    expect(how(root)).toBe("started anew");
    const first = out() as object;
    source(root, "two");
    expect((await made.run()).ok).toBe(true);
    expect(how(root)).toBe("stood ready");
    expect(out()).toEqual({ ...first, source: "two" });
    expect(first).toMatchObject({ version: "first", context: '{"a":1}', environment: "dev" });
  });

  it("runs the main file as it is by then, and tells how it failed", async () => {
    const root = project(app);
    const { synthesizer: made, out } = synthesizer(root, "node main.js");
    source(root, "one");
    await made.run();
    source(root, "wrong");
    expect(await made.run()).toEqual({ ok: false, said: "source.txt is wrong\n" });
    writeFileSync(join(root, "main.js"), app.replace("version, source", "edited: true, source"));
    source(root, "three");
    expect((await made.run()).ok).toBe(true);
    expect(out()).toMatchObject({ edited: true, source: "three" });
  });

  it("stands ready before the first change, without a trace of the run that told how", async () => {
    const root = project(app);
    source(root, "one");
    const { synthesizer: made, out } = synthesizer(root, "node main.js");
    // An app may make its output folder by itself, as CDKTF does.
    writeFileSync(
      join(root, "main.js"),
      app.replace(
        "writeFileSync(env",
        'require("node:fs").mkdirSync(env.CDKTF_OUTDIR, { recursive: true }); writeFileSync(env',
      ),
    );
    await made.warmUp();
    expect(out).toThrow("ENOENT");
    expect((await made.run()).ok).toBe(true);
    expect(how(root)).toBe("stood ready");
  });

  it("does not use a process whose packages were changed", async () => {
    const root = project(app);
    const { synthesizer: made, out } = synthesizer(root, "node main.js");
    source(root, "one");
    await made.run();
    await sleep(500);
    writePackage(root, "second");
    expect((await made.run()).ok).toBe(true);
    expect(how(root)).toBe("started anew");
    expect(out()).toMatchObject({ version: "second" });
  });

  it.each([
    ["a step before it", "node before.js && node main.js"],
    ["another program", "sh run.sh"],
    ["a variable of the shell", "MODE=a node main.js"],
  ])("starts anew each time where the command has %s", async (_what, command) => {
    const root = project(app);
    writeFileSync(join(root, "before.js"), "");
    writeFileSync(join(root, "run.sh"), "node main.js");
    const { synthesizer: made } = synthesizer(root, command);
    source(root, "one");
    await made.run();
    expect((await made.run()).ok).toBe(true);
    expect(how(root)).toBe("started anew");
  });

  it("takes no process that the app itself starts for the app", async () => {
    const root = project(
      `require("node:fs").appendFileSync("steps.txt", "built ");
       const { status } = require("node:child_process").spawnSync(process.execPath, ["app.js"], { stdio: "inherit" });
       process.exitCode = status;`,
    );
    writeFileSync(join(root, "app.js"), app);
    source(root, "one");
    const { synthesizer: made } = synthesizer(root, "node main.js");
    expect((await made.run()).ok).toBe(true);
    expect((await made.run()).ok).toBe(true);
    expect(readFileSync(join(root, "steps.txt"), "utf8")).toBe("built built ");
  });

  const childrenIn = (root: string) =>
    spawnSync("ps", ["-o", "args=", "--ppid", String(process.pid)], { encoding: "utf8" })
      .stdout.split("\n")
      .filter((line) => line.includes(root));

  it("has one process stand ready, also after an edit during the run that learns how", async () => {
    const root = project(app);
    source(root, "one");
    const { synthesizer: made } = synthesizer(root, "node main.js");
    await Promise.all([made.warmUp(), made.run()]);
    expect(childrenIn(root)).toHaveLength(1);
  });

  it("leaves no process behind once it is stopped", async () => {
    const root = project(app);
    source(root, "one");
    const { synthesizer: made } = synthesizer(root, "node main.js");
    await made.run();
    expect(childrenIn(root)).toHaveLength(1);
    made.stop();
    await sleep(300);
    expect(childrenIn(root)).toEqual([]);
  });
});
