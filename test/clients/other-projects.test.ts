import { cpSync } from "node:fs";
import { join } from "node:path";
import { copies, denied, explicitDeny, fixtures, Project } from "./other-project";

describe("the library: plain Terraform JSON, for_each over a map of routes, policy documents as data sources", () => {
  let library: Project;
  beforeAll(async () => void (library = await Project.serve("library")), 60_000);

  it("answers its public route through the alias of its function, with the stage's variables", async () => {
    expect(await library.call("GET", "/books/9780?page=2")).toMatchObject({
      status: 200,
      body: {
        resource: "/books/{isbn}",
        pathParameters: { isbn: "9780" },
        stageVariables: { branch: "central" },
        queryStringParameters: { page: "2" },
      },
    });
  });

  it("answers 500 where API Gateway may not invoke the function: its permission covers one path only", async () => {
    expect(await library.call("GET", "/books")).toMatchObject({
      status: 500,
      body: { message: "Internal server error" },
    });
  });

  it("answers a preflight by itself", async () => {
    const { status, headers } = await library.call("OPTIONS", "/books");
    expect([status, headers["access-control-allow-origin"]]).toEqual([204, "https://library.example"]);
  });

  it("asks for a signature, with its gateway response's header on the refusal", async () => {
    const answer = await library.call("PUT", "/books/9780");
    expect(answer).toMatchObject({
      status: 403,
      headers: { "access-control-allow-origin": "https://library.example" },
      body: { message: "Missing Authentication Token" },
    });
  });

  it("asks members for an access token with the scope, and members only", async () => {
    const { status } = await library.call("POST", "/loans");
    expect(status).toBe(401);
    const wrong = library.token("app", "--scope", "openid");
    expect((await library.call("POST", "/loans", wrong)).status).toBe(401);
    // Admitted, and then stopped by the permission that is missing.
    const right = library.token("app", "--scope", "loans/write");
    expect((await library.call("POST", "/loans", right)).status).toBe(500);
  });

  it("asks the librarians' authorizer, which it calls with the role of the configuration", async () => {
    expect((await library.call("DELETE", "/loans/1")).status).toBe(401);
    expect(await library.call("DELETE", "/loans/1", { "X-Badge": "bad" })).toMatchObject({ status: 403 });
    expect((await library.call("DELETE", "/loans/1", { "X-Badge": "good" })).status).toBe(500);
  });
});

describe("the clinic: CDKTF stacks of another team, a pool by remote state, an API key with its plan", () => {
  let clinic: Project;
  beforeAll(async () => void (clinic = await Project.serve("clinic")), 60_000);

  it("knows patients by ID token, whatever the verb", async () => {
    expect((await clinic.call("PATCH", "/wards")).status).toBe(401);
    expect(await clinic.call("PATCH", "/wards", clinic.token("web", "--use", "id"))).toMatchObject({
      status: 200,
      body: { httpMethod: "PATCH", requestContext: { authorizer: { claims: { token_use: "id" } } } },
    });
  });

  it("asks for the partner's API key at its root", async () => {
    expect(await clinic.call("GET", "/")).toMatchObject({ status: 403, body: { message: "Forbidden" } });
    expect(await clinic.call("GET", "/", { "x-api-key": "another" })).toMatchObject({ status: 403 });
  });

  it("asks for a signature on a ward, and refuses one whose caller has no ward's tag", async () => {
    expect(await clinic.call("GET", "/wards/7/beds")).toMatchObject({
      status: 403,
      body: { message: "Missing Authentication Token" },
    });
    expect(await clinic.signed("GET", "/wards/7/beds", "eu-west-1", "clinic-wards")).toMatchObject(
      denied(explicitDeny),
    );
  });
});

describe("the theatre: an OpenAPI body with API Gateway's extensions", () => {
  let theatre: Project;
  beforeAll(async () => void (theatre = await Project.serve("theatre")), 60_000);

  it("validates what its public route is called with", async () => {
    expect(await theatre.call("GET", "/shows")).toMatchObject({
      status: 400,
      body: { message: "Missing required request parameters: [page]" },
    });
    expect((await theatre.call("GET", "/shows?page=1")).status).toBe(200);
  });

  it("refuses a request without a token in its own words", async () => {
    expect(await theatre.call("POST", "/tickets", {}, "{}")).toMatchObject({
      status: 401,
      headers: { "www-authenticate": "Bearer" },
      body: { error: "Unauthorized" },
    });
  });

  it("asks for a badge of six digits before its function is asked whether it is good", async () => {
    expect((await theatre.call("GET", "/tickets/1", { "X-Badge": "12" })).status).toBe(401);
    expect((await theatre.call("GET", "/tickets/1", { "X-Badge": "654321" })).status).toBe(403);
    expect(await theatre.call("GET", "/tickets/1", { "X-Badge": "123456" })).toMatchObject({
      status: 200,
      body: { requestContext: { authorizer: { principalId: "holder" } } },
    });
  });

  it("asks signed parameters of the verbs that it does not name, and a signature of DELETE", async () => {
    expect((await theatre.call("PUT", "/tickets/1")).status).toBe(401);
    expect((await theatre.call("PUT", "/tickets/1?signature=good")).status).toBe(200);
    expect(await theatre.call("DELETE", "/tickets/1")).toMatchObject({
      status: 403,
      body: { message: "Missing Authentication Token" },
    });
  });

  it("answers the preflight of its mock", async () => {
    const { status, headers } = await theatre.call("OPTIONS", "/shows?page=1");
    expect([status, headers["access-control-allow-origin"]]).toEqual([200, "*"]);
  });
});

