import { SynthesisError, type Problem } from "../../../constructs/problems";
import { cognito, iam, oauth, publicRoute, saml, signedParameters } from "../../../constructs/routes/protection";
import { type Route } from "../../../constructs/routes/route";
import { defineRoutes } from "../../../constructs/routes/route-table";

const open = publicRoute({ reason: "Anyone may know that the API is up." });
const route = (change: object): Route =>
  ({ verb: "GET", path: "/a", protection: open, handler: "caller", ...change }) as Route;

function problemsOf(routes: readonly Route[]): readonly Problem[] {
  try {
    defineRoutes(routes);
    return [];
  } catch (error) {
    if (error instanceof SynthesisError) return error.problems;
    throw error;
  }
}

describe("A route table", () => {
  it("refuses a route that names no protection, whoever wrote it", () => {
    // @ts-expect-error A route without protection does not compile.
    const unprotected: Route = { verb: "GET", path: "/a", handler: "caller" };
    expect(() => defineRoutes([unprotected])).toThrow("routes[0] GET /a: the route names no protection");
  });

  it.each([
    ["an unknown verb", { verb: "FETCH" }, 'unknown verb "FETCH"'],
    ["a path without its slash", { path: "a" }, '"a" is not a path'],
    ["a trailing slash", { path: "/a/" }, '"/a/" is not a path'],
    ["a wildcard in the path", { path: "/a/*" }, '"/a/*" is not a path'],
    ["a greedy variable in the middle", { path: "/{p+}/a" }, "is not a path"],
    ["a handler outside lambdas/", { handler: "../x" }, 'handler "../x"'],
    ["a protection nobody knows", { protection: { kind: "none" } }, "names no protection"],
    ["a reason of one word", { protection: publicRoute({ reason: "public" }) }, "does not say why"],
    ["IAM for nobody", { protection: iam({}) }, "no caller is named"],
    ["IAM for an empty list", { protection: iam({ accounts: [] }) }, "[] names nobody"],
    ["a malformed account id", { protection: iam({ accounts: ["1234"] }) }, '"1234" is not a twelve-digit account id'],
    [
      "a session instead of a role",
      { protection: iam({ roles: ["arn:aws:sts::222222222222:assumed-role/r/s"] }) },
      "is not the ARN of a role",
    ],
    ["a wildcard organization", { protection: iam({ organizations: ["*"] }) }, "is not an organization id"],
    ["a scope without its resource server", { protection: cognito({ scopes: ["read"] }) }, '"read" is not a scope'],
    ["a client id with a space", { protection: signedParameters({ clients: ["a b"] }) }, '"a b" is not a client id'],
  ])("refuses %s", (_what, change, message) => expect(() => defineRoutes([route(change)])).toThrow(message));

  it("refuses a route declared twice", () =>
    expect(() => defineRoutes([route({}), route({})])).toThrow(
      "routes[1] GET /a: the route is already declared at routes[0]",
    ));

  it.each([
    ["/a/{y}/b", "{y} stands beside {x} under /a"],
    ["/a/{y+}", "{y+} stands beside {x} under /a"],
  ])("refuses two variables under one parent, as API Gateway does: %s", (path, message) =>
    expect(() => defineRoutes([route({ path: "/a/{x}" }), route({ path })])).toThrow(message),
  );

  it("takes two variables under one path where they are of two APIs", () => {
    const other = route({ path: "/a/{y}/b", apis: ["private"] });
    expect(defineRoutes([route({ path: "/a/{x}" }), other]).routes).toHaveLength(2);
    const both = route({ path: "/a/{y}/b", apis: ["public", "private"] });
    expect(() => defineRoutes([route({ path: "/a/{x}" }), both])).toThrow("{y} stands beside {x} under /a");
  });

  it.each([
    ["a route", { api: ["private"] }, "api", "apis"],
    ["a route's throttle", { throttle: { requestsPerSecond: 1, burst: 1, bust: 2 } }, "throttle.bust", "burst"],
    ["a route's request", { request: { header: { "X-A": "required" } } }, "request.header", "headers"],
    ["publicRoute", { protection: publicRoute({ ...open, because: "x" } as never) }, "protection.because", "reason"],
    ["iam", { protection: iam({ ownAccount: true, acounts: [] } as never) }, "iam.acounts", "accounts"],
    ["cognito", { protection: cognito({ scopes: ["a/b"], groups: ["x"] } as never) }, "protection.groups", "scopes"],
    ["oauth", { protection: oauth({ scopes: ["a/b"], clients: ["z"] } as never) }, "protection.clients", "scopes"],
    ["saml", { protection: saml({ scopes: ["a/b"], issuer: "x" } as never) }, "protection.issuer", "scopes"],
    [
      "signedParameters",
      { protection: signedParameters({ clients: ["a"], scopes: [] } as never) },
      "protection.scopes",
      "clients",
    ],
  ])("refuses a member of %s that nobody would read", (_what, change, where, known) => {
    const [problem, ...others] = problemsOf([route(change)]);
    expect(others).toEqual([]);
    expect(problem?.where).toBe(`routes[0] GET /a ${where}`);
    expect(problem?.what).toBe("there is no such field.");
    expect(problem?.next).toContain(known);
  });

  it.each([
    ["cors", { cors: "yes" }, '"yes" is not accepted'],
    ["metered", { metered: 1 }, "1 is not accepted"],
    ["a header's rule", { request: { headers: { "X-A": "requierd" } } }, '"requierd" is not accepted'],
    ["one API for a list", { apis: "private" }, '"private" does not say where the route lives'],
  ])("refuses a value of %s that would be read as another", (_what, change, message) =>
    expect(() => defineRoutes([route(change)])).toThrow(message),
  );

  it("says of a malformed account id once what it has to be, and then what to do", () =>
    expect(problemsOf([route({ protection: iam({ accounts: ["12"] }) })])).toEqual([
      {
        where: "routes[0] GET /a iam.accounts",
        what: '"12" is not a twelve-digit account id.',
        next: "Correct it, or take it out of the list.",
      },
    ]));

  it("refuses OPTIONS on a path whose preflight CORS answers, naming both routes", () =>
    expect(problemsOf([route({ cors: true }), route({ verb: "OPTIONS" })])).toMatchObject([
      { where: "routes[1] OPTIONS /a", what: expect.stringContaining("cors: true of routes[0]") },
    ]));

  it.each([
    ["in the other API", { apis: ["private"] }],
    ["on another path", { path: "/b" }],
  ])("leaves OPTIONS %s than the route with CORS alone", (_what, change) =>
    expect(problemsOf([route({ cors: true }), route({ verb: "OPTIONS", ...change })])).toEqual([]),
  );

  it("refuses handlers that do not exist, naming each route and the functions that answer routes", () => {
    const problems = problemsOf([route({ handler: "nobody" }), route({ path: "/b", handler: "missing" })]);
    expect(problems).toMatchObject([
      { where: "routes[0] GET /a", what: 'handler "nobody" has no lambdas/nobody/handler.ts.' },
      { where: "routes[1] GET /b", what: 'handler "missing" has no lambdas/missing/handler.ts.' },
    ]);
    expect(problems[0]?.next).toBe("Known handlers: caller, health.");
  });

  it.each(["oauth-authorizer", "saml-authorizer", "signed-parameters-authorizer", "pre-token-generation"])(
    "refuses %s as a handler: it answers no routes",
    (handler) => expect(() => defineRoutes([route({ handler })])).toThrow("which answers no routes"),
  );

  it("tells every problem of the table at once", () =>
    expect(
      problemsOf([
        route({ verb: "FETCH" }),
        route({ path: "b" }),
        route({ handler: "nobody" }),
        route({ handler: "caller" }),
      ]).map(({ where, what }) => `${where}: ${what}`),
    ).toEqual([
      expect.stringContaining('routes[0] FETCH /a: unknown verb "FETCH"'),
      expect.stringContaining('routes[1] GET b: "b" is not a path'),
      expect.stringContaining("routes[3] GET /a: the route is already declared at routes[2]"),
      expect.stringContaining('routes[2] GET /a: handler "nobody"'),
    ]));
});
