import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const COPIED = [
  "bin",
  "constructs",
  "environments",
  "lambdas",
  "proof",
  "scripts",
  "stacks",
  "main.ts",
  "cdktf.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  ".gitignore",
];

/** Two routes are enough to deliver, and take a tenth of the time of all. */
export const FEW_ROUTES = `import { iam, publicRoute } from "../constructs/routes/protection";
import { defineRoutes } from "../constructs/routes/route-table";

export const routes = defineRoutes([
  { verb: "GET", path: "/health", protection: publicRoute({ reason: "Says that the API is up." }), handler: "health" },
  { verb: "GET", path: "/orders", protection: iam({ partners: ["acme"] }), handler: "caller" },
]);
`;

/** A copy of this project in a folder of its own, with a small route table. */
export function copyOfTheProject(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "portcullis-project-")));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "environments", "routes.ts"), FEW_ROUTES);
  edit(join(folder, "environments", "dev.ts"), / {2}firewall: .*\n/, "");
  return folder;
}

export function edit(file: string, pattern: RegExp | string, replacement: string): void {
  const before = readFileSync(file, "utf8");
  const after = before.replace(pattern, replacement);
  if (before === after) throw new Error(`${file} does not hold ${String(pattern)}.`);
  writeFileSync(file, after);
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a delivery command of a project, as its npm scripts do. */
export function deliver(
  project: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  whileRunning?: (stderr: string, interrupt: () => void) => void,
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["--import", "tsx", "scripts/deliver/main.ts", ...args], {
      cwd: project,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString("utf8")));
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString("utf8");
      whileRunning?.(stderr, () => child.kill("SIGINT"));
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs git in a project, as somebody without settings of their own. */
export function git(project: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync("git", [...args], {
    cwd: project,
    encoding: "utf8",
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_SYSTEM: "/dev/null",
      GIT_AUTHOR_NAME: "Somebody",
      GIT_AUTHOR_EMAIL: "somebody@example.com",
      GIT_COMMITTER_NAME: "Somebody",
      GIT_COMMITTER_EMAIL: "somebody@example.com",
    },
  });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}
