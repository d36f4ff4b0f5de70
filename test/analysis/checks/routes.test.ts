import { openGreedyRoute } from "../../../proof/analysis/checks/rules/open-greedy-route";
import { undecided } from "../../../proof/analysis/checks/rules/undecided";
import { unreachableRoute } from "../../../proof/analysis/checks/rules/unreachable-route";
import type { Integration, Model, Route, RouteAuth, UserPool } from "../../../proof/model/types";
import {
  ACCOUNT,
  PARTNER,
  cognitoAuthorizer,
  findings,
  resourcePolicy,
  route,
  source,
  statement,
  tokenAuthorizer,
} from "./support";

const proxy = (name: string): Integration => ({
  type: "AWS_PROXY",
  functionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`,
  timeoutMs: 29_000,
  source: source("integration"),
});
const guarded: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer() };
const calling = (name: string, one: Route): Route => ({ ...one, integration: proxy(name) });

describe("a public greedy route beside a guarded one", () => {
  it("is an error where both call the same function", () => {
    const routes = [calling("app", route("GET", "/admin", guarded)), calling("app", route("ANY", "/{proxy+}"))];
    expect(findings(openGreedyRoute, { routes })).toMatchObject([
      { severity: "error", witness: { path: expect.stringMatching(/^\/admin/), caller: null } },
    ]);
  });

  it.each<[string, readonly Route[], string[]]>([
    ["its other verbs and the paths below it", [route("GET", "/admin", guarded)], ["/admin/{proxy+}", "/admin"]],
    ["the paths below it", [route("ANY", "/admin/{id}", guarded)], ["/admin/{id}/{proxy+}"]],
    ["its other verbs", [route("GET", "/admin", guarded), route("ANY", "/admin/{proxy+}", guarded)], ["/admin"]],
  ])("is closed by what the fix says, where the greedy route serves %s", (_, routes, closing) => {
    const open = route("ANY", "/{proxy+}");
    const [found] = findings(openGreedyRoute, { routes: [...routes, open] });
    expect(found?.fix).toContain(`add guarded ANY methods at ${closing.join(" and ")}.`);
    const closed = closing.map((path) => route("ANY", path, guarded));
    expect(findings(openGreedyRoute, { routes: [...routes, ...closed, open] })).toEqual([]);
  });

  it("is a warning where another function stands behind it", () => {
    const routes = [calling("app", route("GET", "/admin", guarded)), calling("site", route("ANY", "/{proxy+}"))];
    expect(findings(openGreedyRoute, { routes })).toMatchObject([{ severity: "warning" }]);
  });

  it.each([
    ["is guarded alike", [route("GET", "/admin", guarded), route("ANY", "/{proxy+}", guarded)]],
    ["stands at another path", [route("GET", "/admin", guarded), route("ANY", "/site/{proxy+}")]],
    [
      "finds every path of the guarded one taken",
      [route("ANY", "/admin", guarded), route("ANY", "/admin/{proxy+}", guarded), route("ANY", "/{proxy+}")],
    ],
  ])("is not found where it %s", (_, routes) => {
    expect(findings(openGreedyRoute, { routes })).toEqual([]);
  });

  it("is not found where the resource policy keeps it shut", () => {
    const routes = [route("GET", "/admin", guarded), route("ANY", "/{proxy+}")];
    const policy = resourcePolicy(statement("Allow", { Resource: "execute-api:/*/GET/site/*" }));
    expect(findings(openGreedyRoute, { routes, policy })).toEqual([]);
  });
});

const PATTERN = cognitoAuthorizer().providerArns[0] ?? "";
const pool = (more: Partial<UserPool> = {}): UserPool => ({
  address: "aws_cognito_user_pool.pool",
  id: "us-east-1_Pool00001",
  arn: PATTERN,
  name: "pool",
  accountId: ACCOUNT,
  region: "us-east-1",
  issuer: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool00001",
  clients: [],
  scopes: ["orders/read"],
  groups: [],
  settings: {},
  source: source("aws_cognito_user_pool.pool"),
  ...more,
});
const scoped = (scope: string): Route =>
  route("GET", "/orders", { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [scope] });
const VERBS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

describe("a route that nobody reaches", () => {
  it.each<[string, readonly Route[], Partial<Model>, RegExp]>([
    [
      "asks for a scope that the pool does not have",
      [scoped("orders/write")],
      { userPools: [pool()] },
      /orders\/write/,
    ],
    ["is an ANY beside every verb", [route("ANY", "/a"), ...VERBS.map((verb) => route(verb, "/a"))], {}, /ANY \/a/],
  ])("is found where it %s", (_, routes, more, says) => {
    const found = findings(unreachableRoute, { routes }, more);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toMatch(says);
  });

  it("is found where a Deny refuses everybody", () => {
    const policy = resourcePolicy(statement("Allow"), statement("Deny", { Resource: "execute-api:/*/GET/old" }));
    expect(findings(unreachableRoute, { routes: [route("GET", "/old"), route("GET", "/new")], policy })).toMatchObject([
      { message: expect.stringContaining("GET /old"), witness: { path: "/old" } },
    ]);
  });

  it("is told with all that the same statement shuts, where the statement stands", () => {
    const unsigned = { Null: { "aws:PrincipalArn": "true" } };
    const paths = ["/a", "/b", "/c", "/d", "/e", "/f"];
    const routes = [...paths.map((path) => route("GET", path)), route("GET", "/in", { type: "AWS_IAM" })];
    const policy = resourcePolicy(
      statement("Allow"),
      statement("Deny", { Sid: "Signed", Condition: unsigned }),
      statement("Deny", { Sid: "Gone", Resource: "execute-api:/*/GET/in" }),
    );
    expect(findings(unreachableRoute, { routes, policy })).toMatchObject([
      {
        message: expect.stringMatching(
          /^Nobody reaches GET \/a, GET \/b, GET \/c, GET \/d and 2 more of orders: .*'Signed'/,
        ),
        where: { address: "aws_api_gateway_rest_api_policy.api.policy" },
        witness: { path: "/a" },
      },
      { message: expect.stringMatching(/^Nobody reaches GET \/in of orders: .*'Gone'/), witness: { path: "/in" } },
    ]);
  });

  it("is found where the API has no stage", () => {
    expect(findings(unreachableRoute, { routes: [route("GET", "/a")], stages: [] })).toHaveLength(1);
  });

  it.each<[string, readonly Route[], Partial<Model>]>([
    ["asks for a scope that the pool has", [scoped("orders/read")], { userPools: [pool()] }],
    ["asks for a scope of Cognito's own", [scoped("openid")], { userPools: [pool()] }],
    ["asks for a scope of a pool that is elsewhere", [scoped("orders/write")], {}],
    [
      "asks for a scope that a trigger may add",
      [scoped("orders/write")],
      { userPools: [pool({ settings: { lambda_config: [{}] } })] },
    ],
    ["is an ANY beside some verbs", [route("ANY", "/a"), route("GET", "/a")], {}],
    ["is a parameter beside a word", [route("GET", "/a/{id}"), route("GET", "/a/b")], {}],
  ])("is not found where it %s", (_, routes, more) => {
    expect(findings(unreachableRoute, { routes }, more)).toEqual([]);
  });
});

describe("a route of which it cannot be told who is let in", () => {
  const when = (key: string) =>
    resourcePolicy(statement("Allow", { Condition: { StringEquals: { [key]: "o-a1b2c3d4e5" } } }));
  const routes = [route("GET", "/orders", { type: "AWS_IAM" })];

  it("is found, with the key that nothing is known of", () => {
    expect(findings(undecided, { routes, policy: when("aws:PrincipalOrgPaths") })).toMatchObject([
      { severity: "error", message: expect.stringContaining("aws:PrincipalOrgPaths"), witness: { path: "/orders" } },
    ]);
  });

  it("is found without a witness where every request that could be made is decided, though not all of the class", () => {
    const tags = { StringNotEquals: { "aws:PrincipalTag/ward": "${aws:RequestTag/ward}" } };
    const policy = resourcePolicy(statement("Allow"), statement("Deny", { Sid: "OwnWard", Condition: tags }));
    expect(findings(undecided, { routes, policy })).toMatchObject([
      { severity: "error", message: expect.stringContaining("statement OwnWard"), witness: null },
    ]);
  });

  it("shows what cannot be told of the witness, where there are several doubts", () => {
    const tags = { StringNotEquals: { "aws:PrincipalTag/ward": "${aws:RequestTag/ward}" } };
    const policy = resourcePolicy(
      statement("Allow", {
        Principal: { AWS: PARTNER },
        Condition: { StringEquals: { "aws:PrincipalOrgPaths": "o-1" } },
      }),
      statement("Allow", { Principal: { AWS: ACCOUNT } }),
      statement("Deny", { Sid: "OwnWard", Principal: { AWS: ACCOUNT }, Condition: tags }),
    );
    expect(findings(undecided, { routes, policy })).toMatchObject([
      {
        message: expect.stringContaining("aws:PrincipalOrgPaths"),
        witness: { caller: { arn: expect.stringContaining(PARTNER) } },
      },
    ]);
  });

  it("is not found where the key is known", () => {
    expect(findings(undecided, { routes, policy: when("aws:PrincipalOrgID") })).toEqual([]);
  });
});
