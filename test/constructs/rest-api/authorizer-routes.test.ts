import { authorizerRoutes, routesVariable, type AuthorizedRoute } from "../../../constructs/rest-api/authorizer-routes";
import type { Verb } from "../../../constructs/routes/route";
import { authorizerPolicy } from "../../../lambdas/shared/authorizer-policy";
import { methodsOf } from "../../../lambdas/shared/route-overlap";
import { routes as parse } from "../../../lambdas/shared/routes";

const STAGE = "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/dev";
const folded = (all: readonly AuthorizedRoute[]): readonly AuthorizedRoute[] => authorizerRoutes(all, () => false);
const route = (name: string, ...scopes: string[]): AuthorizedRoute => {
  const [verb = "", path = ""] = name.split(" ");
  return { verb: verb as Verb, path, needs: { scopes } };
};

/** Twenty kinds of thing: five routes each, reading and writing with scopes of their own, and one for operators. */
const kinds = Array.from({ length: 20 }, (_, index) => `kind-${index}`);
const table = kinds.flatMap((kind) => [
  route(`GET /v1/${kind}`, `${kind}/read`),
  route(`GET /v1/${kind}/{id}`, `${kind}/read`),
  route(`GET /v1/${kind}/{id}/parts`, `${kind}/read`),
  route(`PUT /v1/${kind}/{id}`, `${kind}/write`),
  route(`PUT /v1/${kind}/{id}/parts`, `${kind}/write`, "operator"),
]);

/** What the function's policy says of a request, as IAM reads it. */
function says(answers: ReturnType<typeof authorizerPolicy>, request: string): "Allow" | "Deny" | "nothing" {
  const covers = (pattern: string): boolean =>
    new RegExp(
      `^${pattern
        .split("*")
        .map((text) => text.replace(/[.{}+$]/g, "\\$&"))
        .join(".*")}$`,
    ).test(request);
  const effects = answers.policyDocument.Statement.flatMap((statement) => {
    const { Effect, Resource, Condition } = statement as { Effect: string; Resource: string[]; Condition?: object };
    const expired = Condition !== undefined && "DateGreaterThanEquals" in Condition;
    return !expired && Resource.some(covers) ? [Effect] : [];
  });
  return effects.includes("Deny") ? "Deny" : effects.includes("Allow") ? "Allow" : "nothing";
}

describe("An authorizer's routes", () => {
  it("stay as they are while they fit", () => expect(authorizerRoutes(table, () => true)).toBe(table));

  it("are folded by verb and by what callers need", () =>
    expect(
      folded([route("GET /a/b", "x"), route("GET /a/c", "x"), route("PUT /a/b", "x"), route("PUT /a/c", "y")]),
    ).toEqual([route("GET /a/{path+}", "x"), route("PUT /a/b", "x"), route("PUT /a/c", "y")]));

  it("fold the same needs in another order", () =>
    expect(folded([route("GET /a/b", "x", "y"), route("GET /a/c", "y", "x")])).toHaveLength(1));

  it.each([
    ["one scope", ["kind-3/read"]],
    ["two scopes", ["kind-3/read", "kind-17/write"]],
    ["the scope of one route of each kind", ["operator"]],
    ["every scope", kinds.flatMap((kind) => [`${kind}/read`, `${kind}/write`])],
    ["none", []],
  ])("admit a caller with %s to the same routes as before", (_what, scopes) => {
    const caller = { principalId: "p", expires: 4_000_000_000, context: {}, scopes, client: undefined };
    const methods = methodsOf(parse(routesVariable(folded(table))));
    const answer = authorizerPolicy(`${STAGE}/GET/v1/kind-3`, methods, caller);
    const admitted = table
      .filter(({ verb, path }) => says(answer, `${STAGE}/${verb}${path.replace("{id}", "7")}`) === "Allow")
      .map(({ verb, path }) => `${verb} ${path}`);
    const expected = table
      .filter(({ needs }) => "scopes" in needs && needs.scopes.some((scope) => scopes.includes(scope)))
      .map(({ verb, path }) => `${verb} ${path}`);
    expect(admitted).toEqual(expected);
  });
});
