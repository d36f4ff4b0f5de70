import { readFileSync } from "node:fs";
import { readConfiguration } from "../../proof/terraform/configuration";
import { RootModule } from "../../proof/terraform/module";
import { describeUnknown, Unknown } from "../../proof/terraform/value";
import { fixture, scratch } from "./scratch";

function outputs(directory: string): RootModule {
  const [module] = readConfiguration(directory).modules;
  if (!(module instanceof RootModule)) throw new Error("expected one root module");
  return module;
}

/** AWS provider 5.100.0's own answers. */
const recorded = JSON.parse(readFileSync(fixture("policy-documents", "recorded.json"), "utf8")) as Record<
  string,
  string
>;

describe("an aws_iam_policy_document is the JSON that the AWS provider writes, to the byte", () => {
  const module = outputs(fixture("policy-documents"));
  it.each(Object.entries(recorded))("%s", (name, json) => {
    expect(module.output(name)).toBe(json);
  });
});

describe("a document of which a part is not known is not known", () => {
  const statement = { actions: ["execute-api:Invoke"], resources: ["*"] };
  it.each<[name: string, document: unknown, because: RegExp]>([
    ["a resource", { statement: { ...statement, resources: ["${aws_thing.a.arn}"] } }, /aws_thing\.a does not exist/],
    [
      "a condition value",
      {
        statement: {
          ...statement,
          condition: { test: "StringEquals", variable: "aws:x", values: ["${data.aws_vpc.main.id}"] },
        },
      },
      /data\.aws_vpc\.main\.id is read from AWS/,
    ],
    [
      "the statements of a dynamic block",
      { dynamic: { statement: { for_each: "${data.aws_vpcs.all.ids}", content: statement } } },
      /data\.aws_vpcs\.all\.ids is read from AWS/,
    ],
    ["a source document", { source_policy_documents: ["not json"], statement }, /holds a document that is no JSON/],
    [
      "two statements of one sid",
      {
        statement: [
          { sid: "A", ...statement },
          { sid: "A", ...statement },
        ],
      },
      /two statements with the sid "A"/,
    ],
  ])("%s", (_name, document, because) => {
    const module = outputs(
      scratch({
        "main.tf.json": {
          data: { aws_vpc: { main: {} }, aws_vpcs: { all: {} }, aws_iam_policy_document: { it: document } },
          output: { json: { value: "${data.aws_iam_policy_document.it.json}" } },
        },
      }),
    );
    const value = module.output("json");
    expect(value).toBeInstanceOf(Unknown);
    expect(describeUnknown(value as Unknown)).toMatch(because);
  });
});
