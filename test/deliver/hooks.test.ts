import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const COPIED = [".githooks", "scripts/hooks", "stacks", ".prettierrc.json", ".prettierignore", "package.json"];
/** Put together here, so that this file is none itself. */
const ACCESS_KEY = ["AKIA", "Q7WERTY2UIOP3ASD"].join("");
const PRIVATE_KEY = ["-----BEGIN PRIVATE", ` KEY-----\n${"A".repeat(120)}\n`].join("");
let folder: string;
const git = (...args: string[]) =>
  spawnSync("git", ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
const commits = (): number => Number(git("rev-list", "--count", "--all").stdout);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-hooks-"));
  for (const name of COPIED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  git("init", "-q");
  git("config", "core.hooksPath", ".githooks");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("A commit of a dozen formatted files without secrets passes", () => {
  expect(readdirSync(join(folder, "stacks")).length).toBeGreaterThan(9);
  git("add", "stacks", "package.json");
  expect(git("commit", "-qm", "Fine")).toMatchObject({ status: 0, stderr: "" });
  expect(commits()).toBe(1);
});

it.each([
  ["an access key", "deploy.txt", ACCESS_KEY, "deploy.txt holds an access key of AWS."],
  ["a private key", "key.pem", PRIVATE_KEY, "key.pem holds a private key."],
  ["a private key in JSON", "key.json5", JSON.stringify({ key: PRIVATE_KEY }), "key.json5 holds a private key."],
  ["a state", "terraform.dev.tfstate", "{}", "terraform.dev.tfstate is a Terraform state or plan"],
  ["a state that was moved", "a.tfstate.migrated", "{}", "a.tfstate.migrated is a Terraform state or plan"],
  ["a plan", "plan", "x", "plan is a Terraform state or plan"],
  ["a badly formatted file", "bad.ts", "const  a = 1", "Not formatted; run: npx prettier --write bad.ts"],
  ["a file that is not TypeScript at all", "bad.ts", "const const", "bad.ts"],
])("A commit with %s is refused, and the message says what to do", (_what, file, text, message) => {
  writeFileSync(join(folder, file), text);
  git("add", file);
  const { status, stderr } = git("commit", "-qm", "Not fine");
  expect(stderr).toContain(message);
  expect({ status, commits: commits() }).toEqual({ status: 1, commits: 0 });
});

it("Everything that is wrong is said at once", () => {
  writeFileSync(join(folder, "bad.ts"), `const  a = "${ACCESS_KEY}"`);
  git("add", "bad.ts");
  const { stderr } = git("commit", "-qm", "Not fine");
  expect(stderr).toMatch(/bad\.ts holds an access key[^]*Not formatted/);
});

it("What counts is what is staged: a later edit of the work tree neither passes it nor fails it", () => {
  writeFileSync(join(folder, "a.ts"), "const  a = 1");
  git("add", "a.ts");
  writeFileSync(join(folder, "a.ts"), "const a = 1;\n");
  expect(git("commit", "-qm", "Staged badly").status).toBe(1);
  git("add", "a.ts");
  writeFileSync(join(folder, "a.ts"), "const  a = 1");
  expect(git("commit", "-qm", "Staged well").status).toBe(0);
});

it.each(["AKIAIOSFODNN7EXAMPLE", "ASIA0000000000000000", "AKIA1"])("%s is no key", (text) => {
  writeFileSync(join(folder, "doc.txt"), text);
  git("add", "doc.txt");
  expect(git("commit", "-qm", "Documentation").status).toBe(0);
});
