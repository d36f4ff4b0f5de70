import { apiOf, readRequestFile, wireRequestOf } from "../../proof/decision/request-file";
import type { RequestFile } from "../../proof/decision/request-file";
import { least, problems } from "./request-files";
import { api, API_ID, source } from "./support";

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
