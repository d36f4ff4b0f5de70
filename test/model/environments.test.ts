import { loadModel } from "../../proof/model/load";
import { scratch } from "../terraform/scratch";

interface StackOptions {
  readonly environment?: string;
  readonly account?: string;
}

function stack(name: string, { environment, account }: StackOptions): Record<string, unknown> {
  const tags = environment === undefined ? {} : { default_tags: [{ tags: { Environment: environment } }] };
  const pinned = account === undefined ? {} : { allowed_account_ids: [account], region: "eu-west-1" };
  return {
    provider: { aws: [{ ...pinned, ...tags }] },
    resource: {
      aws_api_gateway_rest_api: { api: { name } },
      aws_api_gateway_stage: { s: { rest_api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "s" } },
    },
  };
}
function app(stacks: Readonly<Record<string, StackOptions>>): string {
  const names = Object.keys(stacks);
  return scratch({
    "manifest.json": {
      stacks: Object.fromEntries(names.map((name) => [name, { synthesizedStackPath: `stacks/${name}/cdk.tf.json` }])),
    },
    ...Object.fromEntries(names.map((name) => [`stacks/${name}/cdk.tf.json`, stack(name, stacks[name] ?? {})])),
  });
}
const apis = (directory: string, environment?: string): string[] =>
  loadModel(directory, environment === undefined ? {} : { environment })
    .apis.map(({ name }) => name)
    .sort();

describe("stacks of several environments", () => {
  const directory = app({
    "shop-dev-api": { environment: "dev" },
    "shop-prod-api": { environment: "prod" },
    "shop-tools": {},
    "shop-prod-extra": {},
  });

  it("are not mixed: one must be named", () => {
    expect(() => apis(directory)).toThrow(
      "this directory holds several environments: dev, prod\n  Name one, e.g. --env dev.",
    );
  });

  it("are told apart by the Environment tag of their providers; stacks of none belong to each, unless their name says otherwise", () => {
    expect(apis(directory, "dev")).toEqual(["shop-dev-api", "shop-tools"]);
    expect(apis(directory, "prod")).toEqual(["shop-prod-api", "shop-prod-extra", "shop-tools"]);
  });

  it("an unknown one is answered with the known ones", () => {
    expect(() => apis(directory, "test")).toThrow('environment "test" is not known\n  Known: dev, prod.');
  });

  it("are told apart by a segment of their names where they have no tag", () => {
    const untagged = app({ "shop-dev-api": {}, "shop-prod-api": {} });
    expect(apis(untagged, "dev")).toEqual(["shop-dev-api"]);
    expect(() => apis(untagged, "shop-dev")).toThrow(/Known: shop-dev-api, shop-prod-api/);
  });

  it("of one environment need not be named", () => {
    expect(apis(app({ a: { environment: "dev" }, b: { environment: "dev" } }))).toEqual(["a", "b"]);
  });
});

describe("whose an API is", () => {
  it.each<[how: string, provider: unknown, account: string | undefined, expected: string]>([
    [
      "the account that the provider allows",
      { region: "eu-west-1", allowed_account_ids: ["111111111111"] },
      "999999999999",
      "111111111111",
    ],
    [
      "the account of the role that it assumes",
      { region: "eu-west-1", assume_role: [{ role_arn: "arn:aws:iam::222222222222:role/deploy" }] },
      undefined,
      "222222222222",
    ],
    ["the account that the caller names", { region: "eu-west-1" }, "333333333333", "333333333333"],
    [
      "the caller's where several are allowed",
      { region: "eu-west-1", allowed_account_ids: ["111111111111", "222222222222"] },
      "333333333333",
      "333333333333",
    ],
  ])("%s", (_how, aws, account, expected) => {
    const directory = scratch({ "main.tf.json": { ...stack("api", {}), provider: { aws } } });
    const model = loadModel(directory, account === undefined ? {} : { account });
    expect(model.apis[0]?.accountId).toBe(expected);
    expect(model.problems).toEqual([]);
  });

  it("zeros and us-east-1 with a warning each, where nothing says", () => {
    const model = loadModel(scratch({ "main.tf.json": stack("api", {}) }));
    expect(model.apis[0]).toMatchObject({ accountId: "000000000000", region: "us-east-1", partition: "aws" });
    expect(model.problems.map(({ severity, message }) => `${severity} ${message}`)).toEqual([
      expect.stringMatching(
        /^warning the account of provider aws is not known .* 000000000000 is taken; set it with --account$/,
      ),
      expect.stringMatching(/^warning the region of provider aws is not known: us-east-1 is taken$/),
    ]);
  });

  it("the partition of its region", () => {
    const directory = scratch({
      "main.tf.json": {
        ...stack("api", {}),
        provider: { aws: { region: "us-gov-west-1", allowed_account_ids: ["111111111111"] } },
      },
    });
    expect(loadModel(directory).apis[0]?.partition).toBe("aws-us-gov");
  });
});

describe("loading is fast", () => {
  it("reads 1,000 routes in under a second", () => {
    const apiId = "${aws_api_gateway_rest_api.api.id}";
    const numbers = Array.from({ length: 1000 }, (_, number) => number);
    const each = (make: (number: number) => unknown): Record<string, unknown> =>
      Object.fromEntries(numbers.map((number) => [`r${String(number)}`, make(number)]));
    const on = (number: number): Record<string, unknown> => ({
      rest_api_id: apiId,
      resource_id: `\${aws_api_gateway_resource.r${String(number)}.id}`,
    });
    const directory = scratch({
      "main.tf.json": {
        resource: {
          aws_api_gateway_rest_api: { api: { name: "api" } },
          aws_api_gateway_resource: each((number) => ({
            rest_api_id: apiId,
            parent_id:
              number < 10
                ? "${aws_api_gateway_rest_api.api.root_resource_id}"
                : `\${aws_api_gateway_resource.r${String(Math.floor(number / 10))}.id}`,
            path_part: `p${String(number)}`,
          })),
          aws_api_gateway_method: each((number) => ({ ...on(number), http_method: "GET", authorization: "AWS_IAM" })),
          aws_api_gateway_integration: each((number) => ({
            ...on(number),
            http_method: `\${aws_api_gateway_method.r${String(number)}.http_method}`,
            type: "AWS_PROXY",
            uri: "${aws_lambda_function.f.invoke_arn}",
          })),
          aws_lambda_function: {
            f: { function_name: "f", filename: "main.tf.json", role: "r", runtime: "nodejs20.x", handler: "i.h" },
          },
          aws_lambda_permission: each((number) => ({
            function_name: "f",
            action: "lambda:InvokeFunction",
            principal: "apigateway.amazonaws.com",
            source_arn: `\${aws_api_gateway_rest_api.api.execution_arn}/*/GET\${aws_api_gateway_resource.r${String(number)}.path}`,
          })),
        },
      },
    });
    // The best of three, in processor time: the machine may be busy with other things.
    const loads = [1, 2, 3].map(() => {
      const start = process.cpuUsage();
      const model = loadModel(directory);
      const { user, system } = process.cpuUsage(start);
      return { model, milliseconds: (user + system) / 1000 };
    });
    expect(Math.min(...loads.map(({ milliseconds }) => milliseconds))).toBeLessThan(1000);
    const model = loads[0]?.model;
    expect(model?.apis[0]?.routes).toHaveLength(1000);
    expect(model?.functions[0]?.permissions.at(-1)?.sourceArn).toMatch(/\/\*\/GET\/p9\/p99\/p999$/);
  });
});