describe("the parcels: what terraform show -json printed of a state", () => {
  let parcels: Project;
  beforeAll(async () => void (parcels = await Project.serve("parcels/state.json")), 60_000);

  it("tracks a parcel for anybody", async () => {
    expect(await parcels.call("GET", "/parcels/17")).toMatchObject({
      status: 200,
      body: { pathParameters: { number: "17" } },
    });
  });

  it("asks the courier's authorizer", async () => {
    expect((await parcels.call("DELETE", "/parcels/17")).status).toBe(401);
    expect((await parcels.call("DELETE", "/parcels/17", { Authorization: "bad" })).status).toBe(403);
    expect((await parcels.call("DELETE", "/parcels/17", { Authorization: "good" })).status).toBe(200);
  });

  it("takes parcels from the office's addresses only, and from senders who sign", async () => {
    const office = { "x-portcullis-source-ip": "203.0.113.9" };
    expect(await parcels.call("POST", "/parcels/17", office)).toMatchObject({
      status: 403,
      body: { message: "Missing Authentication Token" },
    });
    expect(await parcels.signed("POST", "/parcels/17", "eu-north-1", "sender")).toMatchObject(denied(explicitDeny));
    expect((await parcels.signed("POST", "/parcels/17", "eu-north-1", "sender", office)).status).toBe(200);
  });
});

describe("the parcels: what terraform show -json printed of a first plan, where little is known yet", () => {
  let parcels: Project;
  const account = ["--account", "123456789012"];
  beforeAll(async () => void (parcels = await Project.serve("parcels/first-plan.json", ...account)), 60_000);

  it("says by its address what is not known, and what that means", async () => {
    await parcels.served.says(/source_arn/);
    expect(parcels.served.log).toMatch(/aws_iam_role_policy\.sender\.policy is known only after apply/);
    expect(parcels.served.log).toMatch(
      /module\.parcels\.aws_lambda_permission\.this\[0\]\.source_arn is known only after apply: it is taken to cover all of aws_api_gateway_rest_api\.parcels/,
    );
  });

  it("runs the functions from the zips that the plan names", async () => {
    expect(await parcels.call("GET", "/parcels/17")).toMatchObject({
      status: 200,
      body: { pathParameters: { number: "17" } },
    });
  });

  it("asks the courier's authorizer, which is one of them", async () => {
    expect((await parcels.call("DELETE", "/parcels/17")).status).toBe(401);
    expect((await parcels.call("DELETE", "/parcels/17", { Authorization: "bad" })).status).toBe(403);
    expect((await parcels.call("DELETE", "/parcels/17", { Authorization: "good" })).status).toBe(200);
  });

  it("opens nothing on a caller's policy that is not known", async () => {
    expect(await parcels.call("POST", "/parcels/17")).toMatchObject({
      body: { message: "Missing Authentication Token" },
    });
    const office = { "x-portcullis-source-ip": "203.0.113.9" };
    const sender = await parcels.signed("POST", "/parcels/17", "eu-north-1", "sender", office, ...account);
    expect(sender.status).toBe(500);
  });

  it("without the zips says so at the start by address, and refuses what needs them with the reason", async () => {
    cpSync(join(fixtures, "parcels", "first-plan.json"), join(copies, "plan-alone", "first-plan.json"));
    const alone = await Project.serve("plan-alone/first-plan.json", ...account);
    await alone.served.says(/module\.parcels\.aws_lambda_function\.this\S* cannot be run: \S*echo\.zip does not exist/);
    expect((await alone.call("GET", "/parcels/17")).status).toBe(500);
    await alone.served.says(/500 GET \S+\/parcels\/17 .*echo\.zip/);
    expect((await alone.call("DELETE", "/parcels/17")).status).toBe(401);
    expect((await alone.call("POST", "/parcels/17")).status).toBe(403);
  });
});
