import { generateKeyPairSync, sign } from "node:crypto";
import type { Ports } from "../../proof/decision/ports";
import type { CognitoAuthorizer } from "../../proof/model/types";
import { prepareEngine } from "../../proof/decision/engine";
import {
  ACCOUNT,
  allowAll,
  answer,
  api,
  ask,
  cognitoAuthorizer,
  denyAll,
  model,
  NOW,
  policy,
  request,
  route,
} from "./support";

const POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool00001";
const OTHER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other0001";
const SECOND = NOW / 1000;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n = "", e = "" } = publicKey.export({ format: "jwk" });
const key = { kty: "RSA", kid: "k1", n, e, alg: "RS256", use: "sig" };

function token(claims: Record<string, unknown>, kid = "k1"): string {
  const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const input = `${text({ alg: "RS256", kid })}.${text(claims)}`;
  return `${input}.${sign("RSA-SHA256", Buffer.from(input), privateKey).toString("base64url")}`;
}

const common = { iss: POOL, sub: "s", iat: SECOND - 60, auth_time: SECOND - 60, exp: SECOND + 3540 };
const id = { ...common, token_use: "id", aud: "client1", email_verified: true, "cognito:groups": ["a", "b"] };
const access = { ...common, token_use: "access", client_id: "client1", scope: "orders/read openid" };

interface Case {
  readonly scopes?: string[];
  readonly authorizer?: Partial<CognitoAuthorizer>;
  readonly headers: [string, string][];
  readonly given?: Partial<Ports>;
  readonly policy?: unknown[];
}

function decided({ scopes = [], authorizer = {}, headers, given = {}, policy: statements }: Case) {
  const auth = { type: "COGNITO_USER_POOLS" as const, authorizer: cognitoAuthorizer(authorizer), scopes };
  const world = {
    routes: [route("GET", "/orders", auth)],
    stages: [{ name: "dev", variables: { pool: "us-east-1_Pool00001" }, source: { file: "f", address: "s" } }],
    ...(statements === undefined ? {} : { policy: policy(statements) }),
  };
  const jwks = (issuer: string) => (issuer === POOL ? { keys: [key] } : undefined);
  return ask(world, request("GET", "/dev/orders", { headers }), {}, { jwks, ...given });
}

const bearer = (value: string): [string, string][] => [["Authorization", value]];
const UNAUTHORIZED = "401 Unauthorized";
const EXPIRED = "401 The incoming token has expired";

