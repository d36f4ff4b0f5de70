import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cdktfAppOf } from "../../proof/gateway/cdktf-app";
import { watch } from "../../proof/gateway/watch";
import { directoryOf, shop, writeConfiguration } from "./directory";
import type { Answer } from "./watched-project";
import { applyEdit, ask, copyOfThisProject, edits } from "./watched-project";

const bin = join(__dirname, "..", "..", "bin", "portcullis.js");

async function until<T>(ask: () => Promise<T> | T, wanted: T, ms = 15_000): Promise<number> {
  const from = Date.now();
  while ((await ask()) !== wanted) {
    if (Date.now() - from > ms) throw new Error(`It did not become ${String(wanted)}.`);
    await sleep(20);
  }
  return Date.now() - from;
}

const children: ChildProcess[] = [];
/** `serve --watch` on any free port, in a process that ends with the test. */
async function serve(directory: string, options: readonly string[] = []) {
  const child = spawn(process.execPath, [bin, "serve", directory, "--port", "0", "--json", "--watch", ...options]);
  children.push(child);
  const written = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (written.out += String(chunk)));
  child.stderr.on("data", (chunk) => (written.err += String(chunk)));
  await until(() => written.out.includes("\n"), true, 30_000);
  return { child, written, url: (JSON.parse(written.out) as { url: string }).url };
}
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** The shop with its open route protected by a signature. */
function closedShop(): object {
  const methods = (shop()["resource"] as Record<string, Record<string, object>>)["aws_api_gateway_method"];
  return shop({ aws_api_gateway_method: { open: { ...methods?.["open"], authorization: "AWS_IAM" } } });
}

describe("serve --watch", () => {
  it("serves a change within a second, keeps the last good state, and answers what was under way", async () => {
    const directory = directoryOf(shop());
    const { written, url } = await serve(directory);
    const status = async () => (await fetch(`${url}/live/open`)).status;
    expect(await status()).toBe(200);

    writeConfiguration(directory, closedShop());
    const asked: Promise<number>[] = [];
    const took = await until(() => {
      const answer = status();
      asked.push(answer);
      return answer;
    }, 403);
    expect(took).toBeLessThan(1_500);
    expect(new Set(await Promise.all(asked))).toEqual(new Set([200, 403]));

    writeFileSync(join(directory, "main.tf.json"), "{");
    await until(() => written.err.includes("cannot be served as it is now"), true);
    expect(await status()).toBe(403);
    writeConfiguration(directory, shop());
    await until(status, 200);
  });

  it("synthesizes a CDKTF project when its sources change", async () => {
    const directory = directoryOf(shop());
    const root = dirname(directory);
    const output = join(root, "cdktf.out");
    renameSync(directory, output);
    writeFileSync(join(root, "open.json"), JSON.stringify(shop()));
    writeFileSync(join(root, "closed.json"), JSON.stringify(closedShop()));
    writeFileSync(join(root, "main.js"), "");
    writeFileSync(
      join(root, "app.js"),
      `const fs = require("node:fs"); const text = fs.readFileSync("main.js", "utf8");
       if (text.includes("fail")) { console.error("main.js is wrong"); process.exit(1); }
       fs.copyFileSync(text.includes("closed") ? "closed.json" : "open.json", process.env.CDKTF_OUTDIR + "/main.tf.json");`,
    );
    writeFileSync(join(root, "cdktf.json"), JSON.stringify({ app: "node app.js", language: "typescript" }));
    const { written, url } = await serve(output);
    const status = async () => (await fetch(`${url}/live/open`)).status;
    expect(await status()).toBe(200);
    writeFileSync(join(root, "main.js"), "// closed");
    await until(status, 403);
    writeFileSync(join(root, "main.js"), "// fail");
    await until(() => written.err.includes("main.js is wrong"), true);
    expect(await status()).toBe(403);
  });
});

