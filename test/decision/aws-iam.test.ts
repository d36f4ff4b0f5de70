import { createHash, createHmac } from "node:crypto";
import type { Caller, WireRequest } from "../../proof/decision/types";
import type { PolicyDocument } from "../../proof/model/types";
import {
  ACCOUNT,
  allowAll,
  allowing,
  answer,
  ARN,
  ask,
  caller,
  denyAll,
  NOW,
  PARTNER,
  policy,
  request,
  route,
  status,
} from "./support";

const world = (statements?: unknown) => ({
  routes: [
    route("GET", "/orders", { type: "AWS_IAM" as const }),
    route("GET", "/orders/{id}", { type: "AWS_IAM" as const }),
  ],
  ...(statements === undefined ? {} : { policy: policy(statements) }),
});
const SECRET = "a-secret-that-no-trace-shows";
const resource = (path = "orders") => `arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/dev/GET/${path}`;
const who = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/session`;
const refusal = (end: string) =>
  `403 User: ${who} is not authorized to perform: execute-api:Invoke on resource: ${resource()}${end}`;

/** SigV4 in its header form, written from the specification for plain ASCII paths without a query. */
function sign(rawPath: string, at = NOW, secret = SECRET, method = "GET"): WireRequest {
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const mac = (k: string | Buffer, text: string) => createHmac("sha256", k).update(text).digest();
  const time = new Date(at).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/us-east-1/execute-api/aws4_request`;
  const canonical = [
    method,
    rawPath.replace(/%/g, "%25"),
    "",
    "host:api.example.com",
    `x-amz-date:${time}`,
    "",
    "host;x-amz-date",
    hash(""),
  ].join("\n");
  const derived = scope.split("/").reduce<string | Buffer>((k, part) => mac(k, part), `AWS4${secret}`);
  const signature = mac(derived, ["AWS4-HMAC-SHA256", time, scope, hash(canonical)].join("\n")).toString("hex");
  return request(method, rawPath, {
    headers: [
      ["Host", "api.example.com"],
      ["X-Amz-Date", time],
      [
        "Authorization",
        `AWS4-HMAC-SHA256 Credential=AKIAREADER/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
      ],
    ],
  });
}

const reader = caller({ identityPolicies: [allowing("GET/orders", "GET/orders/*")] });
const findCredential = (accessKeyId: string) =>
  accessKeyId === "AKIAREADER" ? { accessKeyId, secretAccessKey: SECRET, caller: reader } : undefined;

describe("a signature comes before any policy", () => {
  it.each<[string, WireRequest, string, string]>([
    ["a signed call", sign("/dev/orders"), "allow", "D"],
    [
      "a signed call of an encoded path",
      sign("/dev/orders/a%20b"),
      "allow",
      "D non-S3 paths are encoded twice; peers' probe 12",
    ],
    ["an unsigned call", request("GET", "/dev/orders"), "403 Missing Authentication Token", "R FLOCI R7"],
    [
      "an unknown key",
      {
        ...sign("/dev/orders"),
        headers: sign("/dev/orders").headers.map(
          ([name, value]) => [name, value.replace("AKIAREADER", "AKIASTRANGER")] as const,
        ),
      },
      "403 The security token included in the request is invalid.",
      "O; peers' probe 11",
    ],
  ])("%s", async (_, wire, expected) => {
    expect(answer(await ask(world(), wire, {}, { findCredential }))).toBe(expected);
  });

  it.each<[string, WireRequest, RegExp]>([
    ["a wrong secret", sign("/dev/orders", NOW, "wrong"), /^403 The request signature we calculated does not match/],
    ["a signature of six minutes ago", sign("/dev/orders", NOW - 360_000), /^403 Signature expired: /],
    [
      "a signature of another path",
      { ...sign("/dev/orders"), rawPath: "/dev/orders/7" },
      /^403 The request signature we calculated does not match/,
    ],
    [
      "a bearer token",
      request("GET", "/dev/orders", { headers: [["Authorization", "Bearer abc"]] }),
      /^403 Invalid key=value pair \(missing equal-sign\)/,
    ],
  ])("%s is refused", async (_, wire, expected) => {
    expect(answer(await ask(world([allowAll]), wire, {}, { findCredential }))).toMatch(expected);
  });

  it("an unsigned call is not told that a policy would deny it (R FLOCI S3.3)", async () => {
    const decision = await ask(world([denyAll]), request("GET", "/dev/orders"));
    expect(answer(decision)).toBe("403 Missing Authentication Token");
    expect(decision.trace.map(({ step }) => step)).toEqual(["stage", "route", "signature"]);
  });

  it.each(["/dev/x/../orders/7", "/dev//orders/7", "/dev/./orders/7", "/dev/orders/7/"])(
    "the path that was signed is the one that is decided on: %s",
    async (rawPath) => {
      const normal = rawPath === "/dev/orders/7/" ? rawPath : "/dev/orders/7";
      const decision = await ask(world(), { ...sign(normal), rawPath }, {}, { findCredential });
      expect([answer(decision), decision.methodArn]).toEqual(["allow", `${ARN}/dev/GET/orders/7`]);
    },
  );
});

describe("a prefix of the path that names the API is signed, but is no part of what is decided on", () => {
  it.each<[string, string, string, string]>([
    ["a signature over prefix and path", "/a1b2c3d4e5/dev/orders", "/dev/orders", "allow"],
    ["a signature over the path alone", "/dev/orders", "/dev/orders", "403 The request signature we calculated"],
    ["dot segments that lead out of the prefix", "/dev/orders", "/../dev/orders", "403 Missing Authentication Token"],
  ])("%s", async (_, signedPath, rawPath, expected) => {
    const wire = { ...sign(signedPath), rawPath, signedPathPrefix: "/a1b2c3d4e5" };
    expect(answer(await ask(world(), wire, {}, { findCredential }))).toContain(expected);
  });
});

describe("who is refused is told by which kind of policy", () => {
  const denying = policy([{ Effect: "Deny", Action: "*", Resource: "*" }]);
  const other = allowing("GET/elsewhere");
  const open = policy([{ Effect: "Allow", Action: "*", Resource: "*" }]);
  it.each<[string, unknown[] | undefined, Partial<Caller>, string, string]>([
    [
      "nothing allows",
      undefined,
      {},
      " because no identity-based policy allows the execute-api:Invoke action",
      "O 4.3",
    ],
    [
      "another path is allowed",
      undefined,
      { identityPolicies: [other] },
      " because no identity-based policy allows the execute-api:Invoke action",
      "O 4.3",
    ],
    [
      "the identity denies",
      [allowAll],
      { identityPolicies: [denying] },
      " with an explicit deny in an identity-based policy",
      "O 4.3",
    ],
    [
      "the resource policy denies",
      [denyAll],
      { identityPolicies: [open] },
      " with an explicit deny in a resource-based policy",
      "R FLOCI R5",
    ],
    [
      "the boundary is silent",
      undefined,
      { identityPolicies: [open], permissionsBoundary: other },
      " because no permissions boundary allows the execute-api:Invoke action",
      "D IAM messages",
    ],
    [
      "the boundary denies",
      undefined,
      { identityPolicies: [open], permissionsBoundary: denying },
      " with an explicit deny in a permissions boundary",
      "D IAM messages",
    ],
    [
      "the session policy is silent",
      undefined,
      { identityPolicies: [open], sessionPolicies: [other] },
      " because no session policy allows the execute-api:Invoke action",
      "D IAM messages",
    ],
    [
      "the organization is silent",
      undefined,
      { identityPolicies: [open], serviceControlPolicies: [[open], [other]] },
      " because no service control policy allows the execute-api:Invoke action",
      "D IAM messages",
    ],
    [
      "the organization denies",
      [allowAll],
      { identityPolicies: [open], serviceControlPolicies: [[open, denying]] },
      " with an explicit deny in a service control policy",
      "D IAM messages",
    ],
  ])("%s", async (_, statements, more, expected) => {
    const decision = await ask(world(statements), request("GET", "/dev/orders"), { caller: caller(more) });
    expect(answer(decision)).toBe(refusal(expected));
    expect(decision.denial).toMatchObject({
      errorType: "AccessDeniedException",
      messageKey: "Message",
      responseType: "ACCESS_DENIED",
    });
  });

  it.each<[string, unknown[] | undefined, Partial<Caller>, string]>([
    ["silence", undefined, {}, ""],
    ["a Deny", [denyAll], {}, " with an explicit deny"],
  ])("in the words of an older generation: %s", async (_, statements, more, expected) => {
    const options = { wording: "legacy" as const };
    expect(
      answer(await ask(world(statements), request("GET", "/dev/orders"), { caller: caller(more) }, {}, options)),
    ).toBe(refusal(expected));
  });

  it("across accounts the silent side is named", async () => {
    const partner = caller({ account: PARTNER, identityPolicies: [allowing("GET/orders")] });
    const decision = await ask(world([{ ...allowAll, Principal: { AWS: ACCOUNT } }]), request("GET", "/dev/orders"), {
      caller: partner,
    });
    expect(decision.denial?.message).toMatch(
      /assumed-role\/reader\/session is not .* because no resource-based policy allows/,
    );
  });
});

describe("principals of a resource policy", () => {
  const grant = (Principal: unknown) => [{ ...allowAll, Principal }];
  const partnerRole = `arn:aws:iam::${PARTNER}:role/reader`;
  const partnerSession = `arn:aws:sts::${PARTNER}:assumed-role/reader/session`;
  const own = [allowing("GET/orders")];
  it.each<[string, unknown, string, PolicyDocument[], "allow" | 403, string]>([
    [
      "the role of the same account, without an Allow of its own",
      { AWS: `arn:aws:iam::${ACCOUNT}:role/reader` },
      ACCOUNT,
      [],
      "allow",
      "R FLOCI S3.1",
    ],
    ["everyone, for the same account, without an Allow of its own", "*", ACCOUNT, [], "allow", "D Table A, 2.4"],
    ["{AWS: *}, for the same account", { AWS: "*" }, ACCOUNT, [], "allow", "D equal to *"],
    [
      "the account's root, without an Allow of its own",
      { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      ACCOUNT,
      [],
      403,
      "D delegation",
    ],
    ["the account's root, with an Allow of its own", { AWS: ACCOUNT }, ACCOUNT, own, "allow", "D delegation"],
    ["another role of the account", { AWS: `arn:aws:iam::${ACCOUNT}:role/writer` }, ACCOUNT, [], 403, "D"],
    ["the partner's role, with its own Allow", { AWS: partnerRole }, PARTNER, own, "allow", "D Table B"],
    ["the partner's role, without", { AWS: partnerRole }, PARTNER, [], 403, "D Table B"],
    ["the partner's session, with its own Allow", { AWS: partnerSession }, PARTNER, own, "allow", "D"],
    [
      "another session of the partner's role",
      { AWS: `${partnerSession}2` },
      PARTNER,
      own,
      403,
      "O PUB:66137082058; pitfall 14",
    ],
    ["the partner's account, with its own Allow", { AWS: PARTNER }, PARTNER, own, "allow", "D"],
    ["everyone, for the partner without its own Allow", "*", PARTNER, [], 403, "D Table B"],
    ["a third account", { AWS: "777788889999" }, PARTNER, own, 403, "D"],
  ])("%s: %s", async (_, principal, account, identityPolicies, expected) => {
    const decision = await ask(world(grant(principal)), request("GET", "/dev/orders"), {
      caller: caller({ account, identityPolicies }),
    });
    expect(status(decision)).toBe(expected);
  });
});

describe("a path or verb that does not exist is a method protected by AWS_IAM", () => {
  const all = [allowing("*")];
  it.each<[string, Caller | null, unknown[] | undefined, string, string]>([
    ["nobody signed", null, undefined, "403 Missing Authentication Token", "R LS test_routing_not_found"],
    ["nobody signed and everyone is allowed", null, [allowAll], "403 Missing Authentication Token", "R"],
    [
      "an authorized caller",
      caller({ identityPolicies: all }),
      undefined,
      "404 Resource not found",
      "D RESOURCE_NOT_FOUND",
    ],
    [
      "a caller whom the resource policy allows",
      caller(),
      [allowAll],
      "404 Resource not found",
      "D RESOURCE_NOT_FOUND",
    ],
  ])("%s", async (_, who, statements, expected) => {
    expect(answer(await ask(world(statements), request("GET", "/dev/nope"), { caller: who }))).toBe(expected);
  });

  it("a caller who is not authorized learns nothing of it (O)", async () => {
    expect(answer(await ask(world(), request("GET", "/dev/nope"), { caller: caller() }))).toMatch(
      /^403 User: arn:aws:sts/,
    );
  });

  it("on a private API nobody from outside is told: the request never reaches it (D private APIs)", async () => {
    const privately = { ...world([allowAll]), endpointType: "PRIVATE" as const };
    const inside = { sourceIp: "10.0.0.1", vpc: { endpoint: "vpce-a" } };
    const ends = await Promise.all(
      [{}, { network: inside }].map((more) =>
        ask(privately, request("GET", "/dev/nope", more), { caller: caller({ identityPolicies: all }) }),
      ),
    );
    expect(ends.map(answer)).toEqual(["403 Forbidden", "404 Resource not found"]);
  });

  it("a bearer token is taken for a signature (pitfall 4)", async () => {
    const wire = request("GET", "/dev/nope", { headers: [["Authorization", "Bearer e.y.J"]] });
    expect(answer(await ask(world(), wire))).toMatch(/^403 Invalid key=value pair \(missing equal-sign\)/);
  });
});

it("says whose signature it is", async () => {
  const { trace } = await ask(world(), sign("/dev/orders"), {}, { findCredential });
  expect(trace[2]).toEqual({
    step: "signature",
    result: "allow",
    because: `The signature is that of AKIAREADER, which belongs to ${who} of account ${ACCOUNT}.`,
  });
});

it("hands the caller to the integration, and no authorizer", async () => {
  const decision = await ask(world(), sign("/dev/orders"), {}, { findCredential });
  expect(decision.authorization).toEqual({ caller: reader });
});
