import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { copies, denied, explicitDeny, Project } from "./other-project";

/** What other teams write with Terraform's expressions, served as it is: nothing is synthesized or planned before. */

describe("the bakery: two APIs of for_each, their authorizer's function shared, policies merged from documents", () => {
  let shop: Project;
  let kitchen: Project;
  beforeAll(async () => {
    const bakery = await Project.serve("bakery");
    shop = bakery.of("bakery-test-shop");
    kitchen = bakery.of("bakery-test-kitchen");
  }, 60_000);

  it("shows its breads to anybody, but to whom the overriding document denies them", async () => {
    expect(await shop.call("GET", "/breads")).toMatchObject({ status: 200, body: { resource: "/breads" } });
    expect((await shop.call("GET", "/breads", { "x-portcullis-source-ip": "198.51.100.7" })).status).toBe(200);
    expect(await shop.call("GET", "/breads", { "x-portcullis-source-ip": "192.0.2.7" })).toMatchObject(
      denied(explicitDeny),
    );
  });

  it("asks its baker for a signature, with the permission of one dynamic statement for each verb", async () => {
    expect(await shop.call("GET", "/cakes")).toMatchObject({ body: { message: "Missing Authentication Token" } });
    expect((await shop.signed("GET", "/cakes", "eu-west-1", "baker")).status).toBe(200);
    expect((await shop.signed("DELETE", "/cakes", "eu-west-1", "baker")).status).toBe(200);
    expect(await shop.signed("PUT", "/cakes", "eu-west-1", "baker")).toMatchObject(
      denied(/no identity-based policy allows/),
    );
  });

  it("asks each API's own authorizer, whose function both share", async () => {
    for (const [api, path] of [
      [shop, "/breads"],
      [kitchen, "/orders"],
    ] as const) {
      expect((await api.call("POST", path)).status).toBe(401);
      expect((await api.call("POST", path, { "X-Badge": "bad" })).status).toBe(403);
      expect((await api.call("POST", path, { "X-Badge": "good" })).status).toBe(200);
    }
  });
});

describe("the harbour: an OpenAPI document in YAML, through templatefile, yamldecode and jsonencode", () => {
  let harbour: Project;
  beforeAll(async () => void (harbour = await Project.serve("harbour")), 60_000);

  it("validates a referenced parameter and answers with the headers of its gateway response", async () => {
    expect(await harbour.call("GET", "/ships")).toMatchObject({
      status: 400,
      headers: { "access-control-allow-origin": "*" },
      body: { message: "Missing required request parameters: [page]" },
    });
    expect((await harbour.call("GET", "/ships?page=1")).status).toBe(200);
  });

  it("validates a body by schemas that refer to others, behind a token with the scope", async () => {
    const token = { ...harbour.token("app", "--scope", "ships/write"), "content-type": "application/json" };
    const post = (body: object) => harbour.call("POST", "/ships", token, JSON.stringify(body));
    expect((await harbour.call("POST", "/ships", {}, "{}")).status).toBe(401);
    expect(await post({ name: "Ada", port: "west" })).toMatchObject({ body: { message: "Invalid request body" } });
    expect((await post({ name: "Ada", port: "north" })).status).toBe(200);
  });

  it("asks the scheme of each operation: badge, signature, or token and API key", async () => {
    expect((await harbour.call("GET", "/ships/1", { "X-Badge": "NOT LOWER" })).status).toBe(401);
    expect((await harbour.call("GET", "/ships/1", { "X-Badge": "good" })).status).toBe(200);
    expect(await harbour.call("DELETE", "/ships/1")).toMatchObject({
      body: { message: "Missing Authentication Token" },
    });
    const id = harbour.token("app", "--use", "id");
    expect(await harbour.call("PUT", "/ships/1", id)).toMatchObject({ status: 403, body: { message: "Forbidden" } });
  });

  it("says that security at the root of the document protects nothing, as on AWS", () =>
    harbour.served.says(/security at the root of an OpenAPI document is ignored/));
});

describe("the museum: a private API, and a public one behind WAF and a custom domain with mutual TLS", () => {
  let museum: Project;
  beforeAll(async () => void (museum = await Project.serve("museum")), 60_000);

  it("reads the policy of its cellar from a template with directives", async () => {
    const cellar = museum.of("cellar");
    expect(await cellar.call("GET", "/")).toMatchObject(denied(explicitDeny));
    expect(await cellar.call("GET", "/", { "x-portcullis-vpce": "vpce-0stranger" })).toMatchObject(
      denied(explicitDeny),
    );
    const own = /one of (vpce-\w+)/.exec(museum.served.log)?.[1] ?? "";
    expect((await cellar.call("GET", "/", { "x-portcullis-vpce": own })).status).toBe(200);
  });

  it("says whom its routes answer that WAF or mutual TLS would stop", async () => {
    await museum.served.says(/every route of museum, stage live answers what its web ACL would block/);
    await museum.served.says(
      /museum\.example \(museum, stage live\) is left out.*every route answers callers without a client certificate, whom AWS refuses, and museum has no other address on AWS/,
    );
  });

  it("does not answer under the default endpoint that is disabled, and does under its own name", async () => {
    const { port } = new URL(museum.served.url);
    const id = museum.served.apis.find(({ name }) => name === "museum")?.id ?? "";
    const status = (host: string, path: string) =>
      execFileSync("curl", [
        ...["-s", "-o", join(copies, "answer"), "-w", "%{http_code}"],
        ...["-H", `Host: ${host}`, `http://127.0.0.1:${port}${path}`],
      ]).toString();
    expect(status(`${id}.execute-api.eu-west-1.amazonaws.com`, "/live/")).toBe("403");
    expect(status("museum.localhost", "/live/")).toBe("200");
    expect(status("museum.example", `/${id}/live/`)).toBe("200");
    expect(status("stranger.example", `/${id}/live/`)).toBe("421");
  });
});

describe("the ferry: authorizer and routes in child modules, one of them with for_each", () => {
  let ferry: Project;
  beforeAll(async () => void (ferry = await Project.serve("ferry")), 60_000);

  it("opens the route that is open", async () => {
    expect((await ferry.call("GET", "/tides")).status).toBe(200);
  });

  it("asks the authorizer of the other, with the function in the module's own folder", async () => {
    expect((await ferry.call("GET", "/crossings")).status).toBe(401);
    expect((await ferry.call("GET", "/crossings", { "X-Badge": "bad" })).status).toBe(403);
    expect((await ferry.call("GET", "/crossings", { "X-Badge": "good" })).status).toBe(200);
  });

  it("names the module's file and address in what it tells", () =>
    ferry.served.says(/modules\/authorizer\/main\.tf\.json: module\.authorizer\.aws_api_gateway_authorizer\.this/));
});
