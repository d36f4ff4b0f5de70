import { coversSomeOf, invokeResource, routePattern } from "../../../constructs/routes/invoke-resource";
import type { Verb } from "../../../constructs/routes/route";

const of = (text: string): { verb: Verb; path: string } => {
  const [verb = "", path = ""] = text.split(" ");
  return { verb: verb as Verb, path };
};

describe("The resource of a route in a policy", () => {
  it.each([
    ["GET /", "arn/dev/GET/"],
    ["GET /orders", "arn/dev/GET/orders"],
    ["PUT /orders/{orderId}/lines/{line}", "arn/dev/PUT/orders/*/lines/*"],
    ["ANY /files/{path+}", "arn/dev/*/files/*"],
  ])("of %s is %s", (route, resource) => expect(invokeResource("arn", "dev", of(route))).toBe(resource));

  it("is left as a template for an authorizer function, which has to tell a segment from a greedy rest", () =>
    expect(routePattern(of("ANY /files/{path+}"))).toEqual({ verb: "*", path: "/files/{path+}" }));
});

describe("A policy that covers one route", () => {
  it.each([
    ["GET /orders/{id}", "GET /orders/{id}/items", true, "the wildcard crosses slashes"],
    ["GET /orders/{id}", "GET /orders/mine", true, "a literal matches a wildcard"],
    ["GET /orders/{id}/items", "GET /orders/{id}", false, "a variable holds no slash"],
    ["GET /orders/{id}", "GET /orders", false, "there is no slash to match"],
    ["GET /orders/{id}", "POST /orders/{id}", false, "verbs differ"],
    ["ANY /orders/{id}", "POST /orders/{id}", true, "ANY is every verb"],
    ["GET /{proxy+}", "GET /a/b", true, "greedy is everything"],
    ["GET /a/{x}/c", "GET /{proxy+}", true, "a greedy route may hold that path"],
    ["GET /a/{x}/c", "GET /a/{x}/d", false, "ends differ"],
    ["GET /a/{x}/c", "GET /a/{x}/d/{y}", true, "/a/1/d/c is covered"],
  ])("%s reaches %s: %s, because %s", (granted, other, expected) =>
    expect(coversSomeOf(of(granted), of(other))).toBe(expected),
  );
});
