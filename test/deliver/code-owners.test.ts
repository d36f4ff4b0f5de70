import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const root = join(__dirname, "..", "..");
const owned = readFileSync(join(root, ".github", "CODEOWNERS"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("/"))
  .map((line) => line.replace(/ .*/, "").slice(1))
  .map(
    (path) => new RegExp(`^${path.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}${path.endsWith("/") ? "" : "$"}`),
  );
const isOwned = (file: string): boolean => owned.some((path) => path.test(file));

/** The sources that a program of this repository loads. */
function sourcesOf(entry: string): string[] {
  const { metafile } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: "node",
    packages: "external",
    metafile: true,
    write: false,
    outdir: "out",
    logLevel: "silent",
  });
  return Object.keys(metafile.inputs);
}

describe("Code owners review", () => {
  it.each(["scripts/deliver/main.ts", "main.ts", "bin/portcullis.js"])(
    "every source that %s loads: where access is compared, any of them could say that nobody gained any",
    (entry) => {
      const sources = sourcesOf(entry);
      expect(sources).toContain(entry);
      expect(sources.filter((file) => !isOwned(file))).toEqual([]);
    },
  );

  it.each(["package.json", "package-lock.json", ".npmrc", "tsconfig.json", "environments.ts", "scripts/setup.js"])(
    "%s, by which these run, or would",
    (file) => expect(isOwned(file)).toBe(true),
  );

  it.each(["environments/routes.ts", "invariants.ts", "access-allowed.json", "lambdas/oauth-authorizer/handler.ts"])(
    "%s, which says who may reach what",
    (file) => expect(isOwned(file)).toBe(true),
  );

  it.each(["lambdas/caller/handler.ts", "docs/delivery.md", "test/deliver/code-owners.test.ts"])(
    "not %s: it admits nobody",
    (file) => expect(isOwned(file)).toBe(false),
  );
});
