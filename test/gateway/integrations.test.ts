import { once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Integration, IntegrationResponse } from "../../proof/model/types";
import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { api, echo, invocable, model, proxyTo, route, stage } from "./models";

const source = { file: "f", address: "aws_api_gateway_integration.x" };
const failures: string[] = [];
const reporter = { failed: (_exchange: unknown, _status: number, because: string) => void failures.push(because) };

describe("an HTTP proxy integration", () => {
  let backend: Server;
  let gateway: TestGateway;
  const seen: { message: IncomingMessage; body: string }[] = [];
  beforeAll(async () => {
    backend = createServer((message, response) => {
      let body = "";
      message.on("data", (chunk) => (body += String(chunk)));
      message.on("end", () => {
        seen.push({ message, body });
        if (message.url?.startsWith("/slow")) return;
        response.writeHead(418, [
          "Content-Type",
          "text/plain",
          "Set-Cookie",
          "a",
          "Set-Cookie",
          "b",
          "Server",
          "s",
          "Connection",
          "close",
        ]);
        response.end("teapot");
      });
    }).listen(0, "127.0.0.1");
    await once(backend, "listening");
    const origin = `127.0.0.1:${(backend.address() as AddressInfo).port}`;
    const http = (uri: string, more: Partial<Extract<Integration, { type: "HTTP_PROXY" }>> = {}): Integration => ({
      type: "HTTP_PROXY",
      httpMethod: "ANY",
      uri,
      requestParameters: {},
      timeoutMs: 200,
      source,
      ...more,
    });
    gateway = await serve(
      model(
        [
          api(
            [
              route("ANY", "/items/{id}", {
                integration: http("http://${stageVariables.host}/v1/{itemId}", {
                  requestParameters: {
                    "integration.request.path.itemId": "method.request.path.id",
                    "integration.request.header.X-Source": "context.identity.sourceIp",
                    "integration.request.header.X-Fixed": "'fixed'",
                    "integration.request.querystring.who": "method.request.header.X-Who",
                  },
                }),
              }),
              route("GET", "/files/{proxy+}", {
                integration: http(`http://${origin}/files/{proxy}`, { httpMethod: "POST" }),
              }),
              route("GET", "/tenants", {
                integration: http(`http://${origin}/v1/{tenant}/orders`, {
                  requestParameters: { "integration.request.path.tenant": "method.request.header.X-Tenant" },
                }),
              }),
              route("GET", "/slow", { integration: http(`http://${origin}/slow`) }),
              route("GET", "/down", { integration: http("http://127.0.0.1:1/") }),
              route("GET", "/file", { integration: http("file:///etc/passwd") }),
              route("GET", "/branch", { integration: http(`http://${origin}/v1/\${stageVariables.branch}`) }),
              route("GET", "/prototype", { integration: http(`http://${origin}/\${stageVariables.constructor}`) }),
              route("GET", "/unmapped", { integration: http(`http://${origin}/v1/{toString}/x`) }),
            ],
            { stages: [stage("dev", { variables: { host: origin } })] },
          ),
        ],
        [],
      ),
      { reporter },
    );
  });
  afterAll(async () => {
    await gateway.close();
    backend.closeAllConnections();
    backend.close();
  });
  beforeEach(() => seen.splice(0));

  it("passes request and answer on, with mapped parameters, without what belongs to the connection or to AWS", async () => {
    const response = await fetch(`${gateway.origin}/dev/items/7%2F8?a=1`, {
      method: "PUT",
      body: "héllo",
      headers: { Authorization: "AWS4-HMAC-SHA256 Credential=x", "X-Who": "me&you", "Content-Type": "text/plain" },
    });
    const [{ message, body } = { message: undefined, body: "" }] = seen;
    expect([message?.method, message?.url, body]).toEqual(["PUT", "/v1/7%2F8?a=1&who=me%26you", "héllo"]);
    expect(message?.headers).toMatchObject({
      "x-source": "127.0.0.1",
      "x-fixed": "fixed",
      "content-type": "text/plain",
    });
    expect(message?.headers["authorization"]).toBeUndefined();
    expect(message?.headers["host"]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect([response.status, await response.text()]).toEqual([418, "teapot"]);
    expect(response.headers.getSetCookie()).toEqual(["a", "b"]);
    expect(response.headers.get("x-amzn-remapped-server")).toBe("s");
  });

  it("puts nothing in the place of a parameter that neither the path nor the integration has", async () => {
    await fetch(`${gateway.origin}/dev/unmapped`);
    expect(seen[0]?.message.url).toBe("/v1//x");
  });

  it("uses its own method where it names one", async () => {
    await fetch(`${gateway.origin}/dev/files/a/b%20c`, { headers: { Authorization: "Basic x" } });
    expect([seen[0]?.message.method, seen[0]?.message.url]).toEqual(["POST", "/files/a/b%20c"]);
    expect(seen[0]?.message.headers["authorization"]).toBe("Basic x");
  });

  /** Sends the path as it stands, which `fetch` would normalise. */
  const sent = (path: string, headers: Record<string, string> = {}): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(gateway.origin);
      const outgoing = request({ hostname, port, path, headers }, (answer) => resolve(answer.resume().statusCode));
      outgoing.once("error", reject).end();
    });

  it.each([
    ["/dev/files/a/%2e%2e/admin", "/files/a/%2e%2e/admin"],
    ["/dev/files/a/.%2E/admin?x=%27%22", "/files/a/.%2E/admin?x=%27%22"],
    ["/dev/files/a%2f..%2fb", "/files/a%2f..%2fb"],
    ["/dev/files/a/../b", "/files/b"],
    ["/dev/files/@host:1//b", "/files/@host:1//b"],
    ["/dev/files/{proxy}%23", "/files/{proxy}%23"],
  ])("hands on the path %s that was decided on, and no other", async (path, received) => {
    await expect(sent(path)).resolves.toBe(418);
    expect(seen.map(({ message }) => message.url)).toEqual([received]);
  });

  it.each([["/dev/files/a/%2e%2e/%2E%2E/admin"], ["/dev/files/.%2e/admin"]])(
    "is not reached by the path %s, which leads out of its route once it is decoded",
    async (path) => {
      await expect(sent(path)).resolves.toBe(403);
      expect(seen).toEqual([]);
    },
  );

  it("keeps what a client writes into a header to the one segment that it is mapped to", async () => {
    await expect(sent("/dev/tenants", { "X-Tenant": "../admin?all=1#" })).resolves.toBe(418);
    expect(seen[0]?.message.url).toBe("/v1/..%2Fadmin%3Fall%3D1%23/orders");
  });

  it.each(["constructor", "__proto__", "toString"])("hands on a header named %s like any other", async (name) => {
    await expect(sent("/dev/files/a", Object.fromEntries([[name, "x"]]))).resolves.toBe(418);
    expect(seen[0]?.message.rawHeaders).toEqual(expect.arrayContaining([name, "x"]));
  });

  it.each([
    [
      "does not answer in time",
      "/slow",
      504,
      "Endpoint request timed out",
      /did not answer within the integration's timeout of 200 ms/,
    ],
    [
      "cannot be reached",
      "/down",
      504,
      "Network error communicating with endpoint",
      /cannot be reached: .*ECONNREFUSED/,
    ],
    ["is no HTTP URL", "/file", 500, "Internal server error", /is no http or https URL/],
    [
      "names a stage variable that is not there",
      "/branch",
      500,
      "Internal server error",
      /all of which the stage must/,
    ],
    ["names one like a member of objects", "/prototype", 500, "Internal server error", /all of which the stage must/],
  ])("that %s is answered as AWS does", async (_name, path, status, message, because) => {
    const response = await fetch(`${gateway.origin}/dev${path}`);
    expect(response.status).toBe(status);
    await expect(response.json()).resolves.toEqual({ message });
    expect(failures.at(-1)).toMatch(because);
  });
});

