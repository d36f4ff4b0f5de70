import { analyze } from "../../proof/analysis/matrix";
import { apiId, load, warnings } from "./small-api";

const of = (addresses: number) => {
  const list = Array.from({ length: addresses }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
  const statement = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const Statement = [{ ...statement, Condition: { IpAddress: { "aws:SourceIp": list } } }];
  const policy = JSON.stringify({ Version: "2012-10-17", Statement });
  const more = { aws_api_gateway_rest_api_policy: { api: { rest_api_id: apiId, policy } } };
  return { characters: policy.length, model: load({ authorization: "NONE" }, more) };
};

describe("A resource policy", () => {
  it("of more than 8,192 characters is told with how many it has, and decided on all the same", () => {
    const { characters, model } = of(700);
    expect(characters).toBeGreaterThan(8192);
    expect(warnings(model)).toMatchObject([
      {
        message: expect.stringContaining(`has ${characters} characters, and API Gateway takes 8192`),
        source: { address: "aws_api_gateway_rest_api_policy.api.policy" },
      },
    ]);
    expect(
      analyze(model)
        .routes[0]?.entries.map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(["allow", "deny"]);
  });

  it("of fewer is not", () => expect(warnings(of(100).model)).toEqual([]));
});
