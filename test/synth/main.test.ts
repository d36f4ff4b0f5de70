import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";

const ROOT = join(__dirname, "..", "..");

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "portcullis-test-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the program as cdktf does. */
function run(
  outdir: string,
  environment: NodeJS.ProcessEnv = {},
  cwd = ROOT,
): { status: number | null; stderr: string; stdout: string } {
  return spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, PORTCULLIS_ENV: "", ...environment, CDKTF_OUTDIR: outdir },
  });
}

const UNPROTECTED = '{ verb: "GET", path: "/open", handler: "caller" } as never';

/** What the program is read from, to be edited. */
function copyOfProject(): string {
  const copy = join(folder, "copy");
  for (const part of ["main.ts", "environments", "constructs", "stacks", "tsconfig.json", "package.json"]) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
  return copy;
}

function edit(file: string, from: string, to: string): void {
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** Every file below a directory with the hash of its bytes. */
function contents(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [relative(directory, file), createHash("sha256").update(readFileSync(file)).digest("hex")]),
  );
}

describe("The program", () => {
  it("gives the same bytes in another directory, on another day, in another time zone and home", () => {
    const clock = join(folder, "clock.cjs");
    writeFileSync(
      clock,
      "const Today = Date; const later = () => Today.now() + 400 * 86400_000;" +
        "globalThis.Date = class extends Today { constructor(...args) { super(...(args.length ? args : [later()])); } static now() { return later(); } };",
    );
    const first = join(folder, "first");
    const second = join(folder, "a folder with spaces");
    expect(run(first)).toMatchObject({ status: 0, stderr: "", stdout: "" });
    expect(
      run(second, { TZ: "Pacific/Kiritimati", HOME: folder, USER: "someone", NODE_OPTIONS: `--require "${clock}"` }),
    ).toMatchObject({ status: 0 });
    expect(contents(second)).toEqual(contents(first));
    expect(Object.keys(contents(first))).toContain("stacks/portcullis-dev-public-api/cdk.tf.json");
  });

  it("writes no path of this machine", () => {
    run(folder);
    for (const file of Object.keys(contents(folder)).filter((name) => name.endsWith(".json"))) {
      const text = readFileSync(join(folder, file), "utf8");
      for (const path of [ROOT, tmpdir() + "/", folder]) expect(text).not.toContain(path);
    }
  });

  it("leaves the directory as it was when the environment is unknown, with exit code 2", () => {
    const outdir = join(folder, "out");
    const result = run(outdir, { PORTCULLIS_ENV: "production" });
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toMatch(/^PORTCULLIS_ENV: "production" is not an environment\.\n {2}Use one of /);
    expect(existsSync(outdir)).toBe(false);
  });

  it("leaves the directory as it was when a route names no protection, with the route, the choices and exit code 2", () => {
    const copy = copyOfProject();
    edit(join(copy, "environments", "routes.ts"), "defineRoutes([", `defineRoutes([${UNPROTECTED},`);
    const outdir = join(folder, "out");
    const result = run(outdir, {}, copy);
    expect(result).toMatchObject({ status: 2, stdout: "" });
    expect(result.stderr).toMatch(
      /^routes\[0\] GET \/open: the route names no protection, .*\n {2}Give it publicRoute\(/,
    );
    expect(result.stderr).not.toContain("    at ");
    expect(existsSync(outdir)).toBe(false);
  });

  it("says what is wrong with the choice of an environment, the environments and the routes in one run", () => {
    const copy = copyOfProject();
    edit(join(copy, "environments", "routes.ts"), "defineRoutes([", `defineRoutes([${UNPROTECTED},`);
    edit(join(copy, "environments", "dev.ts"), 'name: "dev"', 'name: "Dev!"');
    const { status, stderr } = run(join(folder, "out"), { PORTCULLIS_ENV: "production" }, copy);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^PORTCULLIS_ENV: "production" is not an environment\.$/m);
    expect(stderr).toMatch(/^environments\/dev\.ts: name: "Dev!" is not accepted\.$/m);
    expect(stderr).toMatch(/^routes\[0\] GET \/open: the route names no protection/m);
  });

  it("removes stacks of an earlier synthesis and keeps what terraform init left in the others", () => {
    const stale = join(folder, "stacks", "portcullis-gone-identity");
    const initialized = join(folder, "stacks", "portcullis-dev-identity", ".terraform");
    mkdirSync(stale, { recursive: true });
    mkdirSync(initialized, { recursive: true });
    writeFileSync(join(stale, "cdk.tf.json"), "{}");
    writeFileSync(join(initialized, "marker"), "kept");
    run(folder);
    expect(existsSync(stale)).toBe(false);
    expect(readFileSync(join(initialized, "marker"), "utf8")).toBe("kept");
  });
});
