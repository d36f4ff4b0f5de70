import { apiOf, readRequestFile, wireRequestOf } from "../../proof/decision/request-file";
import type { RequestFile } from "../../proof/decision/request-file";
import { InputError } from "../../proof/errors";
import { api, API_ID, source } from "./support";

const least = { method: "GET", path: "/orders" };

/** What is wrong with a request file: place and words of each problem. */
function problems(make: () => unknown): string[] {
  try {
    make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems.map(({ where, what }) => `${where}: ${what}`);
  }
  return [];
}

describe("a request file is taken as it stands", () => {
  const whole = {
    api: "orders",
    stage: "dev",
    method: "GET",
    path: "/orders/a%20b;v=1/@me/",
    query: { a: ["1", "2"] },
    headers: { "X-A": ["b"] },
    body: "{}",
    sourceIp: "203.0.113.7",
    vpc: { id: "vpc-0a1B", endpoint: "vpce-1", sourceIp: "2001:db8::1" },
    caller: {
      arn: "arn:aws:iam::111122223333:role/reader",
      session: "s",
      policies: [{ Statement: [] }],
      boundary: { Statement: [] },
      organizationId: "o-a1b2c3d4e5",
      tags: { team: "x" },
      issuedAt: "2026-01-31T22:59:59Z",
      mfaAgeSeconds: 0,
      userId: "AROAEXAMPLE:s",
      assumedBy: {
        arn: "arn:aws:iam::444455556666:user/ann",
        policies: [{ Statement: [] }],
        boundary: null,
        organizationId: "o-a1b2c3d4e5",
        tags: { team: "y" },
        externalId: "orders-7c1f+=,.@:/_",
      },
    },
    claims: { token_use: "id", groups: ["a"] },
    authorizerResult: { principalId: "u" },
    authorizers: ["token-authorizer"],
    passes: ["api-key", "validator"],
    time: "2026-01-31T23:59:59Z",
  };
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["with all it may hold", whole, whole],
    ["with the least", least, least],
    ["with a verb in lower case, which is a verb", { ...least, method: "get" }, least],
    [
      "with one value where a list may stand",
      { ...least, query: { a: "1" }, headers: { b: "2" } },
      { ...least, query: { a: ["1"] }, headers: { b: ["2"] } },
    ],
    ["with nobody as caller", { ...least, caller: null }, { ...least, caller: null }],
    [
      "with no boundary",
      { ...least, caller: { arn: "a", boundary: null } },
      { ...least, caller: { arn: "a", boundary: null } },
    ],
    [
      "with an offset in its time",
      { ...least, time: "2026-01-31T23:59:59+01:00" },
      { ...least, time: "2026-01-31T23:59:59+01:00" },
    ],
    ...[
      { arn: "arn:aws:iam::111122223333:role/hub", session: "hop" },
      { service: "lambda.amazonaws.com" },
      { federated: "arn:aws:iam::111122223333:saml-provider/staff" },
      { arn: "a", externalId: "ab" },
      { arn: "a", externalId: "a".repeat(1224) },
    ].map((assumedBy): [string, Record<string, unknown>, Record<string, unknown>] => [
      `with a role that was assumed by ${Object.keys(assumedBy).join(" and ")}`,
      { ...least, caller: { arn: "a", assumedBy } },
      { ...least, caller: { arn: "a", assumedBy } },
    ]),
    ...[[], ["api-key"], ["validator"], ["validator", "api-key"]].map(
      (passes): [string, Record<string, unknown>, Record<string, unknown>] => [
        `with the steps [${passes.join(", ")}] as passed`,
        { ...least, passes },
        { ...least, passes },
      ],
    ),
    ["with the path of the root", { ...least, path: "/" }, { ...least, path: "/" }],
    ["with a stage of one letter", { ...least, stage: "a" }, { ...least, stage: "a" }],
    [
      "with null as what the authorizer returns",
      { ...least, authorizerResult: null },
      { ...least, authorizerResult: null },
    ],
  ])("%s", (_, value, expected) => {
    expect(readRequestFile(value, "request.json")).toEqual(expected);
  });
});

