import { cognito, iam, publicRoute, signedParameters } from "../../../constructs/routes/protection";
import { type Route } from "../../../constructs/routes/route";
import { defineRoutes } from "../../../constructs/routes/route-table";

const open = publicRoute({ reason: "Anyone may know that the API is up." });
const route = (change: object): Route =>
  ({ verb: "GET", path: "/a", protection: open, handler: "caller", ...change }) as Route;

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

  it("refuses two variables under one parent, as API Gateway does", () =>
    expect(() => defineRoutes([route({ path: "/a/{x}" }), route({ path: "/a/{y}/b" })])).toThrow(
      "{y} stands beside {x} under /a",
    ));

  it("tells every problem of the table at once", () =>
    expect(() => defineRoutes([route({ verb: "FETCH" }), route({ path: "b" })])).toThrow(
      /routes\[0\] FETCH[\s\S]*routes\[1\] GET b/,
    ));
});
