import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { build, buildSync, type BuildFailure, type BuildOptions, type BuildResult, type Message } from "esbuild";
import { deterministicZip } from "./zip";

export interface FunctionBundle {
  /** The deployment package: one CommonJS file, `index.js`. */
  readonly zip: Buffer;
  /** Base64 SHA-256 of the zip: what Terraform's `source_code_hash` and Lambda's `CodeSha256` hold. */
  readonly sha256Base64: string;
  readonly handler: "index.handler";
}

export interface BundleOptions {
  /** @default true */
  readonly minify?: boolean;
}

const bundles = new Map<string, FunctionBundle>();

/**
 * Bundles `<folder>/handler.ts` with everything it imports into a zip that is the same, byte for byte, wherever and
 * whenever it is built, so that a plan shows a function only when its code changed.
 *
 * @param folder Absolute path of `lambdas/<name>`.
 * @throws Error that names the folder and says what esbuild says, e.g. a syntax error or a missing `handler` export.
 */
export function bundleFunction(folder: string, options: BundleOptions = {}): FunctionBundle {
  const minify = options.minify ?? true;
  const known = bundles.get(keyOf(folder, minify));
  if (known !== undefined) return known;
  if (!isAbsolute(folder))
    throw new Error(`Function folder "${folder}" is not an absolute path; pass lambdas/<name> resolved.`);
  try {
    return keep(folder, minify, buildSync(optionsOf(folder, minify)));
  } catch (error) {
    if (isBuildFailure(error)) throw failure(folder, error.errors, error);
    throw error;
  }
}

/**
 * Bundles the functions of a folder in esbuild's own process, beside what this one does in the meantime, so that
 * `bundleFunction` finds them ready. What goes wrong is left for it to say.
 *
 * @param lambdas Absolute path of the folder that holds a folder for each function.
 */
export async function bundleAhead(lambdas: string): Promise<void> {
  const folders = existsSync(lambdas) ? readdirSync(lambdas).map((name) => join(lambdas, name)) : [];
  const functions = folders.filter((folder) => existsSync(join(folder, "handler.ts")));
  const minify = true;
  await Promise.allSettled(
    functions.map(async (folder) => keep(folder, minify, await build(optionsOf(folder, minify)))),
  );
}

function keep(folder: string, minify: boolean, { warnings, outputFiles }: Built): FunctionBundle {
  if (warnings.length > 0) throw failure(folder, warnings);
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`esbuild wrote nothing for ${folder}.`);
  const zip = deterministicZip({ "index.js": output.contents });
  const bundle: FunctionBundle = {
    zip,
    sha256Base64: createHash("sha256").update(zip).digest("base64"),
    handler: "index.handler",
  };
  bundles.set(keyOf(folder, minify), bundle);
  return bundle;
}

function keyOf(folder: string, minify: boolean): string {
  return `${folder}\n${minify}`;
}

type Built = BuildResult<ReturnType<typeof optionsOf>>;

function optionsOf(folder: string, minify: boolean) {
  return {
    // Named in full, so that a handler.ts without the export fails here and not at the first request.
    stdin: { contents: 'export { handler } from "./handler.ts";', resolveDir: folder, sourcefile: "index.ts" },
    absWorkingDir: folder,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify,
    charset: "utf8",
    legalComments: "none",
    write: false,
    logLevel: "silent",
    // Neither a tsconfig.json above the folder nor NODE_PATH may change the bytes.
    tsconfigRaw: "{}",
    nodePaths: [] as string[],
  } as const satisfies BuildOptions;
}

function failure(folder: string, messages: readonly Message[], cause?: unknown): Error {
  const lines = messages.map(({ text, location }) =>
    location === null ? `  ${text}` : `  ${location.file}:${location.line}:${location.column}: ${text}`,
  );
  return new Error(`Cannot bundle function "${basename(folder)}" in ${folder}:\n${lines.join("\n")}`, { cause });
}

/** By its form: an error of esbuild's may come from another realm, so `instanceof` says nothing. */
function isBuildFailure(error: unknown): error is BuildFailure {
  return typeof error === "object" && error !== null && "errors" in error && Array.isArray(error.errors);
}
