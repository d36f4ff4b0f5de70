import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { loadModel } from "../../proof/model/load";
import type { Model } from "../../proof/model/types";
import { fixture, scratch } from "../terraform/scratch";

interface Main {
  locals: { openapi: object };
  resource: { aws_api_gateway_rest_api: { theatre: { body: string } } };
}
const main = () => JSON.parse(readFileSync(fixture("theatre", "main.tf.json"), "utf8")) as Main;

/** The theatre with its OpenAPI document as a YAML text, references of Terraform and all. */
function theatreInYaml(): Model {
  const configuration = main();
  configuration.resource.aws_api_gateway_rest_api.theatre.body = stringify(configuration.locals.openapi);
  return loadModel(scratch({ "theatre/main.tf.json": configuration }));
}

describe("an OpenAPI body in YAML", () => {
  it("says the same as in JSON: routes, authorizers, policy, validators, gateway responses", () => {
    const [json] = loadModel(scratch({ "theatre/main.tf.json": main() })).apis;
    const [yaml] = theatreInYaml().apis;
    expect(json?.routes.length).toBe(7);
    // jsonencode sorts the members of objects; a text in YAML keeps their order.
    const sorted = (api: Model["apis"][number] | undefined) => ({
      ...api,
      routes: [...(api?.routes ?? [])].sort((a, b) => `${a.path} ${a.method}`.localeCompare(`${b.path} ${b.method}`)),
      authorizers: [...(api?.authorizers ?? [])].sort((a, b) => a.name.localeCompare(b.name)),
    });
    expect(sorted(yaml)).toEqual(sorted(json));
  });

  it.each([
    ["a comment and a block text", "# orders\ninfo:\n  description: |\n    two\n    lines\n"],
    ["a number as the status of a response", "x-a: 1\n"],
    ["a word that older YAML takes for a boolean", "info: { title: no }\n"],
  ])("is read with %s", (_what, more) => {
    const body = `openapi: 3.0.1\n${more}paths:\n  /orders:\n    get:\n      x-amazon-apigateway-integration: { type: mock }\n      responses:\n        200: { description: fine }\n`;
    const { apis, problems } = loadModel(
      scratch({ "main.tf.json": { resource: { aws_api_gateway_rest_api: { api: { name: "a", body } } } } }),
    );
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(apis[0]?.routes).toMatchObject([{ method: "GET", path: "/orders", integration: { type: "MOCK" } }]);
  });

  it("follows anchors and aliases, and gives up on those that multiply without end", () => {
    const levels = [..."abcdefgh"].map((name, at) =>
      at === 0
        ? "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]"
        : `${name}: &${name} [${Array(9)
            .fill(`*${"abcdefgh"[at - 1]}`)
            .join(",")}]`,
    );
    const { problems } = loadModel(
      scratch({
        "main.tf.json": { resource: { aws_api_gateway_rest_api: { api: { name: "a", body: levels.join("\n") } } } },
      }),
    );
    expect(problems.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/no OpenAPI document in JSON or YAML: Excessive alias count/),
    );
  });
});
