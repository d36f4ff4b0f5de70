import { apiId, errors, load } from "./small-api";
import type { Resources } from "./small-api";

const root = "${aws_api_gateway_rest_api.api.root_resource_id}";
const under = (name: string): string => `\${aws_api_gateway_resource.${name}.id}`;

/** Resources by name: their parent and their part. */
function resources(parts: Readonly<Record<string, readonly [parent: string, part: string]>>): Resources {
  const made = Object.entries(parts).map(
    ([name, [parent, part]]) => [name, { rest_api_id: apiId, parent_id: parent, path_part: part }] as const,
  );
  return { aws_api_gateway_resource: Object.fromEntries(made) };
}

const body = (...paths: readonly string[]): Resources => ({
  aws_api_gateway_rest_api: {
    api: {
      name: "api",
      body: JSON.stringify({ openapi: "3.0.1", paths: Object.fromEntries(paths.map((path) => [path, {}])) }),
    },
  },
});

const found = (...more: readonly Resources[]): [string, string][] =>
  errors(load({}, Object.assign({}, ...more) as Resources)).map(({ message, source }) => [source.address, message]);

describe("two variables under one parent, of which AWS creates one", () => {
  it.each<[what: string, parts: Resources, address: string, message: string]>([
    [
      "named apart",
      resources({ id: [under("orders"), "{id}"], name: [under("orders"), "{name}"] }),
      "aws_api_gateway_resource.name",
      "{name} stands beside {id} of aws_api_gateway_resource.id under /orders: API Gateway allows one variable there",
    ],
    [
      "one of them greedy",
      resources({ proxy: [root, "{proxy+}"], tenant: [root, "{tenant}"] }),
      "aws_api_gateway_resource.tenant",
      "{tenant} stands beside {proxy+} of aws_api_gateway_resource.proxy under /: API Gateway allows one variable there",
    ],
    [
      "with resources below them, which come first",
      resources({
        lines: [under("name"), "lines"],
        id: [under("orders"), "{id}"],
        name: [under("orders"), "{name}"],
      }),
      "aws_api_gateway_resource.name",
      "{name} stands beside {id} of aws_api_gateway_resource.id under /orders: API Gateway allows one variable there",
    ],
    [
      "in a body",
      body("/a/{x}", "/a/{y}/b"),
      'aws_api_gateway_rest_api.api.body.paths["/a/{y}/b"]',
      '{y} stands beside {x} of aws_api_gateway_rest_api.api.body.paths["/a/{x}"] under /a: API Gateway allows one variable there',
    ],
    [
      "one in a body and one beside it",
      { ...body("/orders/{x}/b"), ...resources({ id: [under("orders"), "{id}"] }) },
      'aws_api_gateway_rest_api.api.body.paths["/orders/{x}/b"]',
      "{x} stands beside {id} of aws_api_gateway_resource.id under /orders: API Gateway allows one variable there",
    ],
  ])("are an error that names both: %s", (_what, parts, address, message) => {
    expect(found(parts)).toEqual([[address, message]]);
  });

  it("are told once for each that is too many", () => {
    const parts = resources({
      a: [under("orders"), "{a}"],
      b: [under("orders"), "{b}"],
      c: [under("orders"), "{c}"],
      under_b: [under("b"), "x"],
    });
    expect(found(parts).map(([address]) => address)).toEqual([
      "aws_api_gateway_resource.b",
      "aws_api_gateway_resource.c",
    ]);
  });

  it.each<[what: string, parts: Resources]>([
    ["a variable and literals", resources({ id: [under("orders"), "{id}"], latest: [under("orders"), "latest"] })],
    ["one variable under each parent", resources({ proxy: [root, "{proxy+}"], id: [under("orders"), "{id}"] })],
    ["a variable of several paths", body("/a/{x}", "/a/{x}/b", "/a/{x}/b/{y}", "/{proxy+}")],
    ["braces that are no variable", resources({ a: [root, "{a"], b: [root, "b}"] })],
  ])("are not %s", (_what, parts) => {
    expect(found(parts)).toEqual([]);
  });

  it("are not variables of two APIs", () => {
    const other = "${aws_api_gateway_rest_api.other.id}";
    const parts: Resources = {
      aws_api_gateway_rest_api: { other: { name: "other" } },
      aws_api_gateway_resource: {
        a: { rest_api_id: apiId, parent_id: root, path_part: "{a}" },
        b: { rest_api_id: other, parent_id: "${aws_api_gateway_rest_api.other.root_resource_id}", path_part: "{b}" },
      },
    };
    expect(found(parts)).toEqual([]);
  });
});

describe("a path that goes on after a greedy variable", () => {
  it.each<[what: string, parts: Resources, address: string]>([
    ["as resources", resources({ p: [root, "{p+}"], x: [under("p"), "x"] }), "aws_api_gateway_resource.x"],
    ["in a body", body("/{p+}/x"), 'aws_api_gateway_rest_api.api.body.paths["/{p+}/x"]'],
  ])("is an error %s", (_what, parts, address) => {
    expect(found(parts)).toEqual([
      [address, "/{p+}/x goes on after {p+}: API Gateway allows nothing below a greedy variable"],
    ]);
  });
});
