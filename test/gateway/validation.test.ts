import { prepareApi } from "../../proof/gateway/served-api";
import type { GatewayResponse, Route } from "../../proof/model/types";
import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { api, echo, invocable, model, proxyTo, route, stage } from "./models";

const source = { file: "f", address: "a" };
const order = {
  $schema: "http://json-schema.org/draft-04/schema#",
  id: "order",
  title: "Order",
  type: "object",
  required: ["name", "count"],
  properties: {
    name: { type: "string", maxLength: 5 },
    count: { type: "integer", minimum: 0, exclusiveMinimum: true },
    id: { type: "string" },
  },
};

describe("a request validator", () => {
  let gateway: TestGateway;
  const lines: string[] = [];
  beforeAll(async () => {
    const fn = invocable("echo", echo);
    const both: Partial<Route> = {
      integration: proxyTo(fn),
      requestValidator: { body: true, parameters: true },
      requestParameters: {
        "method.request.querystring.qs1": true,
        "method.request.header.x-header-param": true,
        "method.request.path.issuer": true,
        "method.request.querystring.optional": false,
      },
      requestModels: { "application/json": order },
    };
    const gatewayResponses: GatewayResponse[] = [
      {
        responseType: "BAD_REQUEST_BODY",
        responseParameters: {},
        responseTemplates: {
          "application/json": '{"why":$context.error.messageString,"type":"$context.error.responseType"}',
        },
        source,
      },
    ];
    const routes = [
      route("POST", "/{issuer}", both),
      route("POST", "/off", { ...both, requestValidator: { body: false, parameters: false } }),
      route("POST", "/none", { integration: proxyTo(fn), requestModels: { "application/json": order } }),
      route("GET", "/logged", { integration: proxyTo(fn) }),
    ];
    const accessLogFormat =
      '{"id":"$context.requestId","status":$context.status,"path":"$context.path","agent":"$context.identity.userAgent","error":$context.error.messageString,"role":"$context.authorizer.role","ms":"$context.integrationLatency"}';
    gateway = await serve(
      model([api(routes, { gatewayResponses, stages: [stage("dev", { accessLogFormat }), stage("quiet")] })], [fn]),
      { reporter: { access: (_exchange, line) => lines.push(line) } },
    );
  });
  afterAll(() => gateway.close());

  const post = (path: string, body?: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.origin}/dev${path}`, { method: "POST", headers, ...(body === undefined ? {} : { body }) });
  const json = { "Content-Type": "application/json", "X-Header-Param": "1" };

  it("names every parameter that is missing, in AWS's order and words", async () => {
    const response = await post("/me", "{}", { "Content-Type": "application/json" });
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("BadRequestException");
    await expect(response.text()).resolves.toBe(
      '{"message":"Missing required request parameters: [x-header-param, qs1]"}',
    );
  });

  it.each([
    ["fits", '{"name":"a","count":1}', json, 200],
    ["lacks a member", '{"name":"a"}', json, 400],
    ["is at an excluded bound", '{"name":"a","count":0}', json, 400],
    ["has a member of another type", '{"name":1,"count":1}', json, 400],
    ["is not JSON", "name=a", json, 400],
    ["is empty", undefined, json, 400],
    [
      "has parameters behind its type",
      '{"name":"a"}',
      { ...json, "Content-Type": "application/json; charset=utf-8" },
      400,
    ],
    ["has a type without a model", "name=a", { ...json, "Content-Type": "text/plain" }, 200],
  ])("answers a body that %s", async (_name, body, headers, status) => {
    expect((await post("/me?qs1=", body, headers)).status).toBe(status);
  });

  it("uses the API's own answer", async () => {
    const response = await post("/me?qs1=1", "{}", json);
    await expect(response.json()).resolves.toEqual({ why: "Invalid request body", type: "BAD_REQUEST_BODY" });
  });

  it.each(["/off", "/none"])("that is off checks nothing (%s)", async (path) => {
    expect((await post(path, "no json")).status).toBe(200);
  });

  it("writes one line a request in the stage's own format, which a caller cannot break", async () => {
    lines.length = 0;
    const ok = await fetch(`${gateway.origin}/dev/logged`, { headers: { "User-Agent": 'a"} {"x' } });
    const bad = await post("/me", "{}", { "User-Agent": "b" });
    await fetch(`${gateway.origin}/quiet/logged`);
    const [first, second] = lines.map((line) => JSON.parse(line.replace('"error":-', '"error":null')) as object);
    expect(lines).toHaveLength(2);
    expect(first).toEqual({
      id: ok.headers.get("x-amzn-requestid"),
      status: 200,
      path: "/dev/logged",
      agent: 'a"} {"x',
      error: null,
      role: "-",
      ms: expect.stringMatching(/^\d+$/),
    });
    expect(second).toMatchObject({
      id: bad.headers.get("x-amzn-requestid"),
      status: 400,
      error: "Missing required request parameters: [x-header-param, qs1]",
      ms: "-",
    });
  });

  it("whose model cannot be enforced stops the start, with the method's address", () => {
    const broken = route("POST", "/x", {
      requestValidator: { body: true, parameters: false },
      requestModels: { "application/json": { $ref: "https://elsewhere.example/model" } },
    });
    expect(() => prepareApi(api([broken]))).toThrow(/aws_api_gateway_method\.POST\/x\.request_models: The model for/);
  });
});
