import { createHash } from "node:crypto";
import { basename, isAbsolute } from "node:path";
import { buildSync, type BuildFailure, type Message } from "esbuild";
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
  const key = `${folder}\n${minify}`;
  const known = bundles.get(key);
  if (known !== undefined) return known;
  const zip = deterministicZip({ "index.js": build(folder, minify) });
  const bundle: FunctionBundle = {
    zip,
    sha256Base64: createHash("sha256").update(zip).digest("base64"),
    handler: "index.handler",
  };
  bundles.set(key, bundle);
  return bundle;
}

function build(folder: string, minify: boolean): Uint8Array {
  if (!isAbsolute(folder))
    throw new Error(`Function folder "${folder}" is not an absolute path; pass lambdas/<name> resolved.`);
  try {
    const result = buildSync({
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
      nodePaths: [],
    });
    if (result.warnings.length > 0) throw failure(folder, result.warnings);
    const [output] = result.outputFiles;
    if (output === undefined) throw new Error(`esbuild wrote nothing for ${folder}.`);
    return output.contents;
  } catch (error) {
    if (isBuildFailure(error)) throw failure(folder, error.errors, error);
    throw error;
  }
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
