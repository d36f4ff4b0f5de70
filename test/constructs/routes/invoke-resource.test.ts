import * as fc from "fast-check";
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
    ["ANY /orders", "GET /old/orders", true, "the wildcard of the verb crosses slashes too"],
    ["ANY /orders", "GET /orders/old", false, "nothing follows"],
    ["GET /orders", "ANY /orders", true, "the other is every verb"],
    ["GET /orders", "ANY /old/orders", false, "a verb of its own is no wildcard"],
    ["GET /{proxy+}", "GET /a/b", true, "greedy is everything"],
    ["GET /a/{x}/c", "GET /{proxy+}", true, "a greedy route may hold that path"],
    ["GET /a/{x}/c", "GET /a/{x}/d", false, "ends differ"],
    ["GET /a/{x}/c", "GET /a/{x}/d/{y}", true, "/a/1/d/c is covered"],
  ])("%s reaches %s: %s, because %s", (granted, other, expected) =>
    expect(coversSomeOf(of(granted), of(other))).toBe(expected),
  );
});

describe("Whatever two routes look like", () => {
  const literal = fc.constantFrom("a", "b", "ab");
  const segment = fc.oneof(literal, fc.constant("{x}"));
  const template = fc
    .tuple(fc.array(segment, { maxLength: 3 }), fc.boolean())
    .map(
      ([segments, greedy]) => `/${[...segments, ...(greedy || segments.length === 0 ? ["{rest+}"] : [])].join("/")}`,
    );
  /** A request that matches a template: variables become segments, greedy ones several. */
  const request = (path: string, values: readonly string[]): string => {
    let next = 0;
    const value = (): string => values[next++ % values.length] ?? "a";
    return path.replace(/\{rest\+\}/, () => `${value()}/${value()}`).replace(/\{x\}/g, value);
  };
  const matches = (granted: string, path: string): boolean =>
    new RegExp(`^${granted.replace(/\{[^}]+\}/g, ".*")}$`).test(path);

  it("a request of the one that the policy of the other covers is never overlooked", () =>
    fc.assert(
      fc.property(template, template, fc.array(literal, { minLength: 1, maxLength: 4 }), (granted, other, values) => {
        fc.pre(matches(granted, request(other, values)));
        return coversSomeOf({ verb: "GET", path: granted }, { verb: "GET", path: other });
      }),
      { numRuns: 500 },
    ));
});
