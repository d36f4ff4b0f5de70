import { exec, spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { routes } from "../../environments/routes";

const root = join(__dirname, "..", "..");
const run = promisify(exec);
const EXAMPLE = /^ {2}# (\d{3}): (.*)\n {2}(.*)$/gm;

let started: ChildProcess;
let printed = "";

beforeAll(async () => {
  started = spawn(process.execPath, ["--import", "tsx", "scripts/start/start.ts", "--port", "0"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let problems = "";
  started.stderr?.on("data", (chunk: Buffer) => (problems += chunk.toString()));
  await new Promise<void>((resolve, reject) => {
    started.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes("Stop with Ctrl-C")) resolve();
    });
    started.once("exit", (code) => reject(new Error(`npm start ended with ${code}: ${problems}`)));
  });
}, 60_000);

afterAll(async () => {
  const ended = new Promise<number | null>((resolve) => started.once("exit", resolve));
  started.kill("SIGTERM");
  expect(await ended).toBe(0);
});

it("answers every command that npm start prints with the status it promises, let in and refused for each route", async () => {
  const examples = [...printed.matchAll(EXAMPLE)].map(([, status, because, command]) => ({ status, because, command }));
  expect(examples).toHaveLength(2 * routes.routes.length);
  const wrong: unknown[] = [];
  for (const { status, because, command = "" } of examples) {
    const { stdout, stderr } = await run(command, { cwd: root });
    const answered = /^HTTP\/1\.1 (\d{3})/.exec(stdout)?.[1];
    if (answered !== status) wrong.push({ command, because, promised: status, answered, stdout, stderr });
  }
  expect(wrong).toEqual([]);
}, 240_000);
