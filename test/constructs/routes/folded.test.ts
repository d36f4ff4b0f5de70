import * as fc from "fast-check";
import { folded } from "../../../constructs/routes/folded";
import { coversSomeOf, invokePattern } from "../../../constructs/routes/invoke-resource";
import type { Verb } from "../../../constructs/routes/route";
import { readPath } from "../../../proof/decision/path";
import { compileRoutes } from "../../../proof/decision/routes";
import type { Route } from "../../../proof/model/types";

const of = (text: string): { verb: Verb; path: string } => {
  const [verb = "", path = ""] = text.split(" ");
  return { verb: verb as Verb, path };
};
const patterns = (granted: readonly string[], others: readonly string[]): string[] =>
  folded(granted.map(of), others.map(of)).map(invokePattern).sort();

describe("Routes folded for a policy", () => {
  it.each<[string, string[], string[], string[]]>([
    ["below one path become one pattern", ["GET /a/b", "GET /a/c", "GET /a/{id}/d"], [], ["GET/a/*"]],
    ["of several verbs become one for all verbs", ["GET /a/b", "PUT /a/b"], [], ["*/a/*"]],
    ["keep a path that ends where the others begin", ["GET /a", "GET /a/b", "GET /a/c"], [], ["GET/a", "GET/a/*"]],
    ["keep a path of its own", ["GET /a/b", "GET /c"], [], ["GET/a/b", "GET/c"]],
    ["are never folded at the root", ["GET /a", "GET /b"], [], ["GET/a", "GET/b"]],
    ["are never folded below a variable", ["GET /{x}/a", "GET /{x}/b"], [], ["GET/*/a", "GET/*/b"]],
    [
      "are folded deeper where another stands beside them",
      ["GET /v1/a/b", "GET /v1/a/c", "GET /v1/d"],
      ["GET /v1/admin"],
      ["GET/v1/a/*", "GET/v1/d"],
    ],
    [
      "are folded by verb where another has one of the verbs",
      ["GET /a/b", "GET /a/c", "PUT /a/b", "PUT /a/c"],
      ["PUT /a/secret"],
      ["GET/a/*", "PUT/a/b", "PUT/a/c"],
    ],
    [
      "stay as they are beside a variable that may hold their prefix",
      ["GET /a/b", "GET /a/c"],
      ["GET /{x}/d"],
      ["GET/a/b", "GET/a/c"],
    ],
    [
      "are not folded for all verbs where the verb's wildcard would reach further",
      ["GET /a/b", "PUT /a/b"],
      ["GET /x/a/b"],
      ["GET/a/b", "PUT/a/b"],
    ],
  ])("%s", (_behaviour, granted, others, expected) => expect(patterns(granted, others)).toEqual(expected));

  const segment = fc.constantFrom("a", "b", "c", "{x}");
  const route = fc
    .tuple(fc.constantFrom<Verb>("GET", "PUT"), fc.array(segment, { minLength: 1, maxLength: 3 }))
    .map(([verb, segments]) => ({ verb, path: `/${segments.join("/")}` }));
  const table = fc.uniqueArray(fc.tuple(route, fc.boolean()), {
    maxLength: 12,
    selector: ([{ verb, path }]) => `${verb} ${path}`,
  });

  it("cover what they covered one by one, and of the other routes nothing they did not", () =>
    fc.assert(
      fc.property(table, (rows) => {
        const granted = rows.filter(([, mine]) => mine).map(([row]) => row);
        const others = rows.filter(([, mine]) => !mine).map(([row]) => row);
        const result = folded(granted, others);
        const reached = (some: typeof result): string[] =>
          others.filter((other) => some.some((pattern) => coversSomeOf(pattern, other))).map(invokePattern);
        expect(granted.filter((row) => !result.some((pattern) => coversSomeOf(pattern, row)))).toEqual([]);
        expect(reached(result)).toEqual(reached(granted));
        expect(result.length).toBeLessThanOrEqual(granted.length);
      }),
      { numRuns: 300 },
    ));

  /** Every path of one to three segments; no route has a literal `z`. */
  const paths = ["a", "b", "z"].flatMap((a) => [
    `/${a}`,
    ...["a", "b", "z"].flatMap((b) => [`/${a}/${b}`, ...["a", "b", "z"].map((c) => `/${a}/${b}/${c}`)]),
  ]);
  const admits = (patterns: readonly string[]): ((request: string) => boolean) => {
    const globs = patterns.map((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`));
    return (request) => globs.some((glob) => glob.test(request));
  };

  it("admit every request to their routes, and none to another that they did not admit one by one", () =>
    fc.assert(
      fc.property(table, (rows) => {
        const granted = rows.filter(([, mine]) => mine).map(([row]) => row);
        const others = rows.filter(([, mine]) => !mine).map(([row]) => row);
        const served = compileRoutes(rows.map(([{ verb, path }]) => ({ method: verb, path }) as Route));
        const [before, after] = [granted, folded(granted, others)].map((list) => admits(list.map(invokePattern)));
        const wrong = ["GET", "PUT"].flatMap((verb) =>
          paths.filter((path) => {
            const route = served.match(verb, readPath(`/stage${path}`))?.route;
            if (route === undefined) return false;
            const mine = granted.some((row) => row.verb === route.method && row.path === route.path);
            const request = `${verb}${path}`;
            return mine ? after?.(request) !== true : after?.(request) === true && before?.(request) !== true;
          }),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: 500 },
    ));
});
