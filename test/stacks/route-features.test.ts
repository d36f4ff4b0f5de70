import { iam, oauth, publicRoute } from "../../constructs/routes/protection";
import type { Route } from "../../constructs/routes/route";
import { policyOf, synthesized, type Stack } from "../synth/synthesized";

const own = iam({ ownAccount: true });
const route = (change: Partial<Route>): Route => ({
  verb: "GET",
  path: "/a",
  protection: own,
  handler: "caller",
  ...change,
});
const publicApi = (...routes: Route[]): Stack => synthesized({ routes })("public-api");
const pathOf = (source: unknown): string => String(source).replace(/^\$\{[^}]+\}/, "");

describe("A route may", () => {
  it("answer any verb below a greedy path, with a permission as wide as that and no wider", () => {
    const stack = publicApi(route({ verb: "ANY", path: "/files/{path+}" }));
    expect(stack.one("aws_api_gateway_method")).toMatchObject({
      http_method: "ANY",
      authorization: "AWS_IAM",
      request_parameters: { "method.request.path.path": true },
    });
    expect(
      stack
        .all("aws_api_gateway_resource")
        .map((resource) => resource["path_part"])
        .sort(),
    ).toEqual(["files", "{path+}"]);
    expect(pathOf(stack.one("aws_lambda_permission")["source_arn"])).toBe("/dev/*/files/*");
  });

  it("stand at the root", () => {
    const stack = publicApi(
      route({ path: "/", protection: publicRoute({ reason: "The root says where the documentation is." }) }),
    );
    expect(stack.all("aws_api_gateway_resource")).toEqual([]);
    expect(stack.one("aws_api_gateway_method")["resource_id"]).toMatch(/\.root_resource_id\}$/);
    expect(pathOf(stack.one("aws_lambda_permission")["source_arn"])).toBe("/dev/GET/");
    const allow = policyOf(stack.one("aws_api_gateway_rest_api_policy")).Statement.find(
      ({ Effect }) => Effect === "Allow",
    );
    expect(pathOf(allow?.["Resource"])).toBe("/dev/GET/");
  });

  it("share its path parts with others: each part is made once", () => {
    const stack = publicApi(
      route({ path: "/a/{x}/b" }),
      route({ path: "/a/{x}/c", verb: "POST" }),
      route({ path: "/a" }),
    );
    expect(
      stack
        .all("aws_api_gateway_resource")
        .map((resource) => resource["path_part"])
        .sort(),
    ).toEqual(["a", "b", "c", "{x}"]);
  });

  it("ask for query strings and headers before the function runs", () => {
    const stack = publicApi(
      route({ request: { query: { page: "optional", tenant: "required" }, headers: { "X-Trace": "required" } } }),
    );
    expect(stack.one("aws_api_gateway_method")["request_parameters"]).toEqual({
      "method.request.querystring.page": false,
      "method.request.querystring.tenant": true,
      "method.request.header.X-Trace": true,
    });
    expect(stack.one("aws_api_gateway_request_validator")).toMatchObject({
      validate_request_parameters: true,
      validate_request_body: false,
    });
  });

  it("be open to a role of another account, by its ARN and not to the rest of that account", () => {
    const role = "arn:aws:iam::444444444444:role/reporting";
    const policy = policyOf(
      publicApi(route({ protection: iam({ roles: [role] }) })).one("aws_api_gateway_rest_api_policy"),
    );
    expect(policy.Statement.filter(({ Effect }) => Effect === "Allow").map(({ Principal }) => Principal)).toEqual([
      { AWS: role },
    ]);
  });

  it("share an authorizer with routes of other scopes: one answer is right for all of them", () => {
    const stack = publicApi(
      route({ path: "/a", protection: oauth({ scopes: ["a/read"] }) }),
      route({ path: "/b", protection: oauth({ scopes: ["b/read", "b/write"] }) }),
    );
    expect(stack.all("aws_api_gateway_authorizer")).toHaveLength(1);
    const { variables } = stack.one("aws_lambda_function", "functions_oauth")["environment"] as {
      variables: { ROUTES: string };
    };
    expect(JSON.parse(variables.ROUTES)).toEqual([
      { verb: "GET", path: "/a", scopes: ["a/read"] },
      { verb: "GET", path: "/b", scopes: ["b/read", "b/write"] },
    ]);
  });
});

describe("Routes whose names differ only in their punctuation", () => {
  const stack = publicApi(
    ...["/a-b", "/a/b", "/a/{b}"].map((path) => route({ path, verb: "POST", request: { body: { type: "object" } } })),
  );

  it("have permissions of their own on one function", () =>
    expect(new Set(stack.all("aws_lambda_permission").map((permission) => permission["statement_id"])).size).toBe(3));

  it("have models of their own, named by letters and digits as API Gateway wants", () => {
    const names = stack.all("aws_api_gateway_model").map((model) => String(model["name"]));
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9]+$/);
  });
});

describe("Browsers", () => {
  const cors = route({ path: "/a", cors: true });

  it("are answered for every verb of the path that is open to them", () => {
    const stack = publicApi(
      cors,
      route({ path: "/a", verb: "PUT", cors: true }),
      route({ path: "/a", verb: "DELETE" }),
    );
    expect(stack.all("aws_api_gateway_integration_response")).toHaveLength(1);
    expect(stack.one("aws_api_gateway_integration_response")["response_parameters"]).toMatchObject({
      "method.response.header.Access-Control-Allow-Methods": "'GET,PUT'",
    });
  });

  it("get no preflight where the environment names no origin", () => {
    const stack = synthesized({ routes: [cors], environment: { cors: undefined } })("public-api");
    expect(stack.all("aws_api_gateway_method").map((method) => method["http_method"])).toEqual(["GET"]);
  });

  it("reach the preflight of a protected path through the resource policy, and the path itself no more than before", () => {
    const policy = policyOf(publicApi(cors).one("aws_api_gateway_rest_api_policy")).Statement;
    const allows = policy.filter(({ Effect }) => Effect === "Allow");
    expect(allows.map(({ Principal, Resource }) => [Principal, pathOf(Resource)])).toEqual([["*", "/dev/OPTIONS/a"]]);
  });
});
