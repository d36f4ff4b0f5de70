import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const made: string[] = [];

afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** Writes files below a new directory, which goes when the test file ends. What is not text is written as JSON. */
export function scratch(files: Readonly<Record<string, unknown>>): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), "portcullis-"));
  made.push(directory);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return directory;
}

/** A fixture's absolute path. */
export const fixture = (...name: string[]): string => path.join(__dirname, "..", "fixtures", "terraform", ...name);
