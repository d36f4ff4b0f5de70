import { cognito, iam, publicRoute } from "../../constructs/routes/protection";
import { dev } from "../../environments/dev";
import { routes as contract } from "../../environments/routes";
import { synthesized, type Variation } from "../synth/synthesized";

const triggersOf = (variation: Variation): unknown =>
  synthesized(variation)("public-api").one("aws_api_gateway_deployment")["triggers"];

const before = triggersOf({});
const ttl = { ...dev.authorizerTtlSeconds, oauth: 299 };
const changed = (name: string, change: object) =>
  contract.routes.map((route) => (`${route.verb} ${route.path}` === name ? { ...route, ...change } : route));

describe("A new deployment is made", () => {
  it.each<[string, Variation]>([
    ["an authorizer's TTL changes", { environment: { authorizerTtlSeconds: ttl } }],
    ["the resource policy changes", { environment: { deniedRanges: ["192.0.2.0/24"] } }],
    ["a scope changes", { routes: changed("GET /profile", { protection: cognito({ scopes: ["profile/write"] }) }) }],
    ["a route's callers change", { routes: changed("GET /orders", { protection: iam({ ownAccount: true }) }) }],
    [
      "a route is opened",
      { routes: changed("GET /profile", { protection: publicRoute({ reason: "The profile is empty for now." }) }) },
    ],
    ["a body's schema changes", { routes: changed("POST /orders", { request: { body: { type: "array" } } }) }],
    [
      "browsers of another origin are admitted",
      { environment: { cors: { origin: "https://app.example", maxAgeSeconds: 600 } } },
    ],
    ["a route's handler changes", { routes: changed("GET /profile", { handler: "health" }) }],
    [
      "a route is added",
      {
        routes: [
          ...contract.routes,
          { verb: "GET", path: "/new", protection: iam({ ownAccount: true }), handler: "caller" },
        ],
      },
    ],
    ["a route is removed", { routes: contract.routes.slice(1) }],
  ])("when %s", (_what, variation) => expect(triggersOf(variation)).not.toEqual(before));
});

describe("No new deployment is made", () => {
  it.each<[string, Variation]>([
    ["nothing changes", {}],
    ["a function's code changes", { code: "export const handler = async () => ({ statusCode: 204 });" }],
    [
      "an authorizer function's settings change",
      { environment: { oidc: { ...dev.oidc, audience: "https://other.example" } } },
    ],
    ["the order of the route table changes", { routes: [...contract.routes].reverse() }],
    ["the throttle changes", { environment: { throttle: { requestsPerSecond: 1, burst: 1 } } }],
    ["a log is kept longer", { environment: { logRetentionDays: 90 } }],
  ])("when %s", (_what, variation) => expect(triggersOf(variation)).toEqual(before));
});

describe("What changes no text", () => {
  it("moves the trigger through the values of the references: functions and the pool", () =>
    expect((before as { values: string }).values).toMatch(
      /^\$\{sha256\(jsonencode\(\[aws_lambda_function\.functions_caller_[^,]+\.invoke_arn, .*outputs\.cross-stack-output-aws_cognito_user_pool[^\]]*\]\)\)\}$/,
    ));
});