describe("a Cognito authorizer", () => {
  it.each<[string, Case, string, string]>([
    ["takes an ID token on a method without scopes", { headers: bearer(token(id)) }, "allow", "D 5.2"],
    ["takes it behind the word Bearer", { headers: bearer(`Bearer ${token(id)}`) }, "allow", "O 5.3"],
    ["refuses a missing header", { headers: [] }, UNAUTHORIZED, "R SAM test_api_with_authorizers"],
    ["refuses an empty header", { headers: bearer("") }, UNAUTHORIZED, "inferred"],
    [
      "refuses what is no JWT",
      { headers: bearer("Bearer nonsense") },
      UNAUTHORIZED,
      "O amazon-cognito-identity-js#602",
    ],
    [
      "refuses a SigV4 header",
      { headers: bearer("AWS4-HMAC-SHA256 Credential=AKIA/20261122/us-east-1/execute-api/aws4_request") },
      UNAUTHORIZED,
      "O #602",
    ],
    [
      "says that a token has expired",
      { headers: bearer(token({ ...id, exp: SECOND - 1 })) },
      EXPIRED,
      "O PUB:40663505421",
    ],
    ["refuses at the second of expiry", { headers: bearer(token({ ...id, exp: SECOND })) }, EXPIRED, "RFC 7519"],
    [
      "refuses a token without expiry",
      { headers: bearer(token({ ...id, exp: undefined })) },
      UNAUTHORIZED,
      "closed by default",
    ],
    [
      "refuses an access token on a method without scopes",
      { headers: bearer(token(access)) },
      UNAUTHORIZED,
      "O amazon-cognito-identity-js#274",
    ],
    [
      "takes an access token with one of the scopes",
      { scopes: ["orders/write", "orders/read"], headers: bearer(token(access)) },
      "allow",
      "D any of",
    ],
    [
      "refuses one with none of the scopes",
      { scopes: ["orders/write"], headers: bearer(token(access)) },
      UNAUTHORIZED,
      "D 401, not 403",
    ],
    ["refuses one with a longer scope", { scopes: ["orders/rea"], headers: bearer(token(access)) }, UNAUTHORIZED, "D"],
    [
      "refuses an ID token on a method with scopes",
      { scopes: ["orders/read"], headers: bearer(token({ ...id, scope: "orders/read" })) },
      UNAUTHORIZED,
      "D",
    ],
    ["refuses a token of another pool", { headers: bearer(token({ ...id, iss: OTHER })) }, UNAUTHORIZED, "O #602"],
    ["refuses a key that is not the pool's", { headers: bearer(token(id, "k2")) }, UNAUTHORIZED, "inferred"],
    [
      "refuses a changed claim",
      {
        headers: bearer(
          token(id).replace(/\.[^.]*\./, `.${Buffer.from(JSON.stringify({ ...id, sub: "t" })).toString("base64url")}.`),
        ),
      },
      UNAUTHORIZED,
      "O #602",
    ],
    [
      "answers 500 where the pool's keys cannot be had",
      { headers: bearer(token(id)), given: { jwks: () => undefined } },
      "500 null",
      "D",
    ],
    [
      "reads another header",
      { authorizer: { identitySource: "method.request.header.X-Token" }, headers: [["x-token", token(id)]] },
      "allow",
      "D",
    ],
    [
      "refuses two different headers",
      {
        headers: [
          ["Authorization", token(id)],
          ["Authorization", "x"],
        ],
      },
      UNAUTHORIZED,
      "UNCONFIRMED, the safe side",
    ],
    [
      "takes a client that the expression names",
      { authorizer: { identityValidationExpression: "^client[0-9]$" }, headers: bearer(token(id)) },
      "allow",
      "D API",
    ],
    [
      "refuses a client that it does not name",
      { authorizer: { identityValidationExpression: "^client2$" }, headers: bearer(token(id)) },
      UNAUTHORIZED,
      "D API",
    ],
    [
      "refuses a client that it names in part",
      { authorizer: { identityValidationExpression: "client" }, headers: bearer(token(id)) },
      UNAUTHORIZED,
      "UNCONFIRMED, the safe side",
    ],
    [
      "refuses access tokens where there is an expression",
      { scopes: ["orders/read"], authorizer: { identityValidationExpression: ".*" }, headers: bearer(token(access)) },
      UNAUTHORIZED,
      "D no aud",
    ],
    ["takes any client without an expression", { headers: bearer(token({ ...id, aud: "stranger" })) }, "allow", "D"],
    [
      "finds the pool of a stage variable",
      {
        authorizer: { providerArns: [`arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/\${stageVariables.pool}`] },
        headers: bearer(token(id)),
      },
      "allow",
      "D 5.1",
    ],
    [
      "finds none behind a stage variable that is not set",
      {
        authorizer: { providerArns: [`arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/\${stageVariables.none}`] },
        headers: bearer(token(id)),
      },
      UNAUTHORIZED,
      "closed by default",
    ],
    [
      "takes a pool of another account and region",
      {
        authorizer: { providerArns: ["arn:aws:cognito-idp:eu-west-1:444455556666:userpool/eu-west-1_Other0001"] },
        headers: bearer(token({ ...id, iss: OTHER })),
        given: { jwks: () => ({ keys: [key] }) },
      },
      "allow",
      "D 5.1",
    ],
  ])("%s", async (_, example, expected) => {
    expect(answer(await decided(example))).toBe(expected);
  });

  it.each<[string, unknown[], string]>([
    [
      "that denies",
      [allowAll, denyAll],
      "403 User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/dev/GET/orders with an explicit deny in a resource-based policy",
    ],
    [
      "that is silent, as with a caller of another account",
      [{ ...denyAll, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }],
      "403 User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/dev/GET/orders because no resource-based policy allows the execute-api:Invoke action",
    ],
    [
      "that admits an account only",
      [{ ...allowAll, Principal: { AWS: ACCOUNT } }],
      "403 User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********3333:a1b2c3d4e5/dev/GET/orders because no resource-based policy allows the execute-api:Invoke action",
    ],
    ["that allows", [allowAll], "allow"],
  ])("asks a resource policy %s after the token", async (_, statements, expected) => {
    expect(answer(await decided({ headers: bearer(token(id)), policy: statements }))).toBe(expected);
  });

  it.each<[string, string[], Record<string, unknown>, string]>([
    ["an ID token", [], id, "an ID token"],
    [
      "an access token",
      ["orders/write", "orders/read"],
      access,
      "an access token with one of orders/write, orders/read",
    ],
  ])("says what was asked for where %s is taken", async (_, scopes, claims, asked) => {
    const { trace } = await decided({ scopes, headers: bearer(token(claims)) });
    expect(trace.find(({ step }) => step === "token")).toMatchObject({
      result: "allow",
      because: `The token is accepted: the method asks for ${asked}, and this one is of a listed user pool and not expired.`,
    });
  });

  it.each<[string, [string, string][], string, RegExp]>([
    ["missing", [], "identity-source missing", /is not in the request/],
    [
      "twice",
      [
        ["Authorization", "a"],
        ["Authorization", "b"],
      ],
      "identity-source deny",
      /2 times with different values/,
    ],
    ["of a pool whose keys cannot be had", bearer(token(id)), "token deny", /keys of .* cannot be had/],
  ])("says why where the token is %s", async (_, headers, step, because) => {
    const last = (await decided({ headers, given: { jwks: () => undefined } })).trace.at(-1);
    expect(`${last?.step} ${last?.result}`).toBe(step);
    expect(last?.because).toMatch(because);
  });

  it("takes the issuer that the configuration says of a pool", async () => {
    const issuer = "https://login.example.com/pool";
    const [arn = ""] = cognitoAuthorizer().providerArns;
    const pool = {
      address: "p",
      id: "us-east-1_Pool00001",
      arn,
      name: "pool",
      accountId: ACCOUNT,
      region: "us-east-1",
      issuer,
      clients: [],
      scopes: [],
      groups: [],
      settings: {},
      source: { file: "f", address: "p" },
    };
    const auth = { type: "COGNITO_USER_POOLS" as const, authorizer: cognitoAuthorizer(), scopes: [] };
    const other = { ...pool, arn: `${arn}x`, issuer: POOL };
    const world = { routes: [route("GET", "/orders", auth)], models: { userPools: [other, pool] } };
    const send = (iss: string) =>
      ask(
        world,
        request("GET", "/dev/orders", { headers: bearer(token({ ...id, iss })) }),
        {},
        { jwks: () => ({ keys: [key] }) },
      );
    expect([answer(await send(issuer)), answer(await send(POOL))]).toEqual(["allow", UNAUTHORIZED]);
  });

  it("hands the claims on as strings", async () => {
    const decision = await decided({ headers: bearer(token(id)) });
    expect(decision.authorization.authorizer).toEqual({
      claims: expect.objectContaining({
        email_verified: "true",
        "cognito:groups": "a,b",
        auth_time: String(SECOND - 60),
        exp: "Sun Nov 22 12:59:00 UTC 2026",
      }),
    });
  });

  it.each<[string, string[], Record<string, unknown>, string]>([
    ["an ID token on a method without scopes", [], { token_use: "id" }, "allow"],
    ["an access token on a method without scopes", [], { token_use: "access" }, UNAUTHORIZED],
    ["claims without a use", [], {}, UNAUTHORIZED],
    ["an access token with a scope", ["a/b"], { token_use: "access", scope: "x a/b" }, "allow"],
    ["an access token without", ["a/b"], { token_use: "access" }, UNAUTHORIZED],
    ["an access token with one of two scopes", ["c/d", "a/b"], { token_use: "access", scope: "a/b" }, "allow"],
    ["an access token whose scopes are a list", ["a/b"], { token_use: "access", scope: ["a/b"] }, UNAUTHORIZED],
    ["a token of the authorizer's pool", [], { token_use: "id", iss: POOL }, "allow"],
    ["a token of another pool", [], { token_use: "id", iss: `${POOL}2` }, UNAUTHORIZED],
    ["a token of no pool", [], { token_use: "id", iss: null }, UNAUTHORIZED],
  ])("takes assumed claims as genuine, but not as fit: %s", async (_, scopes, claims, expected) => {
    const auth = { type: "COGNITO_USER_POOLS" as const, authorizer: cognitoAuthorizer(), scopes };
    const world = { routes: [route("GET", "/orders", auth)] };
    expect(answer(await ask(world, request("GET", "/dev/orders"), { claims }))).toBe(expected);
  });

  it("says which pools the method takes where assumed claims are of another", async () => {
    const auth = { type: "COGNITO_USER_POOLS" as const, authorizer: cognitoAuthorizer(), scopes: [] };
    const world = { routes: [route("GET", "/orders", auth)] };
    const { trace } = await ask(world, request("GET", "/dev/orders"), {
      claims: { token_use: "id", iss: "https://x" },
    });
    expect(trace.at(-1)?.because).toBe(`The token's iss is "https://x"; the method takes ${POOL}.`);
  });

  it.each<[string, Partial<CognitoAuthorizer>, string]>([
    ["a pool that is no ARN", { providerArns: ["us-east-1_Pool00001"] }, "us-east-1_Pool00001"],
    [
      "a token in the query",
      { identitySource: "method.request.querystring.token" },
      "exactly one method.request.header",
    ],
    ["an expression of Java's own", { identityValidationExpression: "a*+" }, "possessive"],
  ])("is refused at load with %s", (_, more, named) => {
    const auth = { type: "COGNITO_USER_POOLS" as const, authorizer: cognitoAuthorizer(more), scopes: [] };
    expect(() => prepareEngine(model([api({ routes: [route("GET", "/orders", auth)] })]))).toThrow(named);
  });
});
