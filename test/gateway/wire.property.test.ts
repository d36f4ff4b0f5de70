import { once } from "node:events";
import { connect } from "node:net";
import fc from "fast-check";
import type { GatewayResponse, Integration } from "../../proof/model/types";
import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { api, model, route, stage } from "./models";

const source = { file: "f", address: "a" };

/** Any bytes that HTTP lets stand in a request target, with what paths are attacked by. */
const target = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "/",
        "//",
        ".",
        "..",
        "%2e",
        "%2F",
        "%00",
        "%",
        "%zz",
        "?",
        "&",
        "=",
        "+",
        ";",
        "{id}",
        "$context.stage",
        "dev",
        "open",
        "\u00ff",
      ),
      fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((c) => String.fromCharCode(c)), maxLength: 6 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => `/${parts.join("").replace(/[ #]/g, "")}`);
const headerValue = fc.string({
  unit: fc.integer({ min: 32, max: 255 }).map((c) => String.fromCharCode(c)),
  maxLength: 40,
});
const header = fc.tuple(
  fc.constantFrom(
    "Authorization",
    "X-Forwarded-For",
    "x-portcullis-source-ip",
    "X-Portcullis-VPC",
    "Accept",
    "Content-Type",
    "Cookie",
    "User-Agent",
    "x-api-key",
    "X-Amz-Date",
  ),
  headerValue,
);

describe("any request", () => {
  let gateway: TestGateway;
  const defects: unknown[] = [];
  beforeAll(async () => {
    const integration: Integration = {
      type: "MOCK",
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: [
        {
          statusCode: "200",
          responseParameters: { "method.response.header.X-Agent": "method.request.header.User-Agent" },
          responseTemplates: {},
        },
      ],
      source,
    };
    const gatewayResponses: GatewayResponse[] = [
      {
        responseType: "DEFAULT_4XX",
        responseParameters: {
          "gatewayresponse.header.X-Agent": "method.request.header.User-Agent",
          "gatewayresponse.header.X-Query": "method.request.querystring.a",
        },
        responseTemplates: { "application/json": '{"m":$context.error.messageString,"p":"$context.path"}' },
        source,
      },
    ];
    const routes = [
      route("GET", "/open", { integration }),
      route("GET", "/{id}", { integration, auth: { type: "AWS_IAM" } }),
      route("ANY", "/x/{proxy+}", { integration }),
    ];
    gateway = await serve(
      model(
        [
          api(routes, {
            gatewayResponses,
            stages: [stage("dev", { accessLogFormat: '{"p":"$context.path","a":"$context.identity.userAgent"}' })],
          }),
        ],
        [],
      ),
      {
        simulateNetwork: true,
        reporter: { defect: (error) => defects.push(error), access: (_exchange, line) => void JSON.parse(line) },
      },
    );
  });
  afterAll(() => gateway.close());

  it("is answered with a status of HTTP and the request's id, never with a defect or a header that a caller wrote", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "HEAD", "OPTIONS", "TRACE", "PROPFIND"),
        target,
        fc.array(header, { maxLength: 4 }),
        async (method, path, headers) => {
          const { hostname, port } = new URL(gateway.origin);
          const socket = connect(Number(port), hostname);
          let answer = "";
          socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
          const lines = [
            `${method} ${path} HTTP/1.1`,
            "Host: localhost",
            "Connection: close",
            ...headers.map(([name, value]) => `${name}: ${value}`),
          ];
          socket.end(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
          await once(socket, "close");
          expect(defects).toEqual([]);
          expect(answer).toMatch(/^HTTP\/1\.1 (200|400|401|403|404|414|431) /);
          const [head = ""] = answer.split("\r\n\r\n");
          expect(head.split("\r\n").filter((line) => /^x-amzn-requestid:/i.test(line)).length).toBe(
            head.startsWith("HTTP/1.1 400 Bad Request\r\nConnection") ? 0 : 1,
          );
        },
      ),
      { numRuns: 150 },
    );
  });
});
