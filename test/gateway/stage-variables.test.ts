import type { LambdaAuthorizer } from "../../proof/model/types";
import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { api, invocable, model, proxyTo, route, stage } from "./models";

const source = { file: "f", address: "aws_api_gateway_authorizer.badge" };

/** API Gateway developer guide, "Stage variables reference": in the URIs of functions, as alias and as name. */
describe("a stage variable in the URI of a function", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const named = (name: string) =>
      invocable(name, `exports.handler = async () => ({ body: ${JSON.stringify(name)} })`, {
        arn: `arn:aws:lambda:eu-west-1:111111111111:function:${name}`,
      });
    const [one, two] = [named("one"), named("two")];
    const aliased = { ...one, permissions: one.permissions.map((each) => ({ ...each, qualifier: "live" })) };
    const judge = invocable(
      "judge",
      `exports.handler = async (e) => ({ principalId: "p", policyDocument: { Version: "2012-10-17", Statement: [{ Effect: e.authorizationToken === "good" ? "Allow" : "Deny", Action: "execute-api:Invoke", Resource: "*" }] } })`,
      { arn: "arn:aws:lambda:eu-west-1:111111111111:function:judge" },
    );
    const authorizer: LambdaAuthorizer = {
      address: source.address,
      id: "badge1",
      name: "badge",
      type: "TOKEN",
      functionArn: judge.arn.replace("judge", "${stageVariables.judge}"),
      identitySources: ["method.request.header.X-Badge"],
      resultTtlSeconds: 0,
      source,
    };
    const uri = (functionArn: string) => ({ ...proxyTo(two), functionArn });
    gateway = await serve(
      model(
        [
          api(
            [
              route("GET", "/alias", { integration: uri(`${one.arn}:\${stageVariables.alias}`) }),
              route("GET", "/name", { integration: uri(two.arn.replace("two", "${stageVariables.fn}")) }),
              route("GET", "/guarded", { integration: proxyTo(two), auth: { type: "CUSTOM", authorizer } }),
            ],
            {
              stages: [
                stage("dev", { variables: { alias: "live", fn: "two", judge: "judge" } }),
                stage("prod", { variables: { alias: "beta" } }),
              ],
            },
          ),
        ],
        [{ ...aliased, qualifiers: ["$LATEST", "live", "beta"] }, two, judge],
      ),
    );
  });
  afterAll(() => gateway.close());
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(gateway.origin + path, { headers });
    return [response.status, await response.text()];
  };

  it("names the alias or the function of the stage that is called", async () => {
    expect(await get("/dev/alias")).toEqual([200, "one"]);
    expect(await get("/dev/name")).toEqual([200, "two"]);
  });

  it("calls nothing where API Gateway has no permission for that alias, or the stage no such variable", async () => {
    expect((await get("/prod/alias"))[0]).toBe(500);
    expect((await get("/prod/name"))[0]).toBe(500);
  });

  it("names an authorizer's function as well, and without one admits nobody", async () => {
    expect(await get("/dev/guarded", { "X-Badge": "good" })).toEqual([200, "two"]);
    expect((await get("/dev/guarded", { "X-Badge": "bad" }))[0]).toBe(403);
    expect(await get("/prod/guarded", { "X-Badge": "good" })).toEqual([500, '{"message":null}']);
  });
});
