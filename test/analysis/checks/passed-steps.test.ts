import { resourcePolicyBypass } from "../../../proof/analysis/checks/rules/resource-policy-bypass";
import type { Route, Stage } from "../../../proof/model/types";
import { findings, resourcePolicy, route, source, statement } from "./support";

const SHUT = [{ method: "*", path: "*", throttlingRateLimit: 0, throttlingBurstLimit: 0 }];

function passesOf(ofRoute: Partial<Route>, ofStage: Partial<Stage> = {}): readonly unknown[] {
  const found = findings(resourcePolicyBypass, {
    routes: [{ ...route("GET", "/orders", { type: "AWS_IAM" }), ...ofRoute }],
    stages: [{ name: "dev", variables: {}, source: source("aws_api_gateway_stage.dev"), ...ofStage }],
    policy: resourcePolicy(statement("Allow")),
  });
  return found.map(({ witness }) => witness?.passes);
}

describe("the witness of a finding takes as passed what stands behind authorization", () => {
  it("and names nothing where nothing does", () => {
    expect(passesOf({})).toEqual([undefined]);
  });

  it.each<[string, Partial<Route>, Partial<Stage>, string]>([
    ["an API key", { apiKeyRequired: true }, {}, "api-key"],
    ["a throttle of the stage that admits nothing", {}, { methodSettings: SHUT }, "api-key"],
    [
      "a request validator",
      {
        requestValidator: { parameters: true, body: false },
        requestParameters: { "method.request.querystring.day": true },
      },
      {},
      "validator",
    ],
  ])("%s", (_, ofRoute, ofStage, step) => {
    expect(passesOf(ofRoute, ofStage)).toEqual([[step]]);
  });
});
