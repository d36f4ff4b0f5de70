import { discoveryEndpoint } from "../../proof/local/cognito/discovery";
import { hostedRequest, hostedUiUrl } from "../../proof/local/cognito/hosted-url";
import { model, pool, temporaryState } from "./issuer-fixture";
import { LocalIssuers } from "../../proof/local/issuer";

const first = pool();
const second = pool({ id: "eu-west-1_Second", domain: "auth.example.com" });
const silent = pool({ id: "eu-west-1_Silent" });
const { domain: _, ...withoutDomain } = silent;

function request(host: string, rawPath: string) {
  return { method: "GET", rawPath, rawQuery: "", headers: [], body: new Uint8Array(), host, sourceIp: "127.0.0.1" };
}

describe("which pool's hosted UI a request is for", () => {
  it.each<[string, string, string, string | undefined]>([
    ["the only pool with a domain, on the bare port", "127.0.0.1:9300", "/oauth2/token", first.id],
    ["the only pool, by its domain", "portal-dev.localhost:9300", "/login", first.id],
    ["the only pool, by its domain in capitals", "Portal-Dev.localhost:9300", "/login", first.id],
    ["none under an API's name", "orders-api.localhost:9300", "/login", undefined],
    ["none for a path of an API", "127.0.0.1:9300", "/dev/login", undefined],
    ["none for a path that only begins the same", "127.0.0.1:9300", "/oauth2/tokens", undefined],
  ])("is %s", (_what, host, path, id) => {
    const of = model({ userPools: [first, withoutDomain] });
    expect(hostedRequest(of, request(host, path))?.pool.id).toBe(id);
  });

  it.each<[string, string, string, string | undefined]>([
    ["none on the bare port, where there are several", "127.0.0.1:9300", "/login", undefined],
    ["the pool of that prefix domain", "portal-dev.localhost:9300", "/login", first.id],
    ["the pool of that custom domain", "auth.example.com.localhost:9300", "/login", second.id],
    [
      "the pool in the path, whatever the host",
      "127.0.0.1:9300",
      `/.portcullis/hosted-ui/${second.id}/oauth2/token`,
      second.id,
    ],
  ])("is %s", (_what, host, path, id) => {
    const of = model({ userPools: [first, second] });
    expect(hostedRequest(of, request(host, path))?.pool.id).toBe(id);
  });

  it("is found by the links that the discovery document gives", async () => {
    const of = model({ userPools: [first, second, withoutDomain] });
    const context = {
      model: of,
      issuers: new LocalIssuers(temporaryState().state),
      now: Date.now,
      deliver: () => undefined,
    };
    const endpoint = discoveryEndpoint({ ...context, state: temporaryState().state });
    for (const one of [first, second]) {
      const answer = await endpoint.handle(request("127.0.0.1:9300", `/${one.id}/.well-known/openid-configuration`));
      const { authorization_endpoint: url } = JSON.parse(String(answer?.body)) as { authorization_endpoint: string };
      const { host, pathname } = new URL(url);
      expect(hostedRequest(of, request(host, pathname))?.pool.id).toBe(one.id);
    }
    expect(hostedUiUrl(of, withoutDomain, request("127.0.0.1:9300", "/"))).toBeUndefined();
  });
});
