import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommandLine } from "../../proof/cli/run";
import { zip } from "../lambda/zips";
import { directoryOf, shop } from "./directory";

const bin = join(__dirname, "..", "..", "bin", "portcullis.js");

interface Serving {
  readonly child: ChildProcessWithoutNullStreams;
  readonly written: { out: string; err: string };
  readonly exited: Promise<number | null>;
}

function serve(...args: string[]): Serving {
  const child = spawn(process.execPath, [bin, "serve", ...args]);
  const written = { out: "", err: "" };
  child.stdout.on("data", (chunk) => (written.out += String(chunk)));
  child.stderr.on("data", (chunk) => (written.err += String(chunk)));
  const exited = once(child, "exit").then(([code]) => code as number | null);
  return { child, written, exited };
}

async function until(condition: () => boolean, ms = 15_000): Promise<void> {
  for (const end = Date.now() + ms; !condition(); await sleep(20)) {
    if (Date.now() > end) throw new Error("It did not come to that.");
  }
}

const children: Serving[] = [];
const started = async (...args: string[]) => {
  const serving = serve(...args);
  children.push(serving);
  await until(() => serving.written.out.includes("\n") || serving.child.exitCode !== null);
  return serving;
};
afterAll(() => {
  for (const { child } of children) child.kill("SIGKILL");
});

