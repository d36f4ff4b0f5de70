import type { RequestFile } from "../../proof/decision/request-file";
import { apiOf, wireRequestOf } from "../../proof/decision/wire-request";
import { least, problems } from "./request-files";
import { api, API_ID, source } from "./support";

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
