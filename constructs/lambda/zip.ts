import { zipSync, type Zippable } from "fflate";

/** The zip format's `os` value for Unix; it makes the attributes below mean file modes. */
const UNIX = 3;
const READABLE_BY_ALL = 0o644 << 16;

/**
 * A zip archive whose bytes depend on nothing but the names and contents of `files`: not on the clock, the time zone,
 * the umask, the file system's order or the machine.
 *
 * @param files Names inside the archive (forward slashes) to contents.
 */
export function deterministicZip(files: Readonly<Record<string, Uint8Array>>): Buffer {
  // A zip holds a local date without a zone, so the date is built in local time: 1980-01-01, the earliest it can hold.
  const options = { mtime: new Date(1980, 0, 1), os: UNIX, attrs: READABLE_BY_ALL, level: 9 } as const;
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort()) entries[name] = [files[name] ?? new Uint8Array(), options];
  return Buffer.from(zipSync(entries));
}
