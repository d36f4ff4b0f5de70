import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InputError } from "../../proof/errors";
import { StateFolder } from "../../proof/local/state";

let folder: string;
let state: StateFolder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portcullis-state-"));
  state = new StateFolder(join(folder, "cdktf.out"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const modeOf = (path: string): number => statSync(path).mode & 0o777;

describe("The state folder of a directory", () => {
  it("and its files are the owner's alone", () => {
    state.write("keys.json", { a: 1 });
    expect([modeOf(state.path), modeOf(join(state.path, "keys.json"))]).toEqual([0o700, 0o600]);
  });

  it("that came with open modes, copied or restored, is closed when it is read", () => {
    state.write("keys.json", { a: 1 });
    chmodSync(state.path, 0o777);
    chmodSync(join(state.path, "keys.json"), 0o644);
    expect(state.read("keys.json")).toEqual({ a: 1 });
    expect([modeOf(state.path), modeOf(join(state.path, "keys.json"))]).toEqual([0o700, 0o600]);
  });

  it("keeps what the first of two writers made", () => {
    expect(state.readOrCreate("keys.json", () => "first")).toBe("first");
    expect(state.readOrCreate("keys.json", () => "second")).toBe("first");
  });

  it("names a file that is not JSON, and what to do", () => {
    state.write("keys.json", {});
    writeFileSync(join(state.path, "keys.json"), "{");
    expect(() => state.read("keys.json")).toThrow(InputError);
  });
});
