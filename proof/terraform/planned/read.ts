import * as path from "node:path";
import { InputError } from "../../errors";
import { readJsonObject } from "../json";
import type { ProviderDefaults } from "../provider";
import { PlannedModule } from "./planned-module";

/**
 * Reads the output of `terraform show -json`, for a plan or a state.
 *
 * @throws InputError for malformed JSON, or JSON of another kind.
 */
export function readShown(file: string, defaults: ProviderDefaults): PlannedModule {
  const shown = path.basename(file);
  const json = readJsonObject(file, shown);
  const version = json["format_version"];
  if (typeof version !== "string" || (json["planned_values"] === undefined && json["values"] === undefined)) {
    const stateFile = json["lineage"] !== undefined || json["serial"] !== undefined;
    throw new InputError({
      what: stateFile
        ? "is a state file, whose format is Terraform's own"
        : "is not the output of terraform show -json",
      where: shown,
      next: "Run terraform show -json (for a plan: terraform show -json PLANFILE) and name the file that it is written to.",
    });
  }
  if (!version.startsWith("1.")) {
    throw new InputError({ what: `has format version ${version}`, where: shown, next: "Versions 1.x are supported." });
  }
  return new PlannedModule(json, { file: shown, directory: path.dirname(file), defaults });
}
