import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { analyze, matrixOf } from "../../analysis/matrix";
import type { Matrix } from "../../analysis/matrix";
import { matrixText } from "../../analysis/text";
import { InputError } from "../../errors";
import { loadForAnalysis } from "../analysis/load";
import type { Command } from "../command";

const DIRECTORY = "cdktf.out";

export const command: Command = {
  name: "matrix",
  summary: "Who reaches each route: every class of callers and network positions, decided.",
  usage: "matrix [DIR] [--env E] [--account ID] [--json] [--html FILE]",
  help: [
    `DIR            synthesized JSON or Terraform JSON configuration (default ${DIRECTORY})`,
    "--env E        the environment, where DIR holds several",
    "--account ID   the account that owns what DIR does not place in one",
    "--json         one JSON document: a witness request for each class",
    "--html FILE    writes a page that holds all of it",
  ],
  options: {
    env: { type: "string" },
    account: { type: "string" },
    json: { type: "boolean" },
    html: { type: "string" },
  },
  positionals: [0, 1],
  run(io, values, [directory = DIRECTORY]) {
    const analysis = analyze(loadForAnalysis(io, directory, values));
    const matrix = matrixOf(analysis);
    if (typeof values.html === "string") {
      const file = resolve(io.cwd, values.html);
      const page = renderer()(matrix);
      try {
        writeFileSync(file, page);
      } catch (error) {
        throw new InputError({ what: `The page cannot be written: ${(error as Error).message}.`, where: "--html" });
      }
      if (values.json !== true) io.out(`${file}\n`);
    }
    if (values.json === true) io.out(`${JSON.stringify(matrix)}\n`);
    else if (values.html === undefined) io.out(matrixText(analysis));
    return Promise.resolve(0);
  },
};

/** Loaded only where a page is asked for. */
function renderer(): (matrix: Matrix) => string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require("../../analysis/html/render") as { renderMatrix: (matrix: Matrix) => string }).renderMatrix;
}
