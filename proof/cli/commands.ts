import type { Command } from "./command";

/**
 * The file of a command exports it as `command`. `import()` would leave the CommonJS loader that `bin/` compiles TypeScript
 * with; `require` stays in it and is as lazy.
 */
const load = (name: string) => (): Promise<Command> =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  Promise.resolve((require(`./commands/${name}`) as { command: Command }).command);

/** Each command is loaded only when it is asked for, so that none pays for another's start-up. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  check: load("check"),
  credentials: load("credentials"),
  diff: load("diff"),
  serve: load("serve"),
  explain: load("explain"),
  matrix: load("matrix"),
  probe: load("probe"),
  simulate: load("simulate"),
  token: load("token"),
};
