import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { evaluate } from "../expression/evaluate";
import { ExpressionError } from "../expression/syntax";
import { parseTemplate } from "../expression/template";
import type { Value } from "../value";
import { FunctionError, object, text } from "./arguments";
import type { FunctionContext, TerraformFunction } from "./arguments";

function read(file: string, context: FunctionContext): Buffer {
  try {
    return readFileSync(path.resolve(context.directory, file));
  } catch (error) {
    throw new FunctionError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? "unreadable"}`);
  }
}

const ofFile = (compute: (content: Buffer) => string): TerraformFunction => ({
  call: (args, context) => compute(read(text(args, 0), context)),
});

const hash = (algorithm: string, encoding: "hex" | "base64"): TerraformFunction =>
  ofFile((content) => createHash(algorithm).update(content).digest(encoding));

/** A file with interpolations and directives. */
function templateFile(args: readonly Value[], context: FunctionContext): Value {
  const [file, variables] = [text(args, 0), object(args, 1)];
  const template = read(file, context).toString("utf8");
  try {
    return evaluate(parseTemplate(template), {
      directory: context.directory,
      variable: (name) => (Object.hasOwn(variables, name) ? variables[name] : undefined),
    });
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new FunctionError(`cannot read ${file} at character ${String(error.position + 1)}: ${error.message}`, false);
  }
}

/** Functions that read files beside the configuration. Paths are relative to the module, as `path.module` is. */
export const files: Readonly<Record<string, TerraformFunction>> = {
  file: ofFile((content) => content.toString("utf8")),
  filebase64: ofFile((content) => content.toString("base64")),
  filemd5: hash("md5", "hex"),
  filesha1: hash("sha1", "hex"),
  filesha256: hash("sha256", "hex"),
  filesha512: hash("sha512", "hex"),
  filebase64sha256: hash("sha256", "base64"),
  filebase64sha512: hash("sha512", "base64"),
  templatefile: { call: templateFile },
  fileexists: { call: (args, context) => existsSync(path.resolve(context.directory, text(args, 0))) },
  basename: { call: (args) => path.posix.basename(text(args, 0)) },
  dirname: { call: (args) => path.posix.dirname(text(args, 0)) },
  abspath: { call: (args, context) => path.resolve(context.directory, text(args, 0)) },
  pathexpand: { call: (args) => text(args, 0) },
};
