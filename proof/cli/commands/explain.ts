import { createReadStream, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../../errors";
import { findDeniedRequest } from "../../gateway/denied-requests";
import { StateFolder } from "../../local/state";
import { loadModel } from "../../model/load";
import type { Model } from "../../model/types";
import type { Command, Io, Values } from "../command";
import { Explainer } from "../explain/explainer";
import type { Explanation } from "../explain/explainer";
import { linesOf } from "../explain/lines";
import { readable } from "../explain/readable";
import { parseJson } from "../json";

const DIRECTORY = "cdktf.out";

/** @param load reads the model of a directory; tests pass their own */
export function explainCommand(load: (directory: string, values: Values) => Promise<Model>): Command {
  return {
    name: "explain",
    summary: "Decides one request without serving it, and says why at every step.",
    usage:
      "explain [DIR] (--request FILE|- | --batch FILE|- | --request-id ID) [--callers FILE] [--env E] [--account ID] [--json]",
    help: [
      `DIR              synthesized JSON or Terraform JSON configuration (default ${DIRECTORY})`,
      "--request FILE   the request, as JSON; - is standard input:",
      '                 {"api","stage","method","path","query","headers","body","sourceIp","vpc","caller","time"}',
      '                 "caller": {"arn"} takes the signature as passed, null is nobody; with "assumedBy": {"arn",',
      '                 "externalId"}, {"service"} or {"federated"} the trust policy of the role has to admit them;',
      '                 "claims" takes a user pool token as genuine: its signature and its times are not checked;',
      '                 "authorizerResult" is what the Lambda authorizer returns, "authorizers" names those that know',
      '                 the caller; "passes": ["api-key","validator"] takes these as passed; "id" is given back',
      '--batch FILE     one request a line in, one answer a line out; a line that cannot be answered gives {"error"}',
      "--request-id ID  why a running gateway refused that request (x-amzn-RequestId)",
      "--callers FILE   who may sign, beyond the roles in DIR",
      "--env E          the environment, where DIR holds several",
      "--account ID     the account that owns what DIR does not place in one",
      "--json           the answer as one JSON document",
    ],
    options: {
      request: { type: "string" },
      batch: { type: "string" },
      "request-id": { type: "string" },
      callers: { type: "string" },
      env: { type: "string" },
      account: { type: "string" },
      json: { type: "boolean" },
    },
    positionals: [0, 1],
    async run(io, values, [name = DIRECTORY]) {
      const { request, batch, requestId } = source(values);
      const directory = resolve(io.cwd, name);
      const state = new StateFolder(directory);
      const write = (answer: Explanation): void => {
        io.out(values.json === true ? `${JSON.stringify(answer)}\n` : readable(answer));
      };
      if (requestId !== undefined) {
        write(remembered(state, requestId));
        return 0;
      }
      const model = await load(directory, values);
      const callers = typeof values.callers === "string" ? { callersFile: resolve(io.cwd, values.callers) } : {};
      const explainer = new Explainer({ model, state, ...callers, warn: (text) => io.err(`${text}\n`) });
      for (const { message, source: at } of model.problems) {
        io.err(`warning: ${at.file}: ${at.address}: ${message}\n`);
      }
      try {
        if (batch !== undefined) await explainLines(explainer, io, batch);
        else {
          const where = request === "-" ? "standard input" : request;
          write(await explainer.explain(parseJson(await read(io, request), where), where));
        }
      } finally {
        await explainer.close();
      }
      return 0;
    },
  };
}

export const command = explainCommand((directory, { env, account }) =>
  Promise.resolve(
    loadModel(directory, {
      ...(typeof env === "string" ? { environment: env } : {}),
      ...(typeof account === "string" ? { account } : {}),
    }),
  ),
);

interface Asked {
  readonly request: string;
  readonly batch: string | undefined;
  readonly requestId: string | undefined;
}

function source(values: Values): Asked {
  const [request, batch, requestId] = ["request", "batch", "request-id"].map((name) => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  });
  if ([request, batch, requestId].filter((value) => value !== undefined).length !== 1) {
    throw new InputError({
      what: "Name what to explain: exactly one of --request FILE|-, --batch FILE|- and --request-id ID.",
      next: 'A request file is {"method":"GET","path":"/orders","caller":{"arn":"arn:aws:iam::222222222222:role/partner"}}.',
    });
  }
  return { request: request ?? "-", batch, requestId };
}

function remembered(state: StateFolder, requestId: string): Explanation {
  const found = findDeniedRequest(state, requestId);
  if (found !== undefined) return found;
  throw new InputError({
    what: `No refused request with the id '${requestId}' is remembered.`,
    where: "--request-id",
    next: "Only the last 200 requests that a gateway serving the same directory refused are remembered.",
  });
}

async function read(io: Io, file: string): Promise<string> {
  if (file === "-") return io.stdin();
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch (error) {
    throw new InputError({ what: `The request file cannot be read: ${(error as Error).message}.`, where: file });
  }
}

/** One answer a line, in the order of the lines; a line that cannot be answered does not end the run. */
async function explainLines(explainer: Explainer, io: Io, file: string): Promise<void> {
  let number = 0;
  for await (const line of linesOf(chunksOf(io, file))) {
    number += 1;
    if (line.trim() === "") continue;
    const where = file === "-" ? `line ${number}` : `${file}:${number}`;
    let answer: unknown;
    let id: { readonly id?: unknown } = {};
    try {
      const request = parseJson(line, where);
      if (typeof request === "object" && request !== null && "id" in request) id = { id: request.id };
      answer = await explainer.explain(request, where);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      answer = { ...id, error: error.message };
    }
    io.out(`${JSON.stringify(answer)}\n`);
  }
}

async function* chunksOf(io: Io, file: string): AsyncIterable<Uint8Array> {
  if (file === "-") {
    if (io.stdinChunks === undefined) yield Buffer.from(await io.stdin());
    else yield* io.stdinChunks();
    return;
  }
  try {
    yield* createReadStream(resolve(io.cwd, file)) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new InputError({ what: `The batch cannot be read: ${(error as Error).message}.`, where: file });
  }
}
