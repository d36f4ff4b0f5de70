import { readFileSync } from "node:fs";
import { InputError } from "../../proof/errors";
import { readConfiguration } from "../../proof/terraform/configuration";
import { RootModule } from "../../proof/terraform/module";
import { Resource } from "../../proof/terraform/resource";
import { materialize, Unknown } from "../../proof/terraform/value";
import { fixture, scratch } from "./scratch";

function rootOf(directory: string): RootModule {
  const [module] = readConfiguration(directory).modules;
  if (!(module instanceof RootModule)) throw new Error("expected a root module");
  return module;
}
const aws = { provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["111111111111"] }] } };
const queue = (name: string) => ({ resource: { aws_sqs_queue: { q: { name } } } });
const instances = (module: RootModule) =>
  module.resources("aws_sqs_queue").map((one) => (one instanceof Resource ? one.address : one));

describe("child modules of Terraform JSON beside their caller", () => {
  it("have the outputs that Terraform 1.11.4 printed: one, with count, with for_each, nested, with files", () => {
    const root = rootOf(fixture("child-modules"));
    const recorded = JSON.parse(readFileSync(fixture("child-modules", "recorded.json"), "utf8")) as object;
    const outputs = root.outputNames().map((name) => [name, materialize(root.output(name) ?? null)]);
    expect(Object.fromEntries(outputs)).toEqual(recorded);
  });

  it("give their resources to the root, each at its address and in its file", () => {
    const root = rootOf(
      scratch({
        "main.tf.json": { module: { m: { source: "./m", for_each: { "a.b": 1, c: 2 }, n: "${each.value}" } } },
        "m/main.tf.json": {
          variable: { n: {} },
          module: { deep: { source: "./deep", count: "${var.n}" } },
          ...queue("x"),
        },
        "m/deep/q.tf.json": queue("y"),
      }),
    );
    expect(instances(root)).toEqual([
      'module.m["a.b"].aws_sqs_queue.q',
      'module.m["a.b"].module.deep[0].aws_sqs_queue.q',
      'module.m["c"].aws_sqs_queue.q',
      'module.m["c"].module.deep[0].aws_sqs_queue.q',
      'module.m["c"].module.deep[1].aws_sqs_queue.q',
    ]);
    const files = root.resources("aws_sqs_queue").map((one) => (one instanceof Resource ? one.file : ""));
    expect(new Set(files)).toEqual(new Set(["m/main.tf.json", "m/deep/q.tf.json"]));
    expect([...root.types()]).toEqual(["aws_sqs_queue"]);
  });

  it("use the providers that they are handed, and by default their caller's", () => {
    const providers = [
      { region: "eu-west-1", allowed_account_ids: ["111111111111"] },
      { alias: "far", region: "us-west-2", allowed_account_ids: ["222222222222"] },
    ];
    const root = rootOf(
      scratch({
        "main.tf.json": {
          provider: { aws: providers },
          module: { near: { source: "./m" }, far: { source: "./m", providers: { aws: "aws.far" } } },
        },
        "m/main.tf.json": queue("x"),
      }),
    );
    expect(root.resources("aws_sqs_queue").map((one) => (one instanceof Resource ? one.provider.region : one))).toEqual(
      ["eu-west-1", "us-west-2"],
    );
  });

  it("of which it is not known how many there are make what they declare unknown", () => {
    const root = rootOf(
      scratch({
        "main.tf.json": { ...aws, variable: { n: {} }, module: { m: { source: "./m", count: "${var.n}" } } },
        "m/main.tf.json": queue("x"),
      }),
    );
    expect(root.resources("aws_sqs_queue")).toEqual([expect.any(Unknown)]);
    expect(root.resources("aws_sns_topic")).toEqual([]);
    expect(root.declarations("aws_sqs_queue")).toEqual([{ address: "module.m.aws_sqs_queue.q", file: "main.tf.json" }]);
  });

  it("that call themselves come to an end, and are said not to be read there", () => {
    const root = rootOf(
      scratch({
        "main.tf.json": { module: { m: { source: "./m" } } },
        "m/main.tf.json": { module: { again: { source: "../m" } }, ...queue("x") },
      }),
    );
    expect(instances(root).length).toBeLessThan(20);
    expect(root.moduleCalls()).toHaveLength(1);
  });

  it.each<[string, Record<string, unknown>]>([
    ["a registry", { source: "terraform-aws-modules/vpc/aws" }],
    ["a repository", { source: "git::https://example.com/vpc.git" }],
    ["a folder that is not there", { source: "./absent" }],
    ["a folder of HCL", { source: "./hcl" }],
  ])("are not read from %s, and that is told", (_what, call) => {
    const root = rootOf(scratch({ "main.tf.json": { module: { m: call } }, "hcl/main.tf": "", "hcl/x.tf.json": {} }));
    expect(root.moduleCalls()).toEqual([{ name: "m", file: "main.tf.json", json: call }]);
    expect(root.resources("aws_sqs_queue")).toEqual([]);
  });

  it("are no root modules, also where several of these stand below a directory", () => {
    const { modules } = readConfiguration(
      scratch({
        "live/main.tf.json": { module: { m: { source: "../modules/m" } }, ...queue("live") },
        "other/main.tf.json": queue("other"),
        "modules/m/main.tf.json": queue("m"),
      }),
    );
    expect(modules.map(({ name }) => name)).toEqual(["live", "other"]);
    expect(modules.map((module) => instances(module as RootModule))).toEqual([
      ["aws_sqs_queue.q", "module.m.aws_sqs_queue.q"],
      ["aws_sqs_queue.q"],
    ]);
  });

  it("with malformed JSON are refused by file and line", () => {
    const directory = scratch({ "main.tf.json": { module: { m: { source: "./m" } } }, "m/main.tf.json": "{\n  x" });
    expect(() => rootOf(directory)).toThrow(InputError);
    expect(() => rootOf(directory)).toThrow(/m\/main\.tf\.json:2:3/);
  });
});
