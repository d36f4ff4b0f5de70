import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Watch {
  stop(): void;
}

export interface Watched {
  readonly directory: string;
  /** By file name. */
  readonly includes: (name: string) => boolean;
  /** Absolute paths of folders that do not count. */
  readonly excludes?: readonly string[];
}

const pollMs = 100;

/**
 * Calls back once files of a folder were changed, added or removed, as soon as they rest. It looks instead of being told,
 * because a folder that is written anew may be gone for a moment, and with it everything that was to tell.
 */
export function watch(watched: Watched, onChange: () => void): Watch {
  let known = fingerprint(watched);
  let changed = false;
  const timer = setInterval(() => {
    const now = fingerprint(watched);
    if (now !== known) {
      known = now;
      changed = true;
    } else if (changed) {
      changed = false;
      onChange();
    }
  }, pollMs).unref();
  return { stop: () => clearInterval(timer) };
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