describe("a mock integration", () => {
  const response = (statusCode: string, more: Partial<IntegrationResponse> = {}): IntegrationResponse => ({
    statusCode,
    responseParameters: {},
    responseTemplates: {},
    ...more,
  });
  const answered = async (template: string, responses: readonly IntegrationResponse[], headers = {}) => {
    const integration: Integration = {
      type: "MOCK",
      requestTemplates: { "application/json": template },
      responses,
      source,
    };
    const gateway = await serve(model([api([route("GET", "/x", { integration })])], []), { reporter });
    const answer = await fetch(`${gateway.origin}/dev/x`, { headers });
    const text = await answer.text();
    await gateway.close();
    return { status: answer.status, headers: answer.headers, text };
  };

  it.each([
    ["strict JSON", '{"statusCode": 201}', 201],
    ["the AWS CDK's way", "{ statusCode: 201 }", 201],
    ["a number as text", '{"statusCode": "201"}', 201],
  ])("takes its status from a template in %s", async (_name, template, status) => {
    const { status: got } = await answered(template, [response("200"), response("201", { selectionPattern: "201" })]);
    expect(got).toBe(status);
  });

  it("answers with the headers and the body of its response", async () => {
    const given = response("200", {
      responseParameters: { "method.response.header.X-Stage": "context.stage", "method.response.header.X-A": "'a'" },
      responseTemplates: { "application/json": '{"id":"$context.requestId"}' },
    });
    const { headers, text } = await answered('{"statusCode": 200}', [given]);
    expect([headers.get("x-stage"), headers.get("x-a")]).toEqual(["dev", "a"]);
    expect(JSON.parse(text)).toEqual({ id: headers.get("x-amzn-requestid") });
  });

  it.each([
    ["no status", "{}", [response("200")], /sets no statusCode/],
    ["the Velocity language", '#set($x = 1){"statusCode": 200}', [response("200")], /Velocity/],
    [
      "no response for its status",
      '{"statusCode": 200}',
      [response("500", { selectionPattern: "5.." })],
      /no integration response for status 200/,
    ],
  ])("with %s is refused with 500 and the reason", async (_name, template, responses, because) => {
    expect((await answered(template, responses)).status).toBe(500);
    expect(failures.at(-1)).toMatch(because);
    expect(failures.at(-1)).toContain("aws_api_gateway_integration.x");
  });
});