describe("a request file that cannot be taken is told by the place and the rule", () => {
  const assumedBy = "request.json: caller.assumedBy";
  const addressRule = "must be an IPv4 or IPv6 address, not";
  it.each<[string, unknown, string[]]>([
    ["no object", "GET /orders", ["request.json: must be an object."]],
    ["nothing", undefined, ["request.json: is missing."]],
    ["neither verb nor path", {}, ["request.json: method: is missing.", "request.json: path: is missing."]],
    ["an unknown member", { ...least, verb: "GET" }, ["request.json: unknown member 'verb'."]],
    ["two unknown members", { ...least, a: 1, b: 2 }, ["request.json: unknown member 'a', 'b'."]],
    ["an unknown member of the network", { ...least, vpc: { ip: "x" } }, ["request.json: vpc: unknown member 'ip'."]],
    [
      "an unknown member of the caller",
      { ...least, caller: { arn: "a", role: "r" } },
      ["request.json: caller: unknown member 'role'."],
    ],
    ["a network that is no object", { ...least, vpc: "vpc-1" }, ['request.json: vpc: must be an object, not "vpc-1".']],
    ["a caller that is no object", { ...least, caller: "me" }, ['request.json: caller: must be an object, not "me".']],
    ["a caller without ARN", { ...least, caller: {} }, ["request.json: caller.arn: is missing."]],
    [
      "policies that are no list",
      { ...least, caller: { arn: "a", policies: {} } },
      ["request.json: caller.policies: must be a list of policy documents."],
    ],
    [
      "a policy that is no object",
      { ...least, caller: { arn: "a", policies: ["{}"] } },
      ['request.json: caller.policies[0]: must be an object, not "{}".'],
    ],
    [
      "a boundary that is no object",
      { ...least, caller: { arn: "a", boundary: "b" } },
      ['request.json: caller.boundary: must be an object, not "b".'],
    ],
    [
      "tags that are no object",
      { ...least, caller: { arn: "a", tags: "b" } },
      ['request.json: caller.tags: must be an object of strings, not "b".'],
    ],
    [
      "a tag that is no string",
      { ...least, caller: { arn: "a", tags: { b: 1 } } },
      ["request.json: caller.tags.b: must be a string, not 1."],
    ],
    ["assumers in a list", { ...least, caller: { arn: "a", assumedBy: [] } }, [`${assumedBy}: must be an object.`]],
    [
      "an unknown member of an assumer",
      { ...least, caller: { arn: "a", assumedBy: { arn: "b", mfaAgeSeconds: 1 } } },
      [`${assumedBy}: unknown member 'mfaAgeSeconds'.`],
    ],
    ...[
      {},
      { externalId: "ab" },
      { arn: "b", service: "s" },
      { arn: "b", federated: "f" },
      { service: "s", federated: "f" },
      { service: "s", externalId: "ab" },
      { federated: "f", session: "ab" },
    ].map((one): [string, unknown, string[]] => [
      `an assumer that is named by [${Object.keys(one).join(", ")}]`,
      { ...least, caller: { arn: "a", assumedBy: one } },
      [`${assumedBy}: must hold an arn with what is said of it, or a service alone, or a federated provider alone.`],
    ]),
    ...["a", "a".repeat(1225), "a b", " ab", "ab "].map((externalId): [string, unknown, string[]] => [
      `the external id '${externalId.slice(0, 9)}'`,
      { ...least, caller: { arn: "a", assumedBy: { arn: "b", externalId } } },
      [
        `${assumedBy}.externalId: must be 2 to 1224 letters, digits or _+=,.@:/-, not ${JSON.stringify(externalId).slice(0, 100)}.`,
      ],
    ]),
    ...["arn", "service", "federated", "session", "externalId"].map((member): [string, unknown, string[]] => [
      `a number as ${member} of an assumer`,
      { ...least, caller: { arn: "a", assumedBy: { arn: "b", [member]: 1 } } },
      [`${assumedBy}.${member}: must be a string, not 1.`],
    ]),
    [
      "a step alone as passed",
      { ...least, passes: "api-key" },
      ['request.json: passes: must be a list of api-key and validator, not "api-key".'],
    ],
    [
      "a step as passed that is not behind authorization",
      { ...least, passes: ["validator", "resource-policy"] },
      ['request.json: passes[1]: must be api-key or validator, not "resource-policy".'],
    ],
    [
      "a step as passed twice",
      { ...least, passes: ["validator", "validator"] },
      ["request.json: passes: must name each step once."],
    ],
    [
      "authorizers in a string",
      { ...least, authorizers: "a" },
      ["request.json: authorizers: must be a list of names."],
    ],
    [
      "a number as authorizer",
      { ...least, authorizers: ["a", 1] },
      ["request.json: authorizers[1]: must be a string."],
    ],
    [
      "a verb that is no word",
      { ...least, method: "GET /" },
      ['request.json: method: must be an HTTP method such as GET, not "GET /".'],
    ],
    [
      "a verb with more before it",
      { ...least, method: " GET" },
      ['request.json: method: must be an HTTP method such as GET, not " GET".'],
    ],
    ["a number as verb", { ...least, method: 1 }, ["request.json: method: must be a string, not 1."]],
    [
      "a stage with a slash",
      { ...least, stage: "/dev" },
      ['request.json: stage: must be the name of a stage, not "/dev".'],
    ],
    [
      "a stage with a slash behind",
      { ...least, stage: "dev/" },
      ['request.json: stage: must be the name of a stage, not "dev/".'],
    ],
    ["an empty stage", { ...least, stage: "" }, ['request.json: stage: must be the name of a stage, not "".']],
    ...["orders", "", "/orders?a=1", "/orders#a", "/a b", "/é", "x/a"].map((path): [string, unknown, string[]] => [
      `the path '${path}'`,
      { ...least, path },
      [
        "request.json: path: must begin with / below the stage, percent-encoded, without a query (which belongs into 'query').",
      ],
    ]),
    [
      "a query in a string",
      { ...least, query: "a=1" },
      ["request.json: query: must be an object of lists of strings."],
    ],
    [
      "a number in the query",
      { ...least, query: { a: [1] } },
      ["request.json: query.a: must be a string or a list of strings."],
    ],
    ["headers in a list", { ...least, headers: [] }, ["request.json: headers: must be an object of lists of strings."]],
    [
      "an address that is none",
      { ...least, sourceIp: "localhost" },
      [`request.json: sourceIp: ${addressRule} "localhost".`],
    ],
    [
      "a range of addresses",
      { ...least, vpc: { sourceIp: "10.0.0.0/8" } },
      [`request.json: vpc.sourceIp: ${addressRule} "10.0.0.0/8".`],
    ],
    [
      "the id of an endpoint as that of a VPC",
      { ...least, vpc: { id: "vpce-1" } },
      ['request.json: vpc.id: must be an id such as vpc-0a1b2c3d, not "vpce-1".'],
    ],
    [
      "the id of a VPC as that of an endpoint",
      { ...least, vpc: { endpoint: "vpc-1" } },
      ['request.json: vpc.endpoint: must be an id such as vpce-0a1b2c3d, not "vpc-1".'],
    ],
    [
      "an id with more behind it",
      { ...least, vpc: { id: "vpc-1/x" } },
      ['request.json: vpc.id: must be an id such as vpc-0a1b2c3d, not "vpc-1/x".'],
    ],
    [
      "an id with more before it",
      { ...least, vpc: { id: "x-vpc-1" } },
      ['request.json: vpc.id: must be an id such as vpc-0a1b2c3d, not "x-vpc-1".'],
    ],
    ["claims in a token", { ...least, claims: "e.y.J" }, ["request.json: claims: must be an object."]],
    [
      "a time without its offset",
      { ...least, time: "2026-01-31T23:59:59" },
      ['request.json: time: must be a time such as 2026-01-31T23:59:59Z, not "2026-01-31T23:59:59".'],
    ],
    [
      "all of it at once",
      { path: "x", sourceIp: "y", claims: 1 },
      [
        "request.json: method: is missing.",
        "request.json: path: must begin with / below the stage, percent-encoded, without a query (which belongs into 'query').",
        `request.json: sourceIp: ${addressRule} "y".`,
        "request.json: claims: must be an object.",
      ],
    ],
  ])("%s", (_, value, expected) => {
    expect(problems(() => readRequestFile(value, "request.json"))).toEqual(expected);
  });
});

