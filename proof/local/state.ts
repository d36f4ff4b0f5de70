import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { InputError } from "../errors";

/**
 * The local keys, users and secrets of one directory of Terraform JSON, in `.portcullis/` beside it. Only the owner
 * may read it; a file is there whole or not at all, also when two processes start at once.
 */
export class StateFolder {
  readonly path: string;

  constructor(directory: string) {
    this.path = join(dirname(resolve(directory)), ".portcullis", basename(resolve(directory)));
  }

  /** The file's parsed JSON, or undefined where there is none yet. */
  read(name: string): unknown {
    let text: string;
    try {
      this.#close(name);
      text = readFileSync(join(this.path, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    try {
      return JSON.parse(text);
    } catch {
      throw new InputError({
        what: "This file of local state is not JSON.",
        where: join(this.path, name),
        next: "Delete it; new local keys are made at the next start.",
      });
    }
  }

  write(name: string, value: unknown): void {
    renameSync(this.#temporary(name, value), join(this.path, name));
  }

  /** What the file holds, or else what `make` gives, written for the next process. The first writer wins. */
  readOrCreate(name: string, make: () => unknown): unknown {
    const found = this.read(name);
    if (found !== undefined) return found;
    const temporary = this.#temporary(name, make());
    try {
      linkSync(temporary, join(this.path, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    } finally {
      rmSync(temporary, { force: true });
    }
    return this.read(name);
  }

  reset(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** A folder that was copied or restored may have come with open modes. */
  #close(name: string): void {
    for (const [path, mode] of [
      [this.path, 0o700],
      [join(this.path, name), 0o600],
    ] as const)
      if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, mode);
  }

  #temporary(name: string, value: unknown): string {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    chmodSync(this.path, 0o700);
    const temporary = join(this.path, `${name}.${randomBytes(6).toString("hex")}.tmp`);
    writeFileSync(temporary, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    return temporary;
  }
}