describe("a Lambda proxy integration", () => {
  it.each([
    [
      "throws",
      "exports.handler = async () => { throw new Error('no') }",
      502,
      "Internal server error",
      /The function failed: Error: no/,
    ],
    [
      "crashes",
      "exports.handler = async () => { process.exit(1) }",
      502,
      "Internal server error",
      /Runtime\.ExitError/,
    ],
    ["answers nonsense", "exports.handler = async () => 'hello'", 502, "Internal server error", /not a proxy response/],
    [
      "answers more than 6 MB",
      "exports.handler = async () => ({ body: 'x'.repeat(7e6) })",
      502,
      "Internal server error",
      /6 MB/,
    ],
    [
      "is too slow for the integration",
      "exports.handler = () => new Promise((r) => setTimeout(r, 1000))",
      504,
      "Endpoint request timed out",
      /timeout of 150 ms/,
    ],
  ])("whose function %s is answered as AWS does", async (_name, code, status, message, because) => {
    const fn = invocable("fn", code);
    const gateway = await serve(
      model([api([route("GET", "/x", { integration: proxyTo(fn, status === 504 ? 150 : 29_000) })])], [fn]),
      { reporter },
    );
    const response = await fetch(`${gateway.origin}/dev/x`);
    const text = await response.text();
    await gateway.close();
    expect([response.status, text]).toEqual([status, `{"message": "${message}"}`]);
    expect(failures.at(-1)).toMatch(because);
  });

  it("hands a binary body over in base64 and back, for the API's binary media types", async () => {
    const fn = invocable(
      "fn",
      "exports.handler = async (e) => ({ isBase64Encoded: true, headers: { 'Content-Type': 'image/png', encoded: e.isBase64Encoded }, body: e.body })",
    );
    const gateway = await serve(
      model([api([route("POST", "/x", { integration: proxyTo(fn) })], { binaryMediaTypes: ["image/png"] })], [fn]),
    );
    const bytes = Buffer.from([0, 255, 128, 10]);
    const send = (accept: string) =>
      fetch(`${gateway.origin}/dev/x`, {
        method: "POST",
        body: bytes,
        headers: { "Content-Type": "image/png", Accept: accept },
      });
    const binary = await send("image/png");
    expect(binary.headers.get("encoded")).toBe("true");
    expect(Buffer.from(await binary.arrayBuffer())).toEqual(bytes);
    expect(await (await send("*/*")).text()).toBe(bytes.toString("base64"));
    await gateway.close();
  });

  it("answers with the API's own response for integration errors", async () => {
    const fn = invocable("fn", "exports.handler = async () => { throw new Error('no') }");
    const cors = {
      responseType: "DEFAULT_5XX",
      responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": "'*'" },
      responseTemplates: {},
      source,
    };
    const gateway = await serve(
      model([api([route("GET", "/x", { integration: proxyTo(fn) })], { gatewayResponses: [cors] })], [fn]),
    );
    const response = await fetch(`${gateway.origin}/dev/x`);
    await gateway.close();
    expect(response.status).toBe(502);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("reaches many callers at once without mixing them up", async () => {
    const fn = invocable("fn", echo);
    const gateway = await serve(model([api([route("GET", "/{id}", { integration: proxyTo(fn) })])], [fn]));
    const ids = Array.from({ length: 60 }, (_, index) => String(index));
    const events = await Promise.all(
      ids.map(
        async (id) => (await (await fetch(`${gateway.origin}/dev/${id}`)).json()) as { pathParameters: { id: string } },
      ),
    );
    await gateway.close();
    expect(events.map(({ pathParameters }) => pathParameters.id)).toEqual(ids);
  });
});
