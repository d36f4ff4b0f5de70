import type { Command } from "./command";

/** Each command is loaded only when it is asked for, so that none pays for another's start-up. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {};
