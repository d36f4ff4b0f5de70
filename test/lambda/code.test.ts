import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { unpack } from "../../proof/lambda/code";
import { zip } from "./zips";

describe("the code of a function", () => {
  let temporary: string;
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  });

  it("is unpacked once into a folder named after its bytes", () => {
    const file = zip({ "index.js": "1", "deep/er/file.txt": "2" });
    const first = unpack(file, temporary);
    expect(readFileSync(join(first.folder, "deep/er/file.txt"), "utf8")).toBe("2");
    expect(unpack(file, temporary)).toEqual(first);
    expect(unpack(zip({ "index.js": "other" }), temporary).folder).not.toBe(first.folder);
  });

  it("is refused where an entry would land outside of its folder", () => {
    const file = join(mkdtempSync(join(tmpdir(), "portcullis-test-")), "evil.zip");
    writeFileSync(file, zipSync({ "../../escaped.js": strToU8("1") }));
    expect(() => unpack(file, temporary)).toThrow("an entry outside of it: '../../escaped.js'");
    expect(existsSync(join(temporary, "escaped.js"))).toBe(false);
  });

  it("is refused where it is no zip, by the file's name", () => {
    const file = join(mkdtempSync(join(tmpdir(), "portcullis-test-")), "broken.zip");
    writeFileSync(file, "not a zip");
    expect(() => unpack(file, temporary)).toThrow(/broken\.zip is not a zip file/);
  });

  it("is not run from a folder that somebody else could have put there", () => {
    const elsewhere = mkdtempSync(join(tmpdir(), "portcullis-test-"));
    mkdirSync(join(elsewhere, "theirs"));
    symlinkSync(join(elsewhere, "theirs"), join(temporary, `portcullis-functions-${userInfo().uid}`));
    expect(() => unpack(zip({ "index.js": "1" }), temporary)).toThrow("is not a folder of this user");
  });
});
