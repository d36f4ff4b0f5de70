import fs from "node:fs";
import * as path from "node:path";
import { InputError } from "../../proof/errors";
import { readConfiguration } from "../../proof/terraform/configuration";
import { fixture, scratch } from "./scratch";

const names = (directory: string): string[] => readConfiguration(directory).modules.map(({ name }) => name);

function refusal(directory: string): string {
  try {
    readConfiguration(directory);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("which root modules a directory holds", () => {
  it("are the stacks that the CDKTF manifest lists, and not what is left of others", () => {
    expect(names(fixture("clinic"))).toEqual(["clinic-staging-api", "clinic-staging-identity"]);
  });

  it("is one, of all its *.tf.json files together, where they stand in the directory itself", () => {
    const [module, ...others] = readConfiguration(fixture("library")).modules;
    expect(others).toEqual([]);
    expect(module?.name).toBe("");
    expect([...(module?.types() ?? [])]).toEqual(expect.arrayContaining(["aws_iam_role", "aws_api_gateway_method"]));
  });

  it("are the subdirectories with *.tf.json files otherwise, without those that tools keep", () => {
    const directory = scratch({
      "network/main.tf.json": {},
      "apps/api/main.tf.json": {},
      ".terraform/modules/x/main.tf.json": {},
      "node_modules/x/main.tf.json": {},
      "docs/readme.txt": "none",
    });
    expect(names(directory)).toEqual(["apps/api", "network"]);
  });
});

describe("a directory that cannot be read is refused with the next step", () => {
  it.each<[why: string, directory: () => string, message: RegExp]>([
    ["it does not exist", () => path.join(scratch({}), "cdktf.out"), /cdktf\.out does not exist\n {2}Synthesize first/],
    ["it holds nothing", () => scratch({ "a.txt": "" }), /holds no synthesized stacks and no \*\.tf\.json/],
    [
      "a stack's file is missing",
      () => scratch({ "manifest.json": { stacks: { a: { synthesizedStackPath: "stacks/a/cdk.tf.json" } } } }),
      /stacks\/a\/cdk\.tf\.json: cannot be read \(ENOENT\)/,
    ],
    [
      "a stack is synthesized as HCL",
      () => scratch({ "manifest.json": { stacks: { a: { synthesizedStackPath: "stacks/a/cdk.tf" } } } }),
      /stack a is synthesized as HCL/,
    ],
    [
      "HCL stands beside the JSON",
      () => scratch({ "main.tf.json": {}, "more.tf": "" }),
      /HCL files are not read.*more\.tf/s,
    ],
    [
      "an override file stands beside it",
      () => scratch({ "main.tf.json": {}, "x_override.tf.json": {} }),
      /override files are not read: x_override\.tf\.json/,
    ],
    [
      "a resource is defined twice",
      () =>
        scratch({ "a.tf.json": { resource: { aws_x: { y: {} } } }, "b.tf.json": { resource: [{ aws_x: { y: {} } }] } }),
      /b\.tf\.json: aws_x\.y is defined twice, here and in a\.tf\.json/,
    ],
    ["a file holds a list", () => scratch({ "main.tf.json": [] }), /main\.tf\.json: holds JSON that is not an object/],
  ])("%s", (_why, directory, message) => {
    expect(refusal(directory())).toMatch(message);
  });
});

it("names every directory below that cannot be read, or is gone by then, instead of passing over it", () => {
  const directory = scratch({ "a/main.tf.json": {}, "b/deep/main.tf.json": {}, "c/main.tf.json": {} });
  const read = fs.readdirSync;
  // Nothing on a disk refuses root, whom containers run tests as.
  const failing = jest.spyOn(fs, "readdirSync").mockImplementation(((at: string, options: object) => {
    const code = { [path.join(directory, "a")]: "ENOENT", [path.join(directory, "b", "deep")]: "EACCES" }[at];
    if (code !== undefined) throw Object.assign(new Error(`${code}: ${at}`), { code });
    return read(at, options as never);
  }) as never);
  try {
    const said = refusal(directory);
    expect(said).toContain(
      `${path.join(directory, "a")}: the directory cannot be read (ENOENT)\n  Check its permissions`,
    );
    expect(said).toContain(`${path.join(directory, "b", "deep")}: the directory cannot be read (EACCES)`);
    expect(said).not.toContain(path.join(directory, "c"));
  } finally {
    failing.mockRestore();
  }
});

describe("malformed JSON is named by file, line and column", () => {
  it.each<[text: string, where: string, expected: RegExp]>([
    ['{\n  "a": 1,\n  b: 2\n}', "main.tf.json:3:3", /a name in double quotes, found "b"/],
    ['{"a": [1, 2', "main.tf.json:1:12", /"," or "\]", found the end of the file/],
    ['{"a": 1} x', "main.tf.json:1:10", /nothing more, found "x"/],
    ['{"a": 01}', "main.tf.json:1:7", /a value, found "0"/],
    ['{"a": tru}', "main.tf.json:1:7", /a value, found "t"/],
    ['{"a" 1}', "main.tf.json:1:6", /":", found "1"/],
    ['{"a": 1,}', "main.tf.json:1:9", /a name in double quotes, found "}"/],
    ['{"a": "x\ny"}', "main.tf.json:1:7", /a value/],
    ['{"a": {"b": 1,\n"b": 2}}', "main.tf.json:2:1", /has two members of one name: "b" stands here again/],
    ["", "main.tf.json:1:1", /a value, found the end/],
    ["[".repeat(100_000), "main.tf.json:1:100001", /a value, found the end/],
  ])("%j", (text, where, expected) => {
    const message = refusal(scratch({ "main.tf.json": text }));
    expect(message.slice(0, message.indexOf(": "))).toBe(where);
    expect(message).toMatch(expected);
  });

  it("tells names apart by object, and strings from names", () => {
    const main = { a: { x: 'a "x": y', y: ["x", { x: 1 }] }, b: { x: "\\" }, "": { "": 1 } };
    expect(refusal(scratch({ "main.tf.json": main }))).toBe("accepted");
  });

  it("refuses nesting that would exhaust the stack", () => {
    const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
    expect(refusal(scratch({ "main.tf.json": deep }))).toMatch(/nested deeper than 300 levels/);
  });

  it("names every malformed file at once", () => {
    const message = refusal(scratch({ "a/main.tf.json": "{", "b/main.tf.json": "]", "b/more.tf.json": "?" }));
    expect(message).toContain("a/main.tf.json:1:2");
    expect(message).toContain("b/main.tf.json:1:1");
    expect(message).toContain("b/more.tf.json:1:1");
  });
});
