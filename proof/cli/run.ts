import { parseArgs } from "node:util";
import packageJson from "../../package.json";
import { InputError } from "../errors";
import type { Command, ExitCode, Io, Values } from "./command";
import { commands } from "./commands";

const { version: VERSION } = packageJson;

/** Runs one command line. Bad input ends with its problems on stderr and 2; nothing else is caught. */
export async function runCommandLine(argv: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? io.err : io.out)(await overview());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version") {
    io.out(`${VERSION}\n`);
    return 0;
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    io.err(`portcullis: there is no command '${name}'.\n${await overview()}`);
    return 2;
  }
  const command = await load();
  try {
    const parsed = parse(command, rest);
    if (parsed.values.help === true) {
      io.out(commandHelp(command));
      return 0;
    }
    return await command.run(io, parsed.values, parsed.positionals);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    io.err(`portcullis ${name}: ${error.message}\n`);
    return 2;
  }
}

function parse(command: Command, argv: readonly string[]): { values: Values; positionals: readonly string[] } {
  let parsed: { values: Values; positionals: readonly string[] };
  try {
    parsed = parseArgs({
      args: [...argv],
      options: { ...command.options, help: { type: "boolean", short: "h" } },
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    throw new InputError({ what: (error as Error).message, next: `Usage: portcullis ${command.usage}` });
  }
  const [least, most] = command.positionals;
  if (parsed.values.help !== true && (parsed.positionals.length < least || parsed.positionals.length > most)) {
    throw new InputError({
      what: `${parsed.positionals.length} arguments were given, ${least === most ? least : `${least} to ${most}`} are allowed.`,
      next: `Usage: portcullis ${command.usage}`,
    });
  }
  return parsed;
}

function commandHelp(command: Command): string {
  const lines = command.help === undefined ? "" : `\n\n${command.help.map((line) => `  ${line}`).join("\n")}`;
  return `portcullis ${command.usage}\n${command.summary}${lines}\n`;
}

async function overview(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  return `Usage: portcullis COMMAND [--help]\n${all.map((command) => `  ${command.usage}\n      ${command.summary}`).join("\n")}\n`;
}
