import { execFileSync, spawnSync } from "node:child_process";
import { join } from "node:path";
import { ServedProject } from "./served";

const project = new ServedProject();
beforeAll(() => project.start(), 60_000);
afterAll(() => project.stop());

const bearer = (...args: string[]): Record<string, string> => ({
  Authorization: `Bearer ${project.command("token", ...args)}`,
});
const AUDIENCE = "https://api.dev.portcullis.example";

describe("the IAM routes of the partner in another account", () => {
  const hasBotocore = spawnSync("python3", ["-c", "import botocore"]).status === 0;
  let headers: Record<string, string>;

  beforeAll(() => {
    if (!hasBotocore) process.stderr.write("NOT RUN with botocore's signatures: pip install botocore\n");
    const credentials = project.command(
      "credentials",
      "portcullis-dev-acme",
      "--external-id",
      "acme-orders-dev-7c1f0a52",
    );
    headers = hasBotocore ? signed(project.url("/orders/17"), credentials) : {};
  });

  const signed = (url: string, credentials: string): Record<string, string> =>
    JSON.parse(
      execFileSync("python3", [join(__dirname, "sign.py"), url, "GET", "eu-west-1"], {
        input: credentials,
        encoding: "utf8",
      }),
    ) as Record<string, string>;

  it("admit a request signed by botocore, and the function sees the partner's session", async () => {
    if (!hasBotocore) return;
    const { status, body } = await project.call("GET", "/orders/17", headers);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      caller: {
        type: "iam",
        accountId: "222222222222",
        arn: "arn:aws:sts::222222222222:assumed-role/portcullis-dev-acme/local",
      },
      pathParameters: { orderId: "17" },
    });
  });

  it.each([
    ["the path", "/orders/18", (given: Record<string, string>) => given],
    ["the query", "/orders/17?a", (given: Record<string, string>) => given],
    [
      "the signature",
      "/orders/17",
      (given: Record<string, string>) => ({
        ...given,
        Authorization: given["Authorization"]?.replace(/.$/, (last) => (last === "0" ? "1" : "0")) ?? "",
      }),
    ],
  ])("refuse the same request with one byte of %s changed, as AWS does", async (_what, path, change) => {
    if (!hasBotocore) return;
    const { status, errorType, body } = await project.call("GET", path, change(headers));
    expect({ status, errorType }).toEqual({ status: 403, errorType: "InvalidSignatureException" });
    expect((body as { message: string }).message).toMatch(/^The request signature we calculated does not match/);
  });

  it("refuse an unsigned request before any policy is looked at", async () => {
    const answer = await project.call("GET", "/orders/17", { "x-portcullis-source-ip": "198.51.100.7" });
    expect(answer).toMatchObject({ status: 403, errorType: "MissingAuthenticationTokenException" });
  });
});

describe("the Cognito route", () => {
  it.each([
    ["an access token with the scope", ["portcullis-dev-browser", "--scope", "profile/read"], 200],
    ["an ID token", ["portcullis-dev-browser", "--use", "id"], 401],
    ["an expired access token", ["portcullis-dev-browser", "--scope", "profile/read", "--expires-in=-10"], 401],
    ["a token of the OIDC issuer", [AUDIENCE, "--scope", "profile/read"], 401],
  ])("answers %s with its status", async (_what, args, status) => {
    expect((await project.call("GET", "/profile", bearer(...args))).status).toBe(status);
  });
});

describe("the routes of the OAuth authorizer", () => {
  it("run it once for a token: the second call within the TTL, and a call of another route, use the cached policy", async () => {
    const headers = bearer(AUDIENCE, "--scope", "reports/read", "--scope", "reports/write");
    const before = project.calls("oauth-authorizer");
    expect((await project.call("GET", "/reports/1", headers)).status).toBe(200);
    const once = project.calls("oauth-authorizer");
    expect(once).toBeGreaterThan(before);
    expect((await project.call("GET", "/reports/2", headers)).status).toBe(200);
    expect((await project.call("POST", "/reports", headers, "{}")).status).toBe(200);
    expect(project.calls("oauth-authorizer")).toBe(once);
  });

  it("refuse the second route from a cached policy that does not cover it, in AWS's words", async () => {
    const headers = bearer(AUDIENCE, "--scope", "reports/read");
    expect((await project.call("GET", "/reports/1", headers)).status).toBe(200);
    const answer = await project.call("POST", "/reports", headers, "{}");
    expect(answer).toMatchObject({ status: 403, errorType: "AccessDeniedException" });
    expect(JSON.stringify(answer.body)).toContain("User is not authorized to access this resource");
  });

  it.each([
    ["no token", {}, 401],
    ["something that is no bearer token", { Authorization: "Basic Zm9v" }, 401],
    ["a token of nobody", { Authorization: "Bearer eyJhbGciOiJub25lIn0.e30." }, 401],
  ])("answer %s with %s %s", async (_what, headers, status) => {
    expect((await project.call("GET", "/reports/1", headers)).status).toBe(status);
  });
});

describe("an address of the IP range deny list", () => {
  const denied = { "x-portcullis-source-ip": "198.51.100.7" };

  it("is refused on every route that needs no signature first, the public one included", async () => {
    const routes = [
      ["GET", "/health", {}],
      ["GET", "/profile", bearer("portcullis-dev-browser", "--scope", "profile/read")],
      ["GET", "/reports/1", bearer(AUDIENCE, "--scope", "reports/read")],
      ["GET", "/statements/1", {}],
      ["GET", "/webhooks/1", {}],
    ] as const;
    for (const [method, path, headers] of routes) {
      const answer = await project.call(method, path, { ...headers, ...denied });
      expect({ path, status: answer.status, errorType: answer.errorType }).toEqual({
        path,
        status: 403,
        errorType: "AccessDeniedException",
      });
    }
  });

  it("is refused on the IAM route although the signature is good", async () => {
    const configuration = project.command(
      "credentials",
      "portcullis-dev-acme",
      "--external-id",
      "acme-orders-dev-7c1f0a52",
      "--format",
      "curl",
    );
    const { port } = new URL(project.url("/"));
    const output = execFileSync(
      "curl",
      [
        "-sS",
        "-o",
        "-",
        "-w",
        "\n%{http_code}",
        "-H",
        "x-portcullis-source-ip: 198.51.100.7",
        "-K",
        "-",
        `http://portcullis-dev-public-api.localhost:${port}/dev/orders`,
      ],
      { input: configuration, encoding: "utf8" },
    );
    expect(output).toMatch(/with an explicit deny in a resource-based policy.*\n403$/s);
  });
});

it("admits anybody from elsewhere to the public route", async () => {
  expect(await project.call("GET", "/health")).toEqual({ status: 200, errorType: undefined, body: { status: "ok" } });
});
