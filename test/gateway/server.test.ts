import { once } from "node:events";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { openBackend, prepare } from "../../proof/gateway/backend";
import type { TestGateway } from "./gateway";
import { noServices, serve } from "./gateway";
import { raw } from "./raw";
import { api, echo, invocable, model, proxyTo, route } from "./models";

const slow =
  "exports.handler = async (e) => { await new Promise((r) => setTimeout(r, Number(e.queryStringParameters.ms))); return { body: e.queryStringParameters.ms } }";

describe("the gateway on the wire", () => {
  let gateway: TestGateway;
  const echoFn = invocable("echo", echo);
  const slowFn = invocable("slow", slow);
  const served = model(
    [
      api([
        route("ANY", "/{proxy+}", { integration: proxyTo(echoFn) }),
        route("GET", "/slow", { integration: proxyTo(slowFn) }),
      ]),
    ],
    [echoFn, slowFn],
  );
  beforeEach(async () => {
    gateway = await serve(served, { simulateNetwork: true });
  });
  afterEach(() => gateway.close());

  it("takes the request target as it stands, dots, slashes and escapes included", async () => {
    const answer = await raw(
      gateway.origin,
      "GET /dev/a%2Fb//c%20d?x=%41&y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    const event = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as Record<string, unknown>;
    expect(event).toMatchObject({ path: "/a%2Fb//c%20d", queryStringParameters: { x: "A", y: "" } });
  });

  it.each([
    ["/dev/admin/../x", "/x"],
    ["/dev/a/.hidden/..b", "/a/.hidden/..b"],
  ])("hands a function the path %s as it was decided on: %s", async (path, handed) => {
    const answer = await raw(gateway.origin, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
    expect(answer).toContain(`"path":"${handed}"`);
  });

  it("takes the absolute form of a request target", async () => {
    const answer = await raw(
      gateway.origin,
      "GET http://other.example/dev/x?y=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    );
    expect(answer).toContain('"path":"/x"');
  });

  it.each([
    ["a fragment, which a back end would cut off", "GET /dev/admin#x HTTP/1.1\r\nHost: localhost"],
    ["a fragment in its query", "GET /dev/x?y#z HTTP/1.1\r\nHost: localhost"],
    ["a backslash, which a back end may take for a slash", "GET /dev/open/..\\admin HTTP/1.1\r\nHost: localhost"],
    ["two hosts", "GET /dev/x HTTP/1.1\r\nHost: localhost\r\nhost: b"],
  ])("refuses a request with %s", async (_name, head) => {
    const answer = await raw(gateway.origin, `${head}\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('"resource"');
  });

  it("answers HEAD with the length of what GET answers, and no body", async () => {
    const answer = await raw(gateway.origin, "HEAD /dev/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    const [head = "", body] = answer.split("\r\n\r\n");
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBeGreaterThan(500);
    expect(body).toBe("");
  });

  it("answers two requests of one connection in order", async () => {
    const one = (path: string) => `GET /dev/${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    const answer = await raw(gateway.origin, one("first") + one("second"), 1_000);
    expect(answer.match(/"path":"\/(first|second)"/g)).toEqual(['"path":"/first"', '"path":"/second"']);
  });

  it("reads a body that comes in pieces and slowly", async () => {
    const { hostname, port } = new URL(gateway.origin);
    const request = http.request({
      hostname,
      port,
      path: "/dev/x",
      method: "POST",
      headers: { "Transfer-Encoding": "chunked" },
    });
    for (const piece of ["sl", "ow", "ly"]) {
      request.write(piece);
      await sleep(20);
    }
    request.end();
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    expect((JSON.parse(text) as { body: string }).body).toBe("slowly");
  });

  it.each([
    ["announced", { "Content-Length": String(10 * 1024 * 1024 + 1) }],
    ["chunked", { "Transfer-Encoding": "chunked" }],
  ])("refuses a body above 10 MB with 413 (%s)", async (_name, headers) => {
    const { hostname, port } = new URL(gateway.origin);
    const request = http.request({ hostname, port, path: "/dev/x", method: "POST", headers });
    request.on("error", () => undefined);
    const answered = once(request, "response") as Promise<[http.IncomingMessage]>;
    const chunk = Buffer.alloc(1024 * 1024, "x");
    for (let sent = 0; sent < 11 && !request.destroyed; sent++) request.write(chunk);
    const [response] = await answered;
    expect(response.statusCode).toBe(413);
    request.destroy();
  });

  it("sees every header, also behind 1,500 others", async () => {
    const filler = "a:\r\n".repeat(1_500);
    const answer = await raw(
      gateway.origin,
      `GET /dev/x HTTP/1.1\r\nHost: localhost\r\n${filler}X-Last: seen\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toContain("seen");
  });

  it("answers what AWS refuses for its size before any function sees it", async () => {
    const response = await fetch(`${gateway.origin}/dev/x`, { headers: { "X-Long": "x".repeat(10_500) } });
    expect(response.status).toBe(431);
  });

  it("hands a body that Lambda cannot take back with 413", async () => {
    const response = await fetch(`${gateway.origin}/dev/x`, { method: "POST", body: "x".repeat(7 * 1024 * 1024) });
    expect(response.status).toBe(413);
  });

  it("goes on after a client that leaves in the middle", async () => {
    await raw(gateway.origin, "POST /dev/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf", 50);
    await raw(gateway.origin, "GET /dev/slow?ms=200 HTTP/1.1\r\nHost: localhost\r\n\r\n", 50);
    expect((await fetch(`${gateway.origin}/dev/x`)).status).toBe(200);
  });

  it.each([
    ["that is no HTTP", "hello\r\n\r\n", 400],
    [
      "with two lengths",
      "POST /dev/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      400,
    ],
    [
      "with a length and chunks",
      "POST /dev/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      400,
    ],
  ])("refuses a request %s", async (_name, text, status) => {
    expect(await raw(gateway.origin, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  it("lets a function see neither the simulated position's headers nor a forged forwarding", async () => {
    const response = await fetch(`${gateway.origin}/dev/x`, {
      headers: {
        "x-portcullis-source-ip": "203.0.113.7",
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "http",
      },
    });
    const event = (await response.json()) as { headers: Record<string, string>; requestContext: { identity: object } };
    expect(Object.keys(event.headers).filter((name) => /portcullis/i.test(name))).toEqual([]);
    expect(event.headers).toMatchObject({
      "X-Forwarded-For": "198.51.100.1, 203.0.113.7",
      "X-Forwarded-Proto": "https",
    });
    expect(event.requestContext.identity).toMatchObject({ sourceIp: "203.0.113.7" });
  });

  it("says what is wrong with a simulated position", async () => {
    const response = await fetch(`${gateway.origin}/dev/x`, { headers: { "x-portcullis-source-ip": "localhost" } });
    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toEqual({
      message: "x-portcullis-source-ip must be an IPv4 or IPv6 address, not 'localhost'.",
    });
  });

  it("answers what is under way before it stops, and takes nothing new", async () => {
    await fetch(`${gateway.origin}/dev/slow?ms=1`);
    const underWay = fetch(`${gateway.origin}/dev/slow?ms=400`);
    await sleep(100);
    const closed = gateway.close();
    await expect(fetch(`${gateway.origin}/dev/x`)).rejects.toThrow();
    expect(await (await underWay).text()).toBe("400");
    await closed;
  });

  it("serves another model from one request to the next, and finishes what the first began", async () => {
    const other = invocable("other", "exports.handler = async () => ({ body: 'new' })");
    const next = prepare(model([api([route("GET", "/{proxy+}", { integration: proxyTo(other) })])], [other]));
    await fetch(`${gateway.origin}/dev/slow?ms=1`);
    const underWay = fetch(`${gateway.origin}/dev/slow?ms=300`);
    await sleep(100);
    gateway.server.use(openBackend(next, gateway.origin, noServices));
    expect(await (await fetch(`${gateway.origin}/dev/slow?ms=5`)).text()).toBe("new");
    expect(await (await underWay).text()).toBe("300");
  });
});

describe("several APIs on one port", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const fn = invocable("which", "exports.handler = async (e) => ({ body: e.requestContext.apiId })", {
      permissions: [
        { principal: "apigateway.amazonaws.com", action: "lambda:InvokeFunction", source: { file: "f", address: "a" } },
      ],
    });
    const one = (name: string, id: string) =>
      api([route("GET", "/x", { integration: proxyTo(fn) })], { name, id, address: `aws_api_gateway_rest_api.${id}` });
    gateway = await serve(
      model(
        [
          one("Public API", "aaaaaaaaaa"),
          one("private", "bbbbbbbbbb"),
          one("twin", "cccccccccc"),
          one("twin", "dddddddddd"),
        ],
        [fn],
      ),
    );
  });
  afterAll(() => gateway.close());

  it.each([
    ["public-api.localhost", "aaaaaaaaaa"],
    ["PRIVATE.localhost:9300", "bbbbbbbbbb"],
    ["bbbbbbbbbb.localhost", "bbbbbbbbbb"],
    ["cccccccccc.execute-api.eu-west-1.amazonaws.com", "cccccccccc"],
    ["bbbbbbbbbb-vpce-0a1b2c3d.execute-api.eu-west-1.amazonaws.com", "bbbbbbbbbb"],
  ])("are told apart by the host %s", async (host, id) => {
    const answer = await raw(
      gateway.origin,
      `GET /dev/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      2_000,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200/);
    expect(answer.endsWith(id)).toBe(true);
  });

  it.each([
    ["/public-api/dev/x", "aaaaaaaaaa"],
    ["/bbbbbbbbbb/dev/x", "bbbbbbbbbb"],
  ])("are told apart by the path %s where the host names none", async (path, id) => {
    const response = await fetch(gateway.origin + path);
    expect([response.status, await response.text()]).toEqual([200, id]);
  });

  it.each(["/twin/dev/x", "/bbbbbbbbbb/prod/x", "/bbbbbbbbbb", "/aaaaaaaaaa/../bbbbbbbbbb/dev/x", "/dev/x"])(
    "are none of them by the path %s",
    async (path) => {
      const answer = await raw(gateway.origin, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 404/);
    },
  );

  it.each(["127.0.0.1", "twin.localhost", "other.localhost", "localhost", "private.s3.amazonaws.com"])(
    "are none of them under the host %s",
    async (host) => {
      const answer = await raw(
        gateway.origin,
        `GET /dev/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        2_000,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 404/);
      expect(answer).toContain("public-api.localhost, private.localhost, cccccccccc.localhost, dddddddddd.localhost");
      expect(answer).toContain("under any host, by the path: /public-api/dev, /private/dev, /cccccccccc/dev");
    },
  );
});
