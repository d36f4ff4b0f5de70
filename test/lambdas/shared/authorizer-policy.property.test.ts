import fc from "fast-check";
import { authorizerPolicy } from "../../../lambdas/shared/authorizer-policy";
import { methodsOf } from "../../../lambdas/shared/route-overlap";
import type { Route } from "../../../lambdas/shared/routes";
import { methodArn } from "../support/events";
import { decide } from "../support/policy";

const AT = new Date(1_800_000_000_000);

interface Row {
  readonly path: string;
  readonly granted: boolean;
}

/** Paths of one to four segments over few names, so that they overlap in every way. */
const path = (...last: string[]) =>
  fc
    .tuple(fc.array(fc.constantFrom("a", "b", "{p}"), { maxLength: 3 }), fc.constantFrom("a", "b", "{p}", ...last))
    .map(([parts, end]) => `/${[...parts, end].join("/")}`);
const starred = (template: string): string => template.replace(/\{[^}]+\}/g, "*");
/** API Gateway has no two routes that differ in a parameter's name alone. */
const table = (maxLength: number, ...last: string[]) =>
  fc.uniqueArray(fc.record({ path: path(...last), granted: fc.boolean() }), {
    minLength: 1,
    maxLength,
    selector: (row) => starred(row.path),
  });

/** Every request of up to four segments over the names and one that no route has. */
const requests = [1, 2, 3, 4].flatMap((length) => {
  let paths = [""];
  for (let depth = 0; depth < length; depth += 1) {
    paths = paths.flatMap((before) => ["a", "b", "new"].map((name) => `${before}/${name}`));
  }
  return paths;
});

/** The route of a request: of those that match, the first in the order of literal, parameter, greedy parameter. */
function owner(request: string, rows: readonly Row[]): Row | undefined {
  const fits = (template: string): boolean =>
    new RegExp(`^${template.replaceAll("{p}", "[^/]+").replace("{g+}", ".+")}$`).test(request);
  const order = (template: string): string => template.replaceAll("{p}", "y").replace("{g+}", "z");
  return rows.filter((row) => fits(row.path)).sort((x, y) => (order(x.path) < order(y.path) ? -1 : 1))[0];
}

function decisions(rows: readonly Row[], written: (path: string) => string) {
  const routes = rows.map((row): Route => ({
    verb: "GET",
    path: written(row.path),
    scopes: [row.granted ? "held" : "missing"],
    clients: [],
  }));
  const caller = { principalId: "p", expires: 1_900_000_000, scopes: ["held"], client: undefined, context: {} };
  const policy = authorizerPolicy(methodArn("GET", "/a"), methodsOf(routes), caller);
  return requests.flatMap((request) => {
    const row = owner(request, rows);
    return row === undefined ? [] : [{ request, row, decision: decide(policy, "GET", request, AT) }];
  });
}

describe("an authorizer's policy, for any routes that overlap in any way", () => {
  it.each([
    ["with their parameters", (template: string) => template],
    ["with * for their parameters", starred],
  ])("never admits a request to a route that was not granted, written %s", (_how, written) => {
    fc.assert(
      fc.property(table(6, "{g+}"), (rows) => {
        const wrong = decisions(rows, written).filter(({ row, decision }) => !row.granted && decision === "allow");
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("admits each request to a granted route, where there are no more than two and none is greedy", () => {
    fc.assert(
      fc.property(table(2), (rows) => {
        const wrong = decisions(rows, (one) => one).filter(({ row, decision }) => row.granted && decision !== "allow");
        expect(wrong).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
