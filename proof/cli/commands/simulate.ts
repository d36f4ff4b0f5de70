import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { InputError } from "../../errors";
import { Simulator } from "../../iam/simulate";
import type { Command, Io } from "../command";

/** Characters gathered before they are written: a write for every line would cost more than its answer. */
const WRITE_AT = 1 << 16;

export const command: Command = {
  name: "simulate",
  summary:
    "Evaluates policies alone, one JSON object a line in and one out: aws iam simulate-custom-policy without AWS.",
  usage: "simulate FILE|-",
  help: [
    "FILE   JSON Lines of {id, callerArn, action, resource, resourceOwner, context, identityPolicies, resourcePolicy,",
    "       permissionsBoundaries, sessionPolicies, serviceControlPolicies, vpcEndpointPolicy}; - is standard input",
    "--json the answers are JSON Lines with or without it",
    'A line that cannot be answered gives the decision "invalid" with its error, and the run goes on.',
  ],
  options: { json: { type: "boolean" } },
  positionals: [1, 1],
  async run(io, _values, [file = "-"]) {
    const simulator = new Simulator();
    let waiting = "";
    for await (const line of linesOf(inputOf(io, file))) {
      if (line.trim() === "") continue;
      waiting += `${JSON.stringify(simulator.answer(line))}\n`;
      if (waiting.length < WRITE_AT) continue;
      io.out(waiting);
      waiting = "";
    }
    if (waiting !== "") io.out(waiting);
    return 0;
  },
};

async function* inputOf(io: Io, file: string): AsyncIterable<Uint8Array> {
  if (file === "-") {
    if (io.stdinChunks === undefined) yield Buffer.from(await io.stdin());
    else yield* io.stdinChunks();
    return;
  }
  try {
    yield* createReadStream(resolve(io.cwd, file)) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new InputError({
      what: `cannot be read: ${(error as Error).message}.`,
      where: file,
      next: "Name a file of JSON Lines, or - for standard input.",
    });
  }
}

/** Lines end at a line feed alone: U+2028 and its like may stand inside JSON strings. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest + decoder.decode();
}
