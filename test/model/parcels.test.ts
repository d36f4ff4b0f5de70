import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../proof/errors";
import { loadModel } from "../../proof/model/load";
import type { Model } from "../../proof/model/types";
import { fixture, scratch } from "../terraform/scratch";

/**
 * What Terraform 1.11.4 printed of one HCL configuration with child modules: the state once it was applied, the plan
 * before anything existed, and the plan of a change (`terraform show -json`).
 */
const state = loadModel(fixture("parcels", "state.json"));
const first = loadModel(fixture("parcels", "first-plan.json"), { account: "123456789012" });
const change = loadModel(fixture("parcels", "change-plan.json"));
interface Plan {
  readonly configuration: { readonly root_module: { readonly module_calls: Record<string, object> } };
}
const routes = (model: Model): string[] =>
  (model.apis[0]?.routes ?? [])
    .map(
      ({ method, path, auth, refused }) => `${method} ${path} ${auth.type}${refused === undefined ? "" : " refused"}`,
    )
    .sort();

describe("the JSON of a state", () => {
  it("has AWS's own ids, and the account and region of its ARNs", () => {
    expect(state.apis).toMatchObject([
      { id: "ciondmkvq9", accountId: "123456789012", region: "eu-north-1", name: "parcels-test" },
    ]);
    expect(state.problems).toEqual([]);
  });

  it("has the routes of for_each with their authorization", () => {
    expect(routes(state)).toEqual([
      "DELETE /parcels/{number} CUSTOM",
      "GET /parcels/{number} NONE",
      "POST /parcels/{number} AWS_IAM",
    ]);
  });

  it("has the functions of child modules, with their permissions", () => {
    expect(
      state.functions.map(({ address, permissions }) => [address, permissions.map(({ sourceArn }) => sourceArn)]),
    ).toEqual([
      [
        "module.courier.aws_lambda_function.this",
        [expect.stringMatching(/^arn:aws:execute-api:eu-north-1:123456789012:ciondmkvq9\/authorizers\/[a-z0-9]+$/)],
      ],
      ["module.parcels.aws_lambda_function.this", ["arn:aws:execute-api:eu-north-1:123456789012:ciondmkvq9/*/*/*"]],
    ]);
    expect(state.functions[0]?.zipFile).toBe(fixture("parcels", "echo.zip"));
  });

  it("has the sender's policy as applied", () => {
    const sender = state.roles.find(({ name }) => name === "sender");
    expect(sender?.identityPolicies[0]?.document).toMatchObject({
      Statement: [{ Resource: "arn:aws:execute-api:eu-north-1:123456789012:ciondmkvq9/live/POST/parcels/*" }],
    });
  });
});

describe("the JSON of a first plan, where little is known yet", () => {
  it("links methods, integrations and authorizers through references, child modules and each.value", () => {
    expect(routes(first)).toEqual(routes(state));
    expect(first.apis[0]?.routes.map(({ integration }) => integration)).toEqual(
      Array(3).fill(
        expect.objectContaining({
          type: "AWS_PROXY",
          functionArn: "arn:aws:lambda:eu-north-1:123456789012:function:parcels-test",
        }),
      ),
    );
    expect(first.apis[0]?.authorizers).toMatchObject([
      { type: "TOKEN", functionArn: "arn:aws:lambda:eu-north-1:123456789012:function:courier-test" },
    ]);
  });

  it("reads the resource policy, which mentions no new resource", () => {
    expect(first.apis[0]?.policy).toMatchObject({ document: { Statement: [{ Effect: "Allow" }, { Effect: "Deny" }] } });
  });

  it("says of each policy that mentions one that it is not known, and opens nothing on it", () => {
    const sender = first.roles.find(({ name }) => name === "sender");
    expect(sender?.identityPolicies).toEqual([
      {
        document: null,
        unresolved: "aws_iam_role_policy.sender.policy is known only after apply",
        source: { file: "first-plan.json", address: "aws_iam_role_policy.sender.policy" },
      },
    ]);
    expect(first.problems.filter(({ severity }) => severity === "error").map(({ message }) => message)).toEqual([
      "aws_iam_role_policy.sender.policy is known only after apply",
    ]);
  });
});

