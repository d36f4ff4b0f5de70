import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiGateway } from "../../scripts/deliver/api-gateway";

let server: Server;
let calls: { request: string; headers: IncomingHttpHeaders; body: string }[];
let answers: Record<string, unknown>;
const env = process.env;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const name = `${request.method} ${request.url}`;
      calls.push({ request: name, headers: request.headers, body });
      if (name in answers) response.end(JSON.stringify(answers[name]));
      else response.writeHead(404).end('{"message":"Invalid stage"}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env = { ...env, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
});
afterAll(async () => {
  process.env = env;
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  calls = [];
  answers = {};
});
const client = () =>
  new ApiGateway("eu-west-1", { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

it("Points a stage at a deployment, signed for API Gateway in the environment's region", async () => {
  answers = { "PATCH /restapis/abc/stages/dev": {} };
  await client().use("abc", "dev", "d1");
  expect(JSON.parse(calls[0]?.body ?? "")).toEqual({
    patchOperations: [{ op: "replace", path: "/deploymentId", value: "d1" }],
  });
  expect(calls[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/apigateway\/aws4_request, SignedHeaders=/,
  );
});

it.each([
  ["as JSON", '{"Version":"2012-10-17"}'],
  ["with its quotes escaped, as API Gateway writes it", '{\\"Version\\":\\"2012-10-17\\"}'],
])("Reads the configured policy %s", async (_what, policy) => {
  answers = { "GET /restapis/abc": { policy } };
  expect(await client().configuredPolicy("abc")).toEqual({ Version: "2012-10-17" });
});

it("Reads the served policy from the stage's export with its extensions", async () => {
  answers = {
    "GET /restapis/abc/stages/dev/exports/oas30?extensions=apigateway": { "x-amazon-apigateway-policy": { a: 1 } },
  };
  expect(await client().servedPolicy("abc", "dev")).toEqual({ a: 1 });
});

it("Says what API Gateway answered where it refuses", async () =>
  expect(client().servedPolicy("abc", "gone")).rejects.toThrow(
    'API Gateway answered 404 to GET /restapis/abc/stages/gone/exports/oas30: {"message":"Invalid stage"}',
  ));
