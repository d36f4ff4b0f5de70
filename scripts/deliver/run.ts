import { parseArgs } from "node:util";
import { InputError } from "../../proof/errors";
import type { DeliverCommand, ExitCode, Io } from "./command";
import { DeliveryFailure } from "./failure";

const load = (name: string) => (): DeliverCommand =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  (require(`./commands/${name}`) as { command: DeliverCommand }).command;

/** Each is loaded only when it is asked for. */
const commands: Readonly<Record<string, () => DeliverCommand>> = {
  diff: load("diff"),
  deploy: load("deploy"),
  destroy: load("destroy"),
  bootstrap: load("bootstrap"),
  pipeline: load("pipeline"),
  access: load("access"),
  review: load("review"),
  comment: load("comment"),
  reviewed: load("reviewed"),
  release: load("release"),
  drift: load("drift"),
  issue: load("issue"),
};

/** Runs one delivery command: its problems go to standard error, nothing else is caught. */
export async function runDelivery(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name = "", ...rest] = argv;
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (found === undefined) {
    io.err(name === "" ? overview() : `There is no command '${name}'.\n${overview()}`);
    return 2;
  }
  const command = found();
  try {
    const { values, positionals } = parse(command, rest);
    if (values.help === true) {
      io.out(`${command.usage}\n${command.summary}\n`);
      return 0;
    }
    return await command.run(io, values, positionals);
  } catch (error) {
    if (!(error instanceof InputError || error instanceof DeliveryFailure)) throw error;
    io.err(`${name}: ${error.message}\n`);
    return error instanceof InputError ? 2 : 1;
  }
}

function parse(command: DeliverCommand, argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: { ...command.options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    // What follows explains a detail of the parser's.
    const [what = ""] = (error as Error).message.split(" To specify a positional argument");
    throw new InputError({ what, next: `Usage: ${command.usage}` });
  }
}

function overview(): string {
  const lines = Object.values(commands).map((command) => `  ${command().usage}\n      ${command().summary}`);
  return `Usage: npm run <command> -- <environment>\n${lines.join("\n")}\n`;
}
