import { writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { analyze, matrixOf } from "../../analysis/matrix";
import { InputError } from "../../errors";
import { probe } from "../../probe/probe";
import { reportJunit, reportOf, reportText } from "../../probe/report";
import { readSources, type Source } from "../../probe/sources";
import { readTargets } from "../../probe/targets";
import { loadForAnalysis } from "../analysis/load";
import type { Command, Io, Values } from "../command";
import { readJsonFile } from "../json";

const DIRECTORY = "cdktf.out";
const DEFAULT_RATE = 5;

export const command: Command = {
  name: "probe",
  summary: "The matrix as live requests to a deployed stage: every answer held against its prediction.",
  usage:
    "probe [DIR] --target [API=]URL… [--env E] [--sources FILE] [--source-ip IP] [--rate N] [--unsafe-verbs] [--json] [--junit FILE]",
  help: [
    `DIR                what was deployed: synthesized JSON or Terraform JSON configuration (default ${DIRECTORY})`,
    "--target [API=]URL the URL of a stage; with the API's name where DIR holds several; repeatable",
    "--env E            the environment, where DIR holds several",
    "--account ID       the account that owns what DIR does not place in one",
    '--sources FILE     how to speak as whom: {"sources":[{"who":"…","assumeRole":{}}]}, or credentials,',
    "                   clientCredentials, send; beside it or alone an apiKey, for methods that ask for one.",
    "                   ${NAME} in it is a variable of the environment. Other rows are not probed",
    "--source-ip IP     the address the API sees this probe come from",
    "--simulate-network for a local gateway with --simulate-network: come from wherever a row says",
    `--rate N           requests per second, at most (default ${DEFAULT_RATE})`,
    "--unsafe-verbs     send POST, PUT, PATCH and DELETE as well: who is let in may change something",
    "--json             one JSON document: agree, differ, noAnswer, notProbed",
    "--junit FILE       writes the rows as test cases",
  ],
  options: {
    target: { type: "string", multiple: true },
    env: { type: "string" },
    account: { type: "string" },
    sources: { type: "string" },
    "source-ip": { type: "string" },
    "simulate-network": { type: "boolean" },
    rate: { type: "string" },
    "unsafe-verbs": { type: "boolean" },
    json: { type: "boolean" },
    junit: { type: "string" },
  },
  positionals: [0, 1],
  async run(io, values, [directory = DIRECTORY]) {
    const rate = readRate(values.rate);
    const sourceIp = readAddress(values["source-ip"]);
    const sources = readSourcesFile(io, values.sources);
    const model = loadForAnalysis(io, directory, values);
    const targets = readTargets([values.target ?? []].flat().map(String), model);
    const results = await probe({
      matrix: matrixOf(analyze(model)),
      model,
      targets,
      sources,
      standpoint: { simulated: values["simulate-network"] === true, ...(sourceIp === undefined ? {} : { sourceIp }) },
      unsafeVerbs: values["unsafe-verbs"] === true,
      rate,
      env: io.env,
      onResult: () => undefined,
    });
    const probed = results.filter(({ result }) => result !== "not probed");
    if (probed.length > 0 && probed.every(({ answered }) => answered === undefined)) {
      throw new InputError({ what: `No request was answered. ${probed[0]?.because}`, where: "--target" });
    }
    const report = reportOf(results);
    if (typeof values.junit === "string") writeJunit(resolve(io.cwd, values.junit), reportJunit(results));
    io.out(values.json === true ? `${JSON.stringify(report)}\n` : reportText(report));
    if (probed.length === 0) {
      io.err("Nothing could be probed, so nothing is proven.\n");
      return 1;
    }
    return report.differ.length + report.noAnswer.length > 0 ? 1 : 0;
  },
};

function readRate(value: Values[string]): number {
  if (value === undefined) return DEFAULT_RATE;
  const rate = Number(value);
  if (Number.isFinite(rate) && rate > 0 && rate <= 1000) return rate;
  throw new InputError({
    what: `'${String(value)}' is not a number of requests per second, more than 0 and up to 1000.`,
    where: "--rate",
  });
}

function readAddress(value: Values[string]): string | undefined {
  if (typeof value !== "string") return undefined;
  if (isIP(value) !== 0) return value;
  throw new InputError({ what: `'${value}' is not an IP address.`, where: "--source-ip" });
}

function readSourcesFile(io: Io, file: Values[string]): readonly Source[] {
  if (typeof file !== "string" || file === "") return [];
  return readSources(readJsonFile(io, file, "The sources"), file, io.env);
}

function writeJunit(file: string, report: string): void {
  try {
    writeFileSync(file, report);
  } catch (error) {
    throw new InputError({ what: `The report cannot be written: ${(error as Error).message}.`, where: "--junit" });
  }
}