describe("the API that is meant", () => {
  const orders = api();
  const lines = api({ name: "lines", id: "l1n3s00000", address: "aws_api_gateway_rest_api.lines" });
  const twin = api({ name: "lines", id: "tw1n000000", address: "aws_api_gateway_rest_api.twin" });
  it.each<[string, string | undefined, (typeof orders)[], string]>([
    ["by name", "orders", [orders, lines], API_ID],
    ["by id", "l1n3s00000", [orders, lines], "l1n3s00000"],
    ["by address", "aws_api_gateway_rest_api.lines", [orders, lines], "l1n3s00000"],
    ["not at all, where there is one", undefined, [orders], API_ID],
    ["by the id of one of two that are named alike", "tw1n000000", [lines, twin], "tw1n000000"],
  ])("%s", (_, named, apis, id) => {
    const file: RequestFile = { ...least, ...(named === undefined ? {} : { api: named }) };
    expect(apiOf(file, apis, "request.json").id).toBe(id);
  });

  const known = "orders (a1b2c3d4e5), lines (l1n3s00000)";
  it.each<[string, string | undefined, (typeof orders)[], string]>([
    [
      "is not said, of two",
      undefined,
      [orders, lines],
      `request.json: api: is missing, and there are several APIs: ${known}.`,
    ],
    ["is none here", "carts", [orders, lines], `request.json: api: 'carts' is no API here. Known: ${known}.`],
    [
      "is the name of two",
      "lines",
      [lines, twin],
      "request.json: api: 'lines' is the name of several APIs: lines (l1n3s00000), lines (tw1n000000).",
    ],
  ])("%s", (_, named, apis, expected) => {
    const file: RequestFile = { ...least, ...(named === undefined ? {} : { api: named }) };
    expect(problems(() => apiOf(file, apis, "request.json"))).toEqual([expected]);
  });
});

