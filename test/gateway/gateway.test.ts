import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { findDeniedRequest } from "../../proof/gateway/denied-requests";
import type { Gateway } from "../../proof/gateway/gateway";
import { startGateway } from "../../proof/gateway/gateway";
import type { Reporter } from "../../proof/gateway/reporter";
import { silent } from "../../proof/gateway/reporter";
import { StateFolder } from "../../proof/local/state";
import { loadModel } from "../../proof/model/load";
import { directoryOf, shop, writeConfiguration } from "./directory";

const run = promisify(execFile);
const open: Gateway[] = [];
const start = async (directory: string, callersFile?: string, reporter: Partial<Reporter> = {}) => {
  const gateway = await startGateway({
    directory,
    load: async () => loadModel(directory),
    port: 0,
    callersFile,
    reporter: { ...silent, defect: (error) => console.error(error), ...reporter },
  });
  open.push(gateway);
  return gateway;
};
afterAll(() => Promise.all(open.map((gateway) => gateway.close())));

const allow = (resource: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: resource }],
});
const caller = { accessKeyId: "AKIASHOPUSER00000001", secretAccessKey: "shop-secret" };

describe("a directory of plain Terraform JSON, served", () => {
  const directory = directoryOf(shop());
  const callersFile = join(directory, "..", "callers.json");
  let gateway: Gateway;
  let live: string;
  beforeAll(async () => {
    const arn = "arn:aws:iam::111111111111:user/shopper";
    writeFileSync(
      callersFile,
      JSON.stringify({
        callers: [
          { ...caller, arn, policies: [allow("arn:aws:execute-api:eu-west-1:111111111111:*/live/GET/signed")] },
        ],
      }),
    );
    gateway = await start(directory, callersFile);
    live = `${gateway.url}/live`;
  });

  const get = (path: string, headers: Record<string, string> = {}) => fetch(live + path, { headers });
  /** Signed by curl itself. */
  const signed = async (path: string, secret = caller.secretAccessKey, more: string[] = []) => {
    const { stdout } = await run("curl", [
      "-s",
      "-w",
      "\n%{http_code} %header{x-amzn-errortype}",
      "--aws-sigv4",
      "aws:amz:eu-west-1:execute-api",
      "--user",
      `${caller.accessKeyId}:${secret}`,
      ...more,
      live + path,
    ]);
    const [status = "", errorType = ""] = (stdout.split("\n").at(-1) ?? "").split(" ");
    return { status: Number(status), errorType, body: stdout.slice(0, stdout.lastIndexOf("\n")) };
  };

  it("names every route with its protection", () => {
    expect(gateway.apis).toEqual([
      {
        name: "shop",
        id: expect.stringMatching(/^[a-z0-9]{10}$/),
        stage: "live",
        url: live,
        routes: [
          { method: "GET", path: "/a", auth: "CUSTOM" },
          { method: "GET", path: "/b", auth: "CUSTOM" },
          { method: "GET", path: "/open", auth: "NONE" },
          { method: "OPTIONS", path: "/open", auth: "NONE" },
          { method: "GET", path: "/signed", auth: "AWS_IAM" },
          { method: "GET", path: "/unlinked", auth: "NONE" },
        ],
      },
    ]);
  });

  it("answers a CORS preflight from its mock integration", async () => {
    const response = await fetch(`${live}/open`, { method: "OPTIONS", headers: { Origin: "https://shop.example" } });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    expect(response.headers.get("access-control-allow-methods")).toBe("GET,OPTIONS");
  });

  it("does not invoke a function that gives API Gateway no permission for the method", async () => {
    const response = await get("/unlinked");
    expect(response.status).toBe(500);
    expect(response.headers.get("x-amzn-errortype")).toBe("InternalServerErrorException");
    await expect(response.text()).resolves.toBe('{"message": "Internal server error"}');
  });

  it("admits a request that curl signed, and shows the function who called", async () => {
    const answer = await signed("/signed");
    expect(answer.status).toBe(200);
    const seen = JSON.parse(answer.body) as Record<string, unknown>;
    expect(seen).not.toHaveProperty("authorizer");
    expect(seen).toMatchObject({
      identity: {
        accessKey: caller.accessKeyId,
        accountId: "111111111111",
        userArn: "arn:aws:iam::111111111111:user/shopper",
        caller: expect.stringMatching(/^AIDA/),
      },
    });
  });

  it.each([
    [
      "no signature",
      () => get("/signed").then(async (r) => ({ status: r.status, errorType: r.headers.get("x-amzn-errortype") })),
      "MissingAuthenticationTokenException",
    ],
    ["another secret", () => signed("/signed", "guess"), "InvalidSignatureException"],
    ["a path that its policy does not cover", () => signed("/signed/more"), "AccessDeniedException"],
  ])("refuses a request with %s", async (_name, send, errorType) => {
    const { status, errorType: got } = await send();
    expect([status, got]).toEqual([403, errorType]);
  });

  it.each([
    ["nothing", undefined, 401, '{"message":"Unauthorized"}'],
    ["a token the authorizer does not know", "unknown", 401, '{"message":"Unauthorized"}'],
    [
      "a token it denies",
      "deny",
      403,
      '{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}',
    ],
    ["a token it fails on", "broken", 500, '{"message":null}'],
  ])("answers %s as AWS does", async (_name, token, status, body) => {
    const response = await get("/a", token === undefined ? {} : { "X-Token": token });
    expect([response.status, await response.text()]).toEqual([status, body]);
  });

  it("runs the authorizer once for all routes that its policy is cached for", async () => {
    const first = (await (await get("/a", { "X-Token": "all" })).json()) as { authorizer: Record<string, unknown> };
    const second = (await (await get("/b", { "X-Token": "all" })).json()) as typeof first & { identity: object };
    const nobody = ["accessKey", "accountId", "caller", "principalOrgId", "user", "userArn"].map((name) => [
      name,
      null,
    ]);
    expect(second.identity).toMatchObject(Object.fromEntries(nobody));
    expect(first.authorizer).toEqual({
      principalId: "user-all",
      calls: expect.any(String),
      admin: "true",
      integrationLatency: expect.any(Number),
    });
    expect(second.authorizer["calls"]).toBe(first.authorizer["calls"]);
  });

  it("refuses the second route where the cached policy covers only the first", async () => {
    expect((await get("/a", { "X-Token": "one" })).status).toBe(200);
    const second = await get("/b", { "X-Token": "one" });
    expect([second.status, await second.text()]).toEqual([
      403,
      '{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}',
    ]);
  });

  it("remembers why a request was refused, without what the caller sent", async () => {
    const response = await get("/a?secret=s3cr3t", { "X-Token": "deny" });
    await sleep(400);
    const denied = findDeniedRequest(new StateFolder(directory), response.headers.get("x-amzn-requestid") ?? "");
    expect(denied).toMatchObject({ outcome: "deny", status: 403, errorType: "AccessDeniedException", route: "GET /a" });
    expect(denied?.trace.map(({ step }) => step)).toContain("authorizer-policy");
    expect(JSON.stringify(denied)).not.toContain("s3cr3t");
  });

  it("answers AWS SDK calls on the same port", async () => {
    const environment = {
      PATH: process.env["PATH"],
      AWS_ACCESS_KEY_ID: caller.accessKeyId,
      AWS_SECRET_ACCESS_KEY: caller.secretAccessKey,
      AWS_REGION: "eu-west-1",
    };
    const { stdout } = await run(
      "curl",
      [
        "-si",
        "--aws-sigv4",
        "aws:amz:eu-west-1:sts",
        "--user",
        `${caller.accessKeyId}:${caller.secretAccessKey}`,
        "-d",
        "Action=GetCallerIdentity&Version=2011-06-15",
        `${gateway.url}/`,
      ],
      { env: environment as NodeJS.ProcessEnv },
    );
    expect(stdout).toContain("<Arn>arn:aws:iam::111111111111:user/shopper</Arn>");
    expect(stdout.match(/^x-amzn-requestid: [0-9a-f-]{36}\r$/gim)).toHaveLength(1);
  });
});

