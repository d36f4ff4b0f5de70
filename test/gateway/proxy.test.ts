import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { api, echo, invocable, model, proxyTo, route, stage } from "./models";

describe("a public route with a Lambda proxy integration", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const fn = invocable("echo", echo);
    const integration = proxyTo(fn);
    gateway = await serve(
      model(
        [
          api([route("GET", "/orders/{id}", { integration }), route("ANY", "/{proxy+}", { integration })], {
            stages: [stage("dev", { variables: { table: "orders-dev" } }), stage("prod")],
          }),
        ],
        [fn],
      ),
    );
  });
  afterAll(() => gateway.close());

  it("hands the function AWS's event, field by field", async () => {
    const response = await fetch(`${gateway.origin}/dev/orders/42?a=1&a=2&b=x+y%2B`, {
      headers: { "X-Test": "yes", "user-agent": "test/1", authorization: "random-value" },
    });
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([200, null]);
    const event = (await response.json()) as Record<string, unknown>;
    expect(event).toMatchObject({
      resource: "/orders/{id}",
      path: "/orders/42",
      httpMethod: "GET",
      queryStringParameters: { a: "2", b: "x y+" },
      multiValueQueryStringParameters: { a: ["1", "2"], b: ["x y+"] },
      pathParameters: { id: "42" },
      stageVariables: { table: "orders-dev" },
      body: null,
      isBase64Encoded: false,
    });
    expect(event["headers"]).toMatchObject({
      "X-Test": "yes",
      "User-Agent": "test/1",
      Authorization: "random-value",
      "X-Forwarded-For": "127.0.0.1",
      "X-Forwarded-Port": "443",
      "X-Forwarded-Proto": "https",
      "X-Amzn-Trace-Id": expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/),
    });
    expect(event["requestContext"]).toEqual({
      accountId: "111111111111",
      apiId: "abcdefghij",
      deploymentId: expect.stringMatching(/^\w{6}$/),
      domainName: expect.any(String),
      domainPrefix: expect.any(String),
      extendedRequestId: response.headers.get("x-amz-apigw-id"),
      httpMethod: "GET",
      identity: {
        accessKey: null,
        accountId: null,
        caller: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: "127.0.0.1",
        user: null,
        userAgent: "test/1",
        userArn: null,
      },
      path: "/dev/orders/42",
      protocol: "HTTP/1.1",
      requestId: response.headers.get("x-amzn-requestid"),
      requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      requestTimeEpoch: expect.any(Number),
      resourceId: expect.stringMatching(/^\w{6}$/),
      resourcePath: "/orders/{id}",
      stage: "dev",
    });
    expect(Object.keys(event).sort()).toEqual([
      "body",
      "headers",
      "httpMethod",
      "isBase64Encoded",
      "multiValueHeaders",
      "multiValueQueryStringParameters",
      "path",
      "pathParameters",
      "queryStringParameters",
      "requestContext",
      "resource",
      "stageVariables",
    ]);
  });

  it("writes null for what a request does not have, and keeps a trailing slash", async () => {
    const response = await fetch(`${gateway.origin}/prod/any/thing/`, { method: "POST", body: "héllo" });
    await expect(response.json()).resolves.toMatchObject({
      resource: "/{proxy+}",
      path: "/any/thing/",
      pathParameters: { proxy: "any/thing" },
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      stageVariables: null,
      body: "héllo",
    });
  });

  it.each(["/", "/nope", "/nope/orders/1", "//dev2/orders/1"])(
    "answers %s, which begins with no stage, with AWS's 403",
    async (path) => {
      const response = await fetch(gateway.origin + path);
      expect(response.status).toBe(403);
      expect(response.headers.get("x-amzn-errortype")).toBe("ForbiddenException");
      expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
      await expect(response.text()).resolves.toBe('{"message":"Forbidden"}');
    },
  );

  it("treats a route that does not exist as one that needs a signature", async () => {
    const response = await fetch(`${gateway.origin}/dev`);
    expect(response.status).toBe(403);
    expect(response.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    await expect(response.json()).resolves.toEqual({ message: "Missing Authentication Token" });
  });
});
