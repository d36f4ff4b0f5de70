import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LambdaRuntime } from "../../proof/lambda/runtime";
import type { Redirect } from "../../proof/lambda/types";
import { lambdaFunction, zip } from "./zips";

describe("a function's requests to redirected URLs", () => {
  let server: Server;
  let origin: string;
  let redirects: readonly Redirect[];
  beforeAll(async () => {
    server = createServer((request, response) => {
      response.setHeader("Content-Type", "application/json");
      response.end(
        JSON.stringify({
          method: request.method,
          url: request.url,
          host: request.headers.host,
          x: request.headers["x-a"],
        }),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    redirects = [
      { from: "https://login.example/tenant", to: `${origin}/local/tenant` },
      { from: "https://keys.example", to: `${origin}/keys` },
    ];
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const run = async (code: string, event: object = {}, file = "index.js") => {
    const fn = lambdaFunction("", { zipFile: zip({ [file]: code }), timeoutSeconds: 10 });
    const runtime = new LambdaRuntime([fn], { redirects });
    const result = await runtime.invoke({ functionArn: fn.arn, event });
    runtime.close();
    return result.kind === "payload" ? result.payload : result;
  };
  const read =
    "const read = (r, done) => { let t = ''; r.on('data', (c) => (t += c)); r.on('end', () => done(JSON.parse(t))); };";
  const viaHttps = (call: string) =>
    `const https = require("node:https"); ${read}
     exports.handler = () => new Promise((done, fail) => { const request = ${call}; request.on("error", fail); request.end(); });`;

  it.each([
    [
      "https.get of a URL",
      viaHttps('https.get("https://login.example/tenant/keys?a=1", (r) => read(r, done))'),
      "/local/tenant/keys?a=1",
    ],
    [
      "https.request of a URL with options",
      viaHttps(
        'https.request(new URL("https://login.example/tenant/x"), { method: "POST", headers: { "X-A": "1", Host: "login.example" } }, (r) => read(r, done))',
      ),
      "/local/tenant/x",
    ],
    [
      "https.request of options",
      viaHttps(
        'https.request({ host: "login.example", path: "/tenant/x", agent: new https.Agent() }, (r) => read(r, done))',
      ),
      "/local/tenant/x",
    ],
    [
      "https.request of options with the default port",
      viaHttps('https.request({ hostname: "login.example", port: 443, path: "/tenant" }, (r) => read(r, done))'),
      "/local/tenant",
    ],
    ["fetch of a URL", 'exports.handler = async () => (await fetch("https://keys.example/a")).json()', "/keys/a"],
    [
      "fetch of a request",
      'exports.handler = async () => (await fetch(new Request("https://keys.example/a", { method: "PUT", headers: { "x-a": "1" } }))).json()',
      "/keys/a",
    ],
  ])("go to the local stand-in by %s", async (_name, code, url) => {
    await expect(run(code)).resolves.toMatchObject({ url, host: expect.stringMatching(/^127\.0\.0\.1:/) });
  });

  it("go to the local stand-in from an ES module", async () => {
    const code = `import { get } from "node:https"; ${read}
      export const handler = () => new Promise((done) => get("https://keys.example/esm", (r) => read(r, done)));`;
    await expect(run(code, {}, "index.mjs")).resolves.toMatchObject({ url: "/keys/esm" });
  });

  it("keep their method and headers", async () => {
    const code =
      'exports.handler = async () => (await fetch("https://keys.example/a", { method: "DELETE", headers: { "x-a": "1" } })).json()';
    await expect(run(code)).resolves.toMatchObject({ method: "DELETE", x: "1" });
  });

  it.each([
    ["a host that only begins like it", "https://keys.example.invalid/a"],
    ["a path that only begins like it", "https://login.example/tenant-2"],
    ["another scheme", "http://keys.example:1/a"],
  ])("are left alone for %s", async (_name, url) => {
    const code =
      "exports.handler = async (e) => { try { return (await fetch(e.url, { signal: AbortSignal.timeout(3000) })).json(); } catch { return 'left alone'; } }";
    await expect(run(code, { url })).resolves.toBe("left alone");
  });

  it("reach every other server directly", async () => {
    const code = `const http = require("node:http"); ${read} exports.handler = (e) => new Promise((done) => http.get(e.url, (r) => read(r, done)));`;
    await expect(run(code, { url: `${origin}/plain` })).resolves.toMatchObject({ url: "/plain" });
  });
});

describe("the AWS SDK that Lambda brings along", () => {
  it.each([
    ["CommonJS", "index.js", 'exports.handler = async () => typeof require("@aws-sdk/client-sts").STSClient'],
    [
      "an ES module",
      "index.mjs",
      'import { STSClient } from "@aws-sdk/client-sts"; export const handler = async () => typeof STSClient',
    ],
  ])("is there for %s", async (_name, file, code) => {
    const fn = lambdaFunction("", { zipFile: zip({ [file]: code }), timeoutSeconds: 10 });
    const runtime = new LambdaRuntime([fn]);
    await expect(runtime.invoke({ functionArn: fn.arn, event: {} })).resolves.toMatchObject({ payload: "function" });
    runtime.close();
  });

  it.each([
    ["index.js", 'require("fast-check"); exports.handler = 1'],
    ["index.mjs", 'import "fast-check"; export const handler = 1'],
  ])("comes without any other package of this project (%s)", async (file, code) => {
    const fn = lambdaFunction("", { zipFile: zip({ [file]: code }), timeoutSeconds: 10 });
    const runtime = new LambdaRuntime([fn]);
    const result = await runtime.invoke({ functionArn: fn.arn, event: {} });
    expect(result).toMatchObject({ kind: "error", errorType: "Runtime.ImportModuleError" });
    runtime.close();
  });

  it("signs with the local credentials of the function's role and goes to the local endpoint", async () => {
    let seen = "";
    const server = createServer((request, response) => {
      seen = request.headers.authorization ?? "";
      response.setHeader("Content-Type", "text/xml");
      response.end(
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:local</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const code =
      'const { STSClient, GetCallerIdentityCommand } = require("@aws-sdk/client-sts"); exports.handler = async () => (await new STSClient().send(new GetCallerIdentityCommand())).Arn';
    const fn = lambdaFunction(code, { timeoutSeconds: 10, roleArn: "arn:aws:iam::111111111111:role/fn" });
    const runtime = new LambdaRuntime([fn], {
      endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentialsOf: () => ({ accessKeyId: "ASIALOCAL", secretAccessKey: "s", sessionToken: "t" }),
    });
    const result = await runtime.invoke({ functionArn: fn.arn, event: {} });
    runtime.close();
    server.closeAllConnections();
    server.close();
    expect(result).toMatchObject({ payload: "arn:local" });
    expect(seen).toContain("Credential=ASIALOCAL/");
  });
});