describe("the request as it would stand on the wire", () => {
  const stage = (name: string) => ({ name, variables: {}, source: source(name) });
  const one = api();
  const two = api({ stages: [stage("dev"), stage("prod")] });
  const wire = (file: Partial<RequestFile>, served = one) =>
    wireRequestOf({ ...least, ...file }, served, "request.json", "id-1");

  it("has the only stage, this machine's address, a host and nothing else where nothing is said", () => {
    expect(wire({})).toEqual({
      method: "GET",
      rawPath: "/dev/orders",
      rawQuery: "",
      headers: [["Host", `${API_ID}.localhost`]],
      body: Buffer.from(""),
      network: { sourceIp: "127.0.0.1" },
      requestId: "id-1",
    });
  });

  it.each<[string, Partial<RequestFile>, Record<string, unknown>]>([
    ["the stage that is named", { stage: "prod" }, { rawPath: "/prod/orders" }],
    ["a query, encoded", { query: { "a b": ["1&2", "é"], c: [""] } }, { rawQuery: "a%20b=1%262&a%20b=%C3%A9&c=" }],
    [
      "headers in their order, behind a host",
      { headers: { A: ["1", "2"], b: ["3"] } },
      {
        headers: [
          ["Host", `${API_ID}.localhost`],
          ["A", "1"],
          ["A", "2"],
          ["b", "3"],
        ],
      },
    ],
    [
      "the host that is named, whichever way it is written",
      { headers: { hOST: ["api.example.com"] } },
      { headers: [["hOST", "api.example.com"]] },
    ],
    ["a body", { body: "{}" }, { body: Buffer.from("{}") }],
    ["an address", { sourceIp: "203.0.113.7" }, { network: { sourceIp: "203.0.113.7" } }],
    [
      "an endpoint alone",
      { vpc: { endpoint: "vpce-1" } },
      { network: { sourceIp: "127.0.0.1", vpc: { endpoint: "vpce-1" } } },
    ],
    ["some endpoint", { vpc: {} }, { network: { sourceIp: "127.0.0.1", vpc: {} } }],
    [
      "a VPC and an address in it",
      { vpc: { id: "vpc-1", sourceIp: "10.0.0.7" } },
      { network: { sourceIp: "127.0.0.1", vpc: { id: "vpc-1", sourceIp: "10.0.0.7" } } },
    ],
  ])("has %s", (_, file, expected) => {
    const sent = wire(file, two.stages.some(({ name }) => name === file.stage) ? two : one);
    expect({ ...sent, ...expected }).toStrictEqual(sent);
  });

  it.each<[string, typeof one, string]>([
    ["two stages", two, "the stages of orders: dev, prod."],
    ["no stage", api({ stages: [] }), "the stages of orders: none."],
  ])("needs a stage where there is %s", (_, served, expected) => {
    expect(problems(() => wire({}, served))).toEqual([`request.json: stage: is missing; ${expected}`]);
  });
});
