import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import { bundleFunction } from "../../constructs/lambda/bundle";

const FUNCTIONS = readdirSync(resolve("lambdas")).filter((name) => existsSync(resolve("lambdas", name, "handler.ts")));

let elsewhere: string;
beforeEach(() => (elsewhere = mkdtempSync(join(tmpdir(), "other place "))));
afterEach(() => rmSync(elsewhere, { recursive: true, force: true }));

/** A checkout in a folder with a space in its name, its files newer than the ones here. */
function copyOfTheProject(): string {
  for (const folder of ["lambdas", "constructs"]) cpSync(resolve(folder), join(elsewhere, folder), { recursive: true });
  symlinkSync(resolve("node_modules"), join(elsewhere, "node_modules"));
  const later = new Date(2031, 5, 7);
  for (const name of FUNCTIONS) utimesSync(join(elsewhere, "lambdas", name, "handler.ts"), later, later);
  return elsewhere;
}

function folderWith(source: string): string {
  const folder = join(elsewhere, "broken");
  mkdirSync(folder);
  writeFileSync(join(folder, "handler.ts"), source);
  return folder;
}

describe("bundling a function", () => {
  it.each([
    ["Pacific/Kiritimati", "077"],
    ["America/St_Johns", "000"],
  ])("gives the same bytes from another directory, with other file times, in %s with umask %s", (TZ, umask) => {
    const copy = copyOfTheProject();
    const program = `
      process.umask(0o${umask});
      const { bundleFunction } = require("./constructs/lambda/bundle.ts");
      const names = ${JSON.stringify(FUNCTIONS)};
      console.log(JSON.stringify(names.map((name) => bundleFunction(process.cwd() + "/lambdas/" + name).sha256Base64)));`;
    const printed = execFileSync(process.execPath, ["--import", "tsx", "-e", program], {
      cwd: copy,
      env: { ...process.env, TZ },
      encoding: "utf8",
    });
    expect(JSON.parse(printed)).toEqual(FUNCTIONS.map((name) => bundleFunction(resolve("lambdas", name)).sha256Base64));
  });

  it("is not moved by a tsconfig.json that happens to stand above the folder", () => {
    const copy = copyOfTheProject();
    writeFileSync(join(copy, "tsconfig.json"), '{"compilerOptions":{"target":"ES5","useDefineForClassFields":false}}');
    expect(bundleFunction(join(copy, "lambdas/caller")).sha256Base64).toBe(
      bundleFunction(resolve("lambdas/caller")).sha256Base64,
    );
  });

  it("gives another hash after a change of one character", () => {
    const copy = copyOfTheProject();
    const file = join(copy, "lambdas/health/handler.ts");
    const source = readFileSync(file, "utf8");
    writeFileSync(file, source.replace('status: "ok"', 'status: "oK"'));
    expect(readFileSync(file, "utf8")).not.toBe(source);
    expect(bundleFunction(join(copy, "lambdas/health")).sha256Base64).not.toBe(
      bundleFunction(resolve("lambdas/health")).sha256Base64,
    );
  });

  it("keeps the hash after a change that is only a comment", () => {
    const copy = copyOfTheProject();
    appendFileSync(join(copy, "lambdas/health/handler.ts"), "\n// One more remark.\n");
    expect(bundleFunction(join(copy, "lambdas/health")).sha256Base64).toBe(
      bundleFunction(resolve("lambdas/health")).sha256Base64,
    );
  });

  it.each(FUNCTIONS)("packs %s as one file without a path of this machine", (name) => {
    const files = unzipSync(bundleFunction(resolve("lambdas", name)).zip);
    expect(Object.keys(files)).toEqual(["index.js"]);
    const code = Buffer.from(files["index.js"] ?? []).toString("utf8");
    expect(code.length).toBeGreaterThan(200);
    expect(code).not.toContain(process.cwd());
    expect(code).not.toContain("node_modules");
  });

  it("states the hash that Lambda computes for the zip, and the handler inside it", () => {
    const { zip, sha256Base64, handler } = bundleFunction(resolve("lambdas/health"));
    expect(sha256Base64).toBe(createHash("sha256").update(zip).digest("base64"));
    expect(handler).toBe("index.handler");
  });

  it("builds a folder once in a process", () => {
    expect(bundleFunction(resolve("lambdas/health"))).toBe(bundleFunction(resolve("lambdas/health")));
  });

  it.each([
    ["a syntax error", "export const handler = () => {", /Unexpected end of file/],
    ["an import that is not there", 'import "./gone"; export const handler = 1;', /Could not resolve "\.\/gone"/],
    ["no export named handler", "export const handle = () => 1;", /No matching export .* "handler"/],
  ])("names the folder and what esbuild says of %s", (_what, source, message) => {
    const folder = folderWith(source);
    expect(() => bundleFunction(folder)).toThrow(message);
    expect(() => bundleFunction(folder)).toThrow(`Cannot bundle function "broken" in ${folder}`);
  });

  it("refuses a relative folder, which would depend on where the command was run", () => {
    expect(() => bundleFunction("lambdas/health")).toThrow('"lambdas/health" is not an absolute path');
  });
});