describe("a gateway that is told to read its directory again", () => {
  it("serves what it says now, and goes on with what it said where it cannot", async () => {
    const directory = directoryOf(shop());
    const gateway = await start(directory);
    const status = async () => (await fetch(`${gateway.url}/live/open`)).status;
    expect(await status()).toBe(200);
    const method = {
      ...(shop()["resource"] as Record<string, Record<string, object>>)["aws_api_gateway_method"]?.["open"],
      authorization: "AWS_IAM",
    };
    writeConfiguration(directory, shop({ aws_api_gateway_method: { open: method } }));
    await gateway.reload();
    expect(await status()).toBe(403);
    writeFileSync(join(directory, "main.tf.json"), "{ not json");
    await expect(gateway.reload()).rejects.toThrow("main.tf.json");
    expect(await status()).toBe(403);
  });
});

describe("a directory with two APIs", () => {
  const id = "${aws_api_gateway_rest_api.stock.id}";
  const directory = directoryOf(
    shop({
      aws_api_gateway_rest_api: { stock: { name: "stock" } },
      aws_api_gateway_method: {
        stock: {
          rest_api_id: id,
          resource_id: "${aws_api_gateway_rest_api.stock.root_resource_id}",
          http_method: "GET",
          authorization: "NONE",
        },
      },
      aws_api_gateway_integration: {
        stock: {
          rest_api_id: id,
          resource_id: "${aws_api_gateway_rest_api.stock.root_resource_id}",
          http_method: "GET",
          type: "MOCK",
          request_templates: { "application/json": '{"statusCode": 200}' },
        },
      },
      aws_api_gateway_deployment: { stock: { rest_api_id: id } },
      aws_api_gateway_stage: {
        stock: { rest_api_id: id, deployment_id: "${aws_api_gateway_deployment.stock.id}", stage_name: "live" },
      },
    }),
  );
  const callersFile = join(directory, "..", "callers.json");
  const arn = "arn:aws:iam::111111111111:user/shopper";
  writeFileSync(callersFile, JSON.stringify({ callers: [{ ...caller, arn, policies: [allow("*")] }] }));

  it("admits a request signed for the API's host, and one signed for its path", async () => {
    const gateway = await start(directory, callersFile);
    const { port } = new URL(gateway.url);
    expect(gateway.apis.map(({ url }) => url)).toEqual([
      `http://shop.localhost:${port}/live`,
      `http://stock.localhost:${port}/live`,
    ]);
    const status = async (url: string, secret = caller.secretAccessKey) => {
      const user = `${caller.accessKeyId}:${secret}`;
      const sign = ["--aws-sigv4", "aws:amz:eu-west-1:execute-api", "--user", user];
      const { stdout } = await run("curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", ...sign, url]);
      return Number(stdout);
    };
    expect(await status(`http://shop.localhost:${port}/live/signed`)).toBe(200);
    expect(await status(`${gateway.url}/shop/live/signed`)).toBe(200);
    expect(await status(`${gateway.url}/shop/live/signed`, "guess")).toBe(403);
  });
});