describe("serve --watch on this project", () => {
  it("answers by an edit of a route, of an environment and of a function soon, and every request in the meantime", async () => {
    const project = copyOfThisProject();
    const synthesize = (out: string) => {
      const env = { ...process.env, PORTCULLIS_ENV: "dev", CDKTF_OUTDIR: out };
      const { stderr } = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], { cwd: project, env });
      expect(String(stderr)).toBe("");
    };
    synthesize("cdktf.out");
    const { child, url } = await serve(join(project, "cdktf.out"), ["--env", "dev", "--simulate-network"]);
    for (const edit of edits) {
      const answer = () => ask(url, edit.path(1), edit.sourceIp(1));
      expect(edit.isNew(await answer(), 1)).toBe(false);
      applyEdit(project, edit, 1);
      const asked: Promise<Answer>[] = [];
      const isNew = async () => {
        asked.push(answer());
        return edit.isNew(await answer(), 1);
      };
      // A second where nothing else runs (bench/watch.ts); tests share the machine.
      await until(isNew, true, 20_000);
      const answers = await Promise.all(asked);
      expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    }
    child.kill("SIGTERM");
    await once(child, "exit");
    synthesize("plain.out");
    const { stdout } = spawnSync("diff", ["-r", "cdktf.out", "plain.out"], { cwd: project, encoding: "utf8" });
    expect(stdout).toBe("");
    rmSync(project, { recursive: true });
  }, 240_000);
});

describe("the project behind a directory", () => {
  const root = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  const settings = (value: object) => writeFileSync(join(root, "cdktf.json"), JSON.stringify(value));

  it("is the one whose output the directory is", () => {
    settings({ app: "make", output: "dist", context: { a: 1 } });
    expect(cdktfAppOf(join(root, "dist"))).toEqual({ root, command: "make", context: { a: 1 } });
    expect(cdktfAppOf(join(root, "cdktf.out"))).toBeUndefined();
    settings({ app: "make" });
    expect(cdktfAppOf(join(root, "cdktf.out"))?.command).toBe("make");
    settings({});
    expect(cdktfAppOf(join(root, "cdktf.out"))).toBeUndefined();
    expect(cdktfAppOf(join(root, "cdktf.out", "deeper"))).toBeUndefined();
  });
});

describe("watching a folder", () => {
  it("sees what is changed, added and removed, also when the folder itself is written anew, and nothing else", async () => {
    const directory = mkdtempSync(join(tmpdir(), "portcullis-test-"));
    const excluded = join(directory, "skipped");
    for (const folder of [
      excluded,
      join(directory, "node_modules"),
      join(directory, ".hidden"),
      join(directory, "deep"),
    ]) {
      mkdirSync(folder);
    }
    let changes = 0;
    const watching = watch(
      { directory, includes: (name) => name.endsWith(".json"), excludes: [excluded] },
      () => changes++,
    );
    const after = async (change: () => void) => {
      const before = changes;
      change();
      await sleep(700);
      return changes - before;
    };
    const file = join(directory, "deep", "a.json");
    expect(await after(() => writeFileSync(file, "1"))).toBe(1);
    expect(await after(() => writeFileSync(file, "22"))).toBe(1);
    expect(await after(() => ["a.json", "b.json"].forEach((name) => writeFileSync(join(directory, name), "1")))).toBe(
      1,
    );
    expect(await after(() => rmSync(directory, { recursive: true }))).toBe(1);
    expect(existsSync(file)).toBe(false);
    expect(
      await after(() => {
        mkdirSync(join(directory, "node_modules"), { recursive: true });
        for (const name of ["a.txt", "node_modules/a.json"]) writeFileSync(join(directory, name), "1");
      }),
    ).toBe(0);
    expect(await after(() => writeFileSync(join(directory, "c.json"), readFileSync(__filename)))).toBe(1);
    watching.stop();
    expect(await after(() => writeFileSync(join(directory, "c.json"), "1"))).toBe(0);
  });
});
