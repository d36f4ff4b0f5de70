import { type Container, startContainer } from "./support/container";
import { proxyEvent } from "./support/events";
import { resultOf } from "./support/policy";

const containers: Container[] = [];
async function start(name: string, environment: Readonly<Record<string, string>> = {}): Promise<Container> {
  const container = await startContainer(name, environment);
  containers.push(container);
  return container;
}
afterEach(() => containers.splice(0).forEach((container) => container.stop()));

async function answer(container: Container, parts: Parameters<typeof proxyEvent>[0]) {
  const { statusCode, headers, body } = resultOf(await container.invoke(proxyEvent(parts))) as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  };
  return { statusCode, headers, body: JSON.parse(body) as Record<string, unknown>, text: body };
}

describe("the health function", () => {
  it.each(["GET", "HEAD"])("says ok to %s", async (verb) => {
    expect(await answer(await start("health"), { verb, path: "/health" })).toMatchObject({
      statusCode: 200,
      headers: { "Content-Type": "application/json", "Cache-Control": "no-store" },
      body: { status: "ok" },
    });
  });

  it("answers 404 in the gateway's own form to a verb it does not know", async () => {
    const { statusCode, body } = await answer(await start("health"), { verb: "POST", path: "/health" });
    expect(statusCode).toBe(404);
    expect(body).toEqual({
      message: "No POST /health",
      type: "NOT_FOUND",
      requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    });
  });
});

describe("the caller function", () => {
  const USER = "arn:aws:sts::222222222222:assumed-role/partner/session";
  it.each([
    ["nobody, on a public route", {}, { type: "anonymous" }],
    [
      "the signer, on an IAM route",
      { identity: { userArn: USER, accountId: "222222222222", user: "AROAEXAMPLE:session", accessKey: "ASIAEXAMPLE" } },
      { type: "iam", arn: USER, accountId: "222222222222", userId: "AROAEXAMPLE:session" },
    ],
    [
      "the claims, on a Cognito route",
      { authorizer: { claims: { sub: "7d8", "cognito:groups": "a,b", exp: "Wed May 18 15:32:21 UTC 2026" } } },
      {
        type: "cognito",
        claims: { sub: "7d8", "cognito:groups": "a,b", exp: "Wed May 18 15:32:21 UTC 2026" },
      },
    ],
    [
      "the principal and context, behind a Lambda authorizer",
      { authorizer: { principalId: "alice", integrationLatency: 451, tenant: "acme" } },
      { type: "authorizer", principalId: "alice", context: { tenant: "acme" } },
    ],
  ])("presents %s", async (_what, requestContext, caller) => {
    const { statusCode, body } = await answer(await start("caller"), {
      path: "/orders/7",
      resource: "/orders/{id}",
      pathParameters: { id: "7" },
      ...requestContext,
    });
    expect(statusCode).toBe(200);
    expect(body).toEqual({
      caller,
      method: "GET",
      path: "/orders/7",
      resource: "/orders/{id}",
      pathParameters: { id: "7" },
      stage: "dev",
    });
  });

  it("repeats no credential that the request carried, neither in the answer nor in the log", async () => {
    const container = await start("caller");
    const { text } = await answer(container, {
      path: "/orders/7",
      headers: { Authorization: "Bearer header-secret", Cookie: "session=cookie-secret", "X-Api-Key": "key-secret" },
      query: { signature: "query-secret" },
      identity: { apiKey: "key-secret", accessKey: "AKIAIOSFODNN7EXAMPLE" },
    });
    for (const secret of ["header-secret", "cookie-secret", "key-secret", "query-secret", "AKIAIOSFODNN7EXAMPLE"]) {
      expect(text + container.logs()).not.toContain(secret);
    }
    expect(container.logs()).toContain('"called"');
  });

  it("answers 404 to what is no verb of API Gateway", async () => {
    expect(await answer(await start("caller"), { verb: "TRACE" })).toMatchObject({ statusCode: 404 });
  });
});

describe("cross-origin answers", () => {
  const origin = (value: string) => ({ path: "/health", headers: { origin: value } });

  it.each([
    ["the caller's origin where it is allowed", "https://app.example,https://b.example", "https://b.example"],
    ["any origin where all are allowed", "*", "*"],
  ])("name %s", async (_what, allowed, named) => {
    const container = await start("health", { CORS_ALLOWED_ORIGINS: allowed });
    const { headers } = await answer(container, origin("https://b.example"));
    expect(headers["Access-Control-Allow-Origin"]).toBe(named);
  });

  it.each([
    ["another origin", { CORS_ALLOWED_ORIGINS: "https://app.example" }, "https://app.example.evil"],
    ["any origin where none is allowed", {}, "https://app.example"],
  ])("do not name %s", async (_what, environment, asked) => {
    const { headers } = await answer(
      await start("health", { ...environment } as Record<string, string>),
      origin(asked),
    );
    expect(headers).not.toHaveProperty("Access-Control-Allow-Origin");
  });

  it("tell caches that they differ by origin, also where the origin is not allowed", async () => {
    const container = await start("health", { CORS_ALLOWED_ORIGINS: "https://app.example" });
    expect((await answer(container, origin("https://evil.example"))).headers["Vary"]).toBe("Origin");
  });
});