describe("portcullis serve", () => {
  const directory = directoryOf(shop());

  it("started by npx ends with the shell that npx puts around it, and frees its port", async () => {
    const command = `"${process.execPath}" "${bin}" serve "${directory}" --port 0 --json; true`;
    const shell = spawn("sh", ["-c", command], { env: { ...process.env, npm_command: "exec" } });
    let out = "";
    shell.stdout.on("data", (chunk) => (out += String(chunk)));
    await until(() => out.includes("\n"));
    const { url } = JSON.parse(out) as { url: string };
    expect((await fetch(`${url}/live/open`)).status).toBe(200);
    shell.kill("SIGKILL");
    await once(shell, "close");
    await expect(fetch(`${url}/live/open`)).rejects.toThrow();
  });

  it.each(["SIGINT", "SIGTERM"] as const)(
    "with --json prints one line once ready, and ends with 0 at %s",
    async (signal) => {
      const { child, written, exited } = await started(directory, "--port", "0", "--json");
      const ready = JSON.parse(written.out) as {
        ready: boolean;
        url: string;
        apis: { url: string; routes: unknown[] }[];
      };
      expect(ready).toMatchObject({
        ready: true,
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
        apis: [{ name: "shop", stage: "live", url: `${ready.url}/live` }],
      });
      expect(ready.apis[0]?.routes).toContainEqual({ method: "GET", path: "/open", auth: "NONE" });
      expect((await fetch(`${ready.url}/live/open`)).status).toBe(200);
      expect((await fetch(`${ready.url}/live/signed`)).status).toBe(403);
      child.kill(signal);
      expect(await exited).toBe(0);
      expect(written.out.split("\n")).toHaveLength(2);
      expect(written.err).toContain("403 GET /live/signed  MissingAuthenticationTokenException: ");
    },
  );

  it("tells a person what is served, how it is protected, what a function wrote, and with --trace each step", async () => {
    const { child, written, exited } = await started(directory, "--port", "0", "--trace");
    await until(() => written.out.includes("Ctrl-C"));
    const url = /http:\S+\/live/.exec(written.out)?.[0] ?? "";
    expect(written.out).toMatch(/GET +\/signed +AWS_IAM/);
    await fetch(`${url}/a`, { headers: { "X-Token": "deny" } });
    await until(() => written.err.includes("authorizer-policy"));
    expect(written.err).toMatch(/403 GET \/live\/a {2}AccessDeniedException/);
    expect(written.err).toMatch(/ {4}route +matched/);
    child.kill("SIGINT");
    expect(await exited).toBe(0);
  });

  it("takes a Ctrl-C that reaches it twice, and its functions too, for one, and answers what is under way", async () => {
    const slow =
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 700)); return { body: 'done' } }";
    const own = directoryOf(shop());
    zip({ "index.js": slow }, join(own, "echo.zip"));
    const child = spawn(process.execPath, [bin, "serve", own, "--port", "0", "--json"], { detached: true });
    let out = "";
    child.stdout.on("data", (chunk) => (out += String(chunk)));
    const exited = once(child, "exit").then(([code]) => code as number | null);
    await until(() => out.includes("\n"));
    const { url } = JSON.parse(out) as { url: string };
    const underWay = fetch(`${url}/live/open`).then((response) => response.text());
    await sleep(400);
    process.kill(-(child.pid ?? 0), "SIGINT");
    child.kill("SIGINT");
    expect(await underWay).toBe("done");
    expect(await exited).toBe(0);
  });

  it("leaves no function running when it is killed", async () => {
    const { child, written, exited } = await started(directory, "--port", "0", "--json");
    const { url } = JSON.parse(written.out) as { url: string };
    await fetch(`${url}/live/open`);
    const { stdout } = spawn("ps", ["-o", "pid=", "--ppid", String(child.pid)]);
    let pids = "";
    for await (const chunk of stdout) pids += String(chunk);
    const functions = pids
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map(Number);
    expect(functions.length).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await exited;
    const alive = () => functions.filter((pid) => isAlive(pid));
    await until(() => alive().length === 0, 3_000);
    expect(alive()).toEqual([]);
  });

  describe("refuses before it listens, with exit code 2 and nothing on stdout:", () => {
    const folder = mkdtempSync(join(tmpdir(), "portcullis-test-"));
    const file = (name: string, text: string) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "main.tf.json"), text);
      return join(folder, name);
    };

    it.each([
      ["a directory that is not there", () => [join(folder, "absent")], /absent/],
      ["a file that is not JSON", () => [file("broken", '{\n  "resource": {,}\n}')], /main\.tf\.json[\s\S]*2/],
      ["a directory without a REST API", () => [file("empty", "{}")], /REST API/],
      ["a port that is none", () => [directory, "--port", "http"], /'http' is not a port/],
      ["a port that is too high", () => [directory, "--port", "70000"], /'70000' is not a port/],
      ["an unknown environment", () => [directory, "--env", "nowhere"], /nowhere/],
      ["a callers file that is not there", () => [directory, "--callers", join(folder, "nobody.json")], /nobody\.json/],
      ["an option that does not exist", () => [directory, "--prot", "1"], /--prot/],
      ["two directories", () => [directory, directory], /2 arguments/],
      ["an address of another machine", () => [directory, "--host", "192.0.2.1"], /192\.0\.2\.1/],
    ])("%s", async (_name, args, message) => {
      const written = { out: "", err: "" };
      const code = await runCommandLine(["serve", ...args()], {
        cwd: folder,
        env: {},
        out: (text) => (written.out += text),
        err: (text) => (written.err += text),
        stdin: async () => "",
      });
      expect(code).toBe(2);
      expect(written.err).toMatch(message);
      expect(written.err).not.toMatch(/\n\s+at /);
      expect(written.out).toBe("");
    });

    it("a port in use", async () => {
      const taken = createServer().listen(0, "127.0.0.1");
      await once(taken, "listening");
      const { port } = taken.address() as AddressInfo;
      const { written, exited } = serve(directory, "--port", String(port));
      expect(await exited).toBe(2);
      expect(written.err).toContain(`Port ${port} on 127.0.0.1 is in use.`);
      taken.close();
    });
  });

  const other = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal)?.address;
  (other === undefined ? it.failing : it)(
    "warns where other machines can reach it, and believes no position they claim",
    async () => {
      if (other === undefined) throw new Error("This machine has no address besides loopback.");
      const { child, written, exited } = await started(
        directory,
        "--port",
        "0",
        "--json",
        "--host",
        "0.0.0.0",
        "--simulate-network",
      );
      const { url } = JSON.parse(written.out) as { url: string };
      expect(written.err).toContain("Listening on 0.0.0.0: other machines can reach this gateway");
      const response = await fetch(`${url.replace("127.0.0.1", other)}/live/open`, {
        headers: { "x-portcullis-source-ip": "203.0.113.7" },
      });
      await expect(response.json()).resolves.toMatchObject({ identity: { sourceIp: other } });
      child.kill("SIGTERM");
      expect(await exited).toBe(0);
    },
  );
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
