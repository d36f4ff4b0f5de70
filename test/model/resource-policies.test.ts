import { apiId, errors, load } from "./small-api";
import type { Resources } from "./small-api";

const everyone = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const denying = everyone.replace(
  "[]",
  '[{"Effect":"Deny","Principal":"*","Action":"execute-api:Invoke","Resource":"execute-api:/*"}]',
);

describe("a resource policy that cannot be told leaves the API with one that allows nothing", () => {
  const separate = (policy: unknown, api: unknown = apiId): Resources => ({
    aws_api_gateway_rest_api_policy: { p: { rest_api_id: api, policy } },
  });
  it.each<[why: string, more: Resources, message: RegExp]>([
    [
      "it is known only after apply",
      separate("${aws_thing.a.policy}"),
      /policy is not known: aws_thing\.a does not exist/,
    ],
    [
      "a part of it is",
      separate('{"Statement":[{"Resource":"${data.x.y.arn}/*"}]}'),
      /policy is not known: data\.x\.y does not exist/,
    ],
    ["it is no JSON", separate("{"), /is no valid JSON/],
    ["it is a list", separate(["{}"]), /is no JSON text/],
    ["it may be another API's", separate(everyone, "${data.x.y.id}"), /may belong to this API/],
    [
      "it is not known how many there are",
      { aws_api_gateway_rest_api_policy: { p: { for_each: "${data.x.y.all}", rest_api_id: apiId, policy: everyone } } },
      /may belong to this API/,
    ],
    [
      "there are two that differ",
      {
        ...separate(everyone),
        aws_api_gateway_rest_api: { api: { name: "api", policy: denying } },
      },
      /has resource policies that differ/,
    ],
  ])("%s", (_why, more, message) => {
    const model = load({ authorization: "NONE" }, more);
    expect(model.apis[0]?.policy).toMatchObject({
      document: null,
      unresolved: expect.stringMatching(message) as string,
    });
    expect(errors(model).length).toBeGreaterThan(0);
  });

  it("but two that say the same are one, as whichever is applied last", () => {
    const inline = { aws_api_gateway_rest_api: { api: { name: "api", policy: everyone } } };
    const model = load({ authorization: "NONE" }, { ...separate(everyone.replace(",", ", ")), ...inline });
    expect(model.apis[0]?.policy).toMatchObject({ document: JSON.parse(everyone) as object });
    expect(model.problems).toEqual([]);
  });

  it("and an empty policy is none", () => {
    const model = load({}, { aws_api_gateway_rest_api: { api: { name: "api", policy: "" } } });
    expect(model.apis[0]).not.toHaveProperty("policy");
    expect(model.problems).toEqual([]);
  });
});
