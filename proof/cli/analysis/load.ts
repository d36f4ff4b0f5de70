import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../../errors";
import { loadModel } from "../../model/load";
import type { Model } from "../../model/types";
import type { Io, Values } from "../command";

/**
 * The configuration that a command reasons about. Warnings go to stderr.
 *
 * @throws InputError for what cannot be read, with every problem of it
 */
export function loadForAnalysis(io: Io, directory: string, { env, account }: Values): Model {
  const path = resolve(io.cwd, directory);
  if (!existsSync(path)) {
    throw new InputError({ what: `${directory} does not exist.`, next: "Name a directory that holds Terraform JSON." });
  }
  const model = loadModel(path, {
    ...(typeof env === "string" ? { environment: env } : {}),
    ...(typeof account === "string" ? { account } : {}),
  });
  const errors = model.problems.filter(({ severity }) => severity === "error");
  for (const { message, source, severity } of model.problems) {
    if (severity === "warning") io.err(`warning: ${source.file}: ${source.address}: ${message}\n`);
  }
  if (errors.length > 0) {
    throw new InputError(
      errors.map(({ message, source }) => ({ what: message, where: `${source.file}: ${source.address}` })),
    );
  }
  return model;
}
