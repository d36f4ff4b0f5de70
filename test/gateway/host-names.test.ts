import type { TestGateway } from "./gateway";
import { serve } from "./gateway";
import { raw } from "./raw";
import { api, model, route } from "./models";
import { pool } from "../local/issuer-fixture";

describe("the names that a gateway answers to, where it serves one API", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const integration = {
      type: "MOCK" as const,
      requestTemplates: { "application/json": '{"statusCode": 200}' },
      responses: [{ statusCode: "200", responseParameters: {}, responseTemplates: {} }],
      source: { file: "f", address: "a" },
    };
    gateway = await serve({
      ...model([api([route("GET", "/x", { integration })])], []),
      domainNames: ["api.shop.example"],
      userPools: [pool({ domain: "login.shop.example" }), pool({ id: "eu-west-1_Other", domain: "prefix" })],
    });
  });
  afterAll(() => gateway.close());
  const get = (host: string) =>
    raw(gateway.origin, `GET /dev/x HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  it.each([
    "127.0.0.1",
    "127.0.0.1:9300",
    "127.1.2.3",
    "[::1]:9300",
    "192.0.2.7:9300",
    "localhost",
    "LOCALHOST:9300",
    "localhost.",
    "shop.localhost:9300",
    "abcdefghij.execute-api.eu-west-1.amazonaws.com",
    "abcdefghij.execute-api.cn-north-1.amazonaws.com.cn",
    "sts.eu-west-1.amazonaws.com",
    "prefix.auth.eu-west-1.amazoncognito.com",
    "api.shop.example",
    "API.Shop.Example:9300",
    "login.shop.example",
  ])("answers to %s", async (host) => expect(await get(host)).toMatch(/^HTTP\/1\.1 200 /));

  it.each([
    "evil.example",
    "evil.example:9300",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "127.0.0.1.nip.io",
    "notlocalhost",
    "evil-localhost",
    "amazonaws.com.evil.example",
    "evilamazonaws.com",
    "other.shop.example",
    "api.shop.example.evil.example",
    "prefix",
    "[::1].evil.example",
    "localhost:9300:evil.example",
    "evil.example#.localhost",
    "evil.example/.localhost",
  ])("does not answer to %s, which a stranger may have resolve to this machine", async (host) => {
    const answer = await get(host);
    expect(answer).toMatch(/^HTTP\/1\.1 4(21|00) /);
    expect(answer).not.toContain("x-amz-apigw-id");
  });

  it("says by which names it can be called", async () => {
    expect(await get("evil.example")).toContain("The host 'evil.example' is not one of this gateway's. Call it by");
  });

  it("answers HTTP/1.0 without a host, which no browser sends", async () => {
    expect(await raw(gateway.origin, "GET /dev/x HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("keeps its local AWS endpoints from a stranger's name as well", async () => {
    const head = "POST / HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close";
    const answer = await raw(
      gateway.origin,
      `${head}\r\nX-Amz-Target: AWSCognitoIdentityProviderService.SignUp\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  });
});
