import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { named } from "../../analysis/checks/finding-ids";
import type { NamedFinding } from "../../analysis/checks/finding-ids";
import { prepareChecks, runChecks } from "../../analysis/checks/run";
import { proveInvariants } from "../../analysis/invariants/prove";
import { readInvariants } from "../../analysis/invariants/read";
import { InputError } from "../../errors";
import type { InputProblem } from "../../errors";
import { loadModel } from "../../model/load";
import type { Model } from "../../model/types";
import { acceptToday, readAllowFile } from "../analysis/allow-file";
import { readableFindings } from "../check/readable";
import type { Command, Io, Values } from "../command";

const DIRECTORY = "cdktf.out";
const INVARIANTS = "invariants.ts";

/** @param load reads the model of a directory; tests pass their own */
export function checkCommand(load: (directory: string, values: Values) => Model): Command {
  return {
    name: "check",
    summary: "Finds known mistakes, and proves the project's own invariants, each with a request that shows it.",
    usage: "check [DIR] [--invariants FILE] [--allow FILE] [--env E] [--account ID] [--json]",
    help: [
      `DIR                synthesized JSON or Terraform JSON configuration (default ${DIRECTORY})`,
      `--invariants FILE  what must hold of every request (default ${INVARIANTS} beside DIR, where there is one)`,
      '--allow FILE       findings that do not fail: {"accepted":[{"id":"…","reason":"…","expires":"2026-12-31"}]}; instead',
      "                   of id any of rule, file, address. The same file serves diff",
      "--env E            the environment, where DIR holds several",
      "--account ID       the account that owns what DIR does not place in one",
      "--json             the findings as one JSON document",
      "",
      "Exits 1 where a finding is an error that is not accepted; warnings alone exit 0.",
    ],
    options: {
      invariants: { type: "string" },
      allow: { type: "string" },
      env: { type: "string" },
      account: { type: "string" },
      json: { type: "boolean" },
    },
    positionals: [0, 1],
    async run(io, values, [name = DIRECTORY]) {
      const directory = resolve(io.cwd, name);
      const file = invariantsFile(io, values, directory);
      const accepted = readAllowFile(io, values).findings;
      const model = load(directory, values);
      refuseProblems(io, model);
      const invariants = file === undefined ? [] : readInvariants(file);
      const context = prepareChecks(model, { paths: invariants.flatMap(({ paths }) => paths) });
      const findings = named([
        ...runChecks(context),
        ...proveInvariants(context, invariants, relative(io.cwd, file ?? INVARIANTS)),
      ]);
      io.out(values.json === true ? `${JSON.stringify({ findings })}\n` : readableFindings(findings));
      const open = acceptToday(io, findings, accepted, namesOf, line);
      return Promise.resolve(open.some(({ severity }) => severity === "error") ? 1 : 0);
    },
  };
}

export const command = checkCommand((directory, { env, account }) =>
  loadModel(directory, {
    ...(typeof env === "string" ? { environment: env } : {}),
    ...(typeof account === "string" ? { account } : {}),
  }),
);

function namesOf({ id, rule, where: { file, address } }: NamedFinding) {
  return { id, rule, file, address };
}

function line({ id, where }: NamedFinding): string {
  return `${id} at ${where.file}: ${where.address}`;
}

function invariantsFile(io: Io, { invariants }: Values, directory: string): string | undefined {
  if (typeof invariants === "string") return resolve(io.cwd, invariants);
  const beside = join(dirname(directory), INVARIANTS);
  return existsSync(beside) ? beside : undefined;
}

/** What could not be read cannot be checked; what was left out is said. */
function refuseProblems(io: Io, { problems }: Model): void {
  const errors = problems
    .filter(({ severity }) => severity === "error")
    .map(({ message, source }): InputProblem => ({ what: message, where: `${source.file}: ${source.address}` }));
  if (errors.length > 0) throw new InputError(errors);
  for (const { message, source } of problems) io.err(`warning: ${source.file}: ${source.address}: ${message}\n`);
}