describe("a Lambda permission in the JSON of a first plan", () => {
  const permissions = (model: typeof first) =>
    model.functions.flatMap(({ name, permissions: own }) => own.map(({ sourceArn }) => [name, sourceArn]));

  it("is taken for the whole API that its source_arn refers to, through modules, and that is said", () => {
    const api = `arn:aws:execute-api:eu-north-1:123456789012:${String(first.apis[0]?.id)}`;
    expect(permissions(first)).toEqual(
      expect.arrayContaining([
        ["parcels-test", `${api}/*`],
        ["courier-test", `${api}/*`],
      ]),
    );
    expect(first.problems).toContainEqual({
      message:
        "module.courier.aws_lambda_permission.this[0].source_arn is known only after apply: it is taken to cover all of aws_api_gateway_rest_api.parcels",
      source: { file: "first-plan.json", address: "module.courier.aws_lambda_permission.this[0].source_arn" },
      severity: "warning",
    });
  });

  it.each<[string, string[]]>([
    ["nothing", []],
    ["another resource", ["aws_iam_role.sender.arn", "aws_iam_role.sender"]],
    ["a local value, whose expression a plan does not hold", ["local.source"]],
  ])("grants nothing where its source_arn refers to %s", (_what, references) => {
    const plan = JSON.parse(readFileSync(fixture("parcels", "first-plan.json"), "utf8")) as Plan;
    plan.configuration.root_module.module_calls["parcels"] = {
      ...plan.configuration.root_module.module_calls["parcels"],
      expressions: { source_arns: { references } },
    };
    const file = join(scratch({ "plan.json": plan }), "plan.json");
    expect(permissions(loadModel(file, { account: "123456789012" })).map(([name]) => name)).toEqual(["courier-test"]);
  });
});

describe("the JSON of a plan that changes what exists", () => {
  it("has the routes as they will be", () => {
    expect(routes(change)).toEqual([
      "DELETE /parcels/{number} CUSTOM",
      "GET /parcels/{number} NONE",
      "POST /parcels/{number} NONE",
      "PUT /parcels/{number} AWS_IAM",
    ]);
    expect(change.problems).toEqual([]);
  });

  it("is of the same API as the state", () => {
    expect(change.apis[0]?.id).toBe(state.apis[0]?.id);
  });
});

describe("a file that is something else is refused", () => {
  it.each<[what: string, json: unknown, message: RegExp]>([
    [
      "a state file",
      { version: 4, serial: 1, lineage: "x", resources: [] },
      /is a state file, whose format is Terraform's own\n {2}Run terraform show -json/,
    ],
    ["other JSON", { hello: 1 }, /is not the output of terraform show -json/],
    ["a format to come", { format_version: "2.0", values: {} }, /has format version 2\.0/],
  ])("%s", (_what, json, message) => {
    const load = (): unknown => loadModel(`${scratch({ "x.json": json })}/x.json`);
    expect(load).toThrow(InputError);
    expect(load).toThrow(message);
  });

  it("text in a state is never evaluated", () => {
    const model = loadModel(
      `${scratch({
        "x.json": {
          format_version: "1.0",
          values: {
            root_module: {
              resources: [
                {
                  address: "aws_api_gateway_rest_api.a",
                  mode: "managed",
                  type: "aws_api_gateway_rest_api",
                  name: "a",
                  values: {
                    id: "abcdefghij",
                    name: '${file("/etc/passwd")} %{ if true } $${x}',
                    arn: "arn:aws:apigateway:eu-west-1::/restapis/abcdefghij",
                    execution_arn: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij",
                  },
                },
              ],
            },
          },
        },
      })}/x.json`,
    );
    expect(model.apis[0]?.name).toBe('${file("/etc/passwd")} %{ if true } $${x}');
  });
});
