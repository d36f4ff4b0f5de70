import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Watch {
  /** Calls back for nothing until `look`. */
  pause(): void;
  /** Goes on, and calls back at once for what has changed: it is known to rest. */
  look(): void;
  stop(): void;
}

export interface Watched {
  readonly directory: string;
  /** By file name. */
  readonly includes: (name: string) => boolean;
  /** Absolute paths of folders that do not count. */
  readonly excludes?: readonly string[];
}

const pollMs = 50;
/** Files that have not changed for so long are not being written. */
const restMs = 25;

/**
 * Calls back once files of a folder were changed, added or removed, as soon as they rest. It looks instead of being told,
 * because a folder that is written anew may be gone for a moment, and with it everything that was to tell.
 */
export function watch(watched: Watched, onChange: () => void): Watch {
  let known = fingerprint(watched);
  let changed = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = (ms: number) => {
    if (!stopped) timer = setTimeout(poll, ms).unref();
  };
  const differs = () => {
    const before = known;
    known = fingerprint(watched);
    return known !== before;
  };
  const poll = () => {
    if (differs()) {
      changed = true;
      next(restMs);
      return;
    }
    next(pollMs);
    if (!changed) return;
    changed = false;
    onChange();
  };
  next(pollMs);
  const pause = () => clearTimeout(timer);
  return {
    pause,
    look: () => {
      pause();
      next(pollMs);
      if (stopped || (!differs() && !changed)) return;
      changed = false;
      onChange();
    },
    stop: () => {
      stopped = true;
      pause();
    },
  };
}

/** Names, sizes and times of the files; dotted folders and installed packages do not count. */
function fingerprint({ directory, includes, excludes = [] }: Watched): string {
  const marks: string[] = [];
  const visit = (folder: string) => {
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".") && entry.name !== "node_modules" && !excludes.includes(path)) visit(path);
      } else if (includes(entry.name)) {
        const stat = statSync(path, { throwIfNoEntry: false });
        marks.push(`${path} ${stat?.size} ${stat?.mtimeMs}`);
      }
    }
  };
  visit(directory);
  return marks.join("\n");
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
