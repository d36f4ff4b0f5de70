import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join, normalize, sep } from "node:path";
import { unzipSync } from "fflate";

/** An unpacked zip: the folder that Lambda calls `/var/task`. */
export interface Code {
  readonly folder: string;
  /** A hash of the zip's bytes. */
  readonly hash: string;
}

/**
 * Unpacks a function's zip once into a folder named after its bytes, so that an unchanged zip costs nothing at the
 * next start. The folder is there whole or not at all.
 *
 * @throws Error naming the zip, where it cannot be read or an entry would land outside of the folder
 */
export function unpack(zipFile: string, temporaryFolder = tmpdir()): Code {
  const bytes = readFileSync(zipFile);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 32);
  const parent = ownFolder(temporaryFolder);
  const folder = join(parent, hash);
  if (existsSync(folder)) return { folder, hash };

  let entries: Record<string, Uint8Array>;
  try {
    entries = unzipSync(bytes);
  } catch (error) {
    throw new Error(`${zipFile} is not a zip file that can be unpacked: ${(error as Error).message}`);
  }
  const temporary = `${folder}.${randomBytes(6).toString("hex")}`;
  try {
    mkdirSync(temporary);
    for (const [name, content] of Object.entries(entries)) {
      const target = normalize(join(temporary, name));
      if (!target.startsWith(temporary + sep)) throw new Error(`${zipFile} holds an entry outside of it: '${name}'.`);
      if (name.endsWith("/")) mkdirSync(target, { recursive: true });
      else {
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, content);
      }
    }
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    // Another process unpacked the same zip first.
    if (!existsSync(folder)) throw error;
  }
  return { folder, hash };
}

/** In the machine's folder for temporary files, where others may have been first: only one of this user's own is used. */
function ownFolder(temporaryFolder: string): string {
  const { uid } = userInfo();
  const folder = join(temporaryFolder, `portcullis-functions-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) {
    throw new Error(`${folder} is not a folder of this user, so no function's code is run from it. Remove it.`);
  }
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
  return folder;
}
