import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { audienceOnScopedRoute } from "../../../proof/analysis/checks/rules/audience-on-scoped-route";
import { cachedPolicyTooNarrow } from "../../../proof/analysis/checks/rules/cached-policy-too-narrow";
import { functionPermission } from "../../../proof/analysis/checks/rules/function-permission";
import { identitySourceNotIdentifying } from "../../../proof/analysis/checks/rules/identity-source-not-identifying";
import { preflightBehindAuthorizer } from "../../../proof/analysis/checks/rules/preflight-behind-authorizer";
import { unusedAuthorizer } from "../../../proof/analysis/checks/rules/unused-authorizer";
import type {
  Api,
  LambdaAuthorizer,
  LambdaFunction,
  LambdaPermission,
  Model,
  Route,
  RouteAuth,
} from "../../../proof/model/types";
import { partner } from "../changes/configuration";
import { ACCOUNT, API_ID, ARN, cognitoAuthorizer, findings, route, source, tokenAuthorizer } from "./support";

const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:authorizer`;

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "portcullis-test-"))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function code(name: string, text: string): string {
  const file = join(folder, `${name.replace(/\W/g, "-")}.zip`);
  writeFileSync(file, zipSync({ "index.js": new TextEncoder().encode(text) }));
  return file;
}

function fn(more: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    address: "aws_lambda_function.authorizer",
    name: "authorizer",
    arn: FUNCTION,
    accountId: ACCOUNT,
    region: "us-east-1",
    qualifiers: [],
    runtime: "nodejs22.x",
    handler: "index.handler",
    environment: {},
    timeoutSeconds: 3,
    memoryMb: 128,
    permissions: [permission()],
    source: source("aws_lambda_function.authorizer"),
    ...more,
  };
}

function permission(sourceArn?: string): LambdaPermission {
  return {
    principal: "apigateway.amazonaws.com",
    action: "lambda:InvokeFunction",
    ...(sourceArn === undefined ? {} : { sourceArn }),
    source: source("aws_lambda_permission.authorizer"),
  };
}

const trustOf = (Service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
});
const invokes = {
  document: {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION }],
  },
  source: source("aws_iam_role_policy.invoke"),
};

const custom = (authorizer: LambdaAuthorizer): RouteAuth => ({ type: "CUSTOM", authorizer });

/** An API whose routes `GET /a` and `GET /b` have the authorizer. */
function guarded(more: Partial<LambdaAuthorizer>, routes: readonly string[] = ["/a", "/b"]): Partial<Api> {
  const authorizer = tokenAuthorizer(more);
  return { authorizers: [authorizer], routes: routes.map((path) => route("GET", path, custom(authorizer))) };
}

describe("identity sources that do not identify the caller", () => {
  it.each([
    ["the caller's address", ["context.identity.sourceIp"]],
    ["a header that every browser sends", ["method.request.header.User-Agent"]],
    ["the path and the verb", ["context.path", "context.httpMethod"]],
  ])("are found in %s, with anybody as the witness", (_, identitySources) => {
    const found = findings(
      identitySourceNotIdentifying,
      guarded({ type: "REQUEST", identitySources, resultTtlSeconds: 300 }),
    );
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity: "error",
      where: { address: "aws_api_gateway_authorizer.token.identity_source" },
      witness: { path: "/a", caller: null },
    });
  });

  it.each([
    ["without a cache", { type: "REQUEST", identitySources: ["context.identity.sourceIp"], resultTtlSeconds: 0 }],
    [
      "beside a header that identifies",
      {
        type: "REQUEST",
        identitySources: ["context.identity.sourceIp", "method.request.header.X-Api-Token"],
        resultTtlSeconds: 300,
      },
    ],
    ["in a token authorizer", { resultTtlSeconds: 300 }],
  ] as const)("are not found %s", (_, more) => {
    expect(findings(identitySourceNotIdentifying, guarded(more))).toEqual([]);
  });
});

describe("a cached policy that is narrower than its reuse", () => {
  const DIRECT =
    "exports.handler = async (event) => ({ policyDocument: { Statement: [{ Resource: event.methodArn }] } });";
  const BLUEPRINT =
    "exports.handler = (event, context, callback) => callback(null, generatePolicy('user', 'Allow', event.methodArn));";
  const PYTHON = "statement = {'Effect': 'Allow', 'Resource': event['methodArn']}\n";
  const WIDE =
    "const all = event.methodArn.split('/').slice(0, 2).join('/') + '/*'; return policyFor(all, event.methodArn);";
  const asked = (text: string, more: Partial<LambdaAuthorizer>, routes?: readonly string[]) =>
    findings(cachedPolicyTooNarrow, guarded(more, routes), { functions: [fn({ zipFile: code("a", text) })] });

  it.each([
    ["as the resource", DIRECT],
    ["handed to a helper", BLUEPRINT],
    ["in Python", PYTHON],
  ])("is found in code that has the called method %s", (_, text) => {
    const found = asked(text, { resultTtlSeconds: 300 });
    expect(found).toHaveLength(1);
    expect(found[0]?.witness).toMatchObject({
      path: "/b",
      authorizerResult: { policyDocument: { Statement: [{ Resource: `${ARN}/dev/GET/a` }] } },
    });
  });

  it("is found where one route serves many paths, which have one policy each", () => {
    expect(asked(DIRECT, { resultTtlSeconds: 300 }, ["/reports/{id}/pdf"])).toMatchObject([
      { witness: { path: expect.stringMatching(/^\/reports\/[^/]+-2\/pdf$/) } },
    ]);
  });

  it.each([
    ["without a cache", DIRECT, { resultTtlSeconds: 0 }, undefined],
    [
      "where the path is in the cache key",
      DIRECT,
      {
        type: "REQUEST",
        resultTtlSeconds: 300,
        identitySources: ["method.request.header.Authorization", "context.path"],
      },
      ["/a", "/b/{id}"],
    ],
    ["where one path alone uses the authorizer", DIRECT, { resultTtlSeconds: 300 }, ["/a"]],
    ["in code that widens the resource", WIDE, { resultTtlSeconds: 300 }, undefined],
  ] as const)("is not found %s", (_, text, more, routes) => {
    expect(asked(text, more, routes)).toEqual([]);
  });

  it("is not claimed where the code is not here", () => {
    expect(findings(cachedPolicyTooNarrow, guarded({ resultTtlSeconds: 300 }), { functions: [fn()] })).toEqual([]);
  });
});

describe("the permission to invoke a function", () => {
  const authorizerArn = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${API_ID}/authorizers/auth01`;
  const asked = (...permissions: LambdaPermission[]) =>
    findings(functionPermission, guarded({}), { functions: [fn({ permissions })] });

  it.each([
    ["for a stage and method", `${ARN}/dev/GET/a`],
    ["for another authorizer", `${ARN}/authorizers/other1`],
  ])("is found wanting %s", (_, sourceArn) => {
    const found = asked(permission(sourceArn));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      severity: "error",
      message: expect.stringContaining(authorizerArn),
      where: { address: "aws_lambda_permission.authorizer.source_arn" },
      witness: { path: "/a", headers: { Authorization: [expect.any(String)] } },
    });
    expect(found[0]?.witness).not.toHaveProperty("authorizerResult");
  });

  it("is found missing", () => {
    expect(asked()).toMatchObject([{ severity: "error", message: expect.stringContaining("no permission of it") }]);
  });

  it.each([
    ["for the authorizer", authorizerArn],
    ["for everything of the API", `${ARN}/*`],
  ])("is right %s", (_, sourceArn) => {
    expect(asked(permission(sourceArn))).toEqual([]);
  });

  it("is found open to every account without a source, as a warning", () => {
    expect(asked(permission())).toMatchObject([
      { severity: "warning", where: { address: "aws_lambda_permission.authorizer" } },
    ]);
  });

  it("is found wanting of the role that invokes it, which API Gateway may not assume", () => {
    const role = { ...partner, arn: `arn:aws:iam::${ACCOUNT}:role/partner`, accountId: ACCOUNT };
    const found = findings(functionPermission, guarded({ credentialsArn: role.arn }), {
      functions: [fn({ permissions: [permission(authorizerArn)] })],
      roles: [role],
    });
    expect(found).toMatchObject([
      {
        severity: "error",
        message: expect.stringMatching(/cannot assume the role .*role\/partner.* 500\.$/s),
        where: { address: "aws_api_gateway_authorizer.token" },
        witness: { path: "/a" },
      },
    ]);
  });

  describe("of a method", () => {
    const served: Route = {
      ...route("GET", "/a"),
      integration: { type: "AWS_PROXY", functionArn: FUNCTION, timeoutMs: 29_000, source: source("integration") },
    };
    it.each([
      ["another verb", `${ARN}/*/POST/a`, 1],
      ["another stage", `${ARN}/prod/GET/a`, 1],
      ["the method at every stage", `${ARN}/*/GET/a`, 0],
    ])("for %s", (_, sourceArn, count) => {
      const found = findings(
        functionPermission,
        { routes: [served] },
        { functions: [fn({ permissions: [permission(sourceArn)] })] },
      );
      expect(found).toHaveLength(count);
      if (count > 0) expect(found[0]?.message).toContain(`${ARN}/dev/GET/a`);
    });

    const role = { ...partner, arn: `arn:aws:iam::${ACCOUNT}:role/partner`, accountId: ACCOUNT };
    const trusting = { ...role, trustPolicy: { ...role.trustPolicy, document: trustOf("apigateway.amazonaws.com") } };
    const withRole = (credentialsArn: string, roles: Model["roles"]) => {
      const integration = { type: "AWS_PROXY", functionArn: FUNCTION, timeoutMs: 29_000, source: source("i") } as const;
      return findings(
        functionPermission,
        { routes: [{ ...served, integration: { ...integration, credentialsArn } }] },
        { functions: [fn({ permissions: [permission(`${ARN}/*`)] })], roles },
      );
    };

    it.each([
      ["which API Gateway may not assume", role, /cannot assume the role .*role\/partner/],
      ["which may not invoke it", trusting, /may not lambda:InvokeFunction on .*No identity policy allows it/],
    ])("is found wanting of the role that invokes it, %s", (_, one, why) => {
      expect(withRole(one.arn, [one])).toMatchObject([
        {
          severity: "error",
          message: expect.stringMatching(
            new RegExp(`${why.source}.* The witness of GET /a is let in, .* 500\\.$`, "s"),
          ),
          where: { address: "i" },
          witness: { path: "/a" },
          fix: expect.stringContaining("the role in credentials"),
        },
      ]);
    });

    it.each([
      ["a role that may", [{ ...trusting, identityPolicies: [invokes] }]],
      ["a role of which a policy is not known", [{ ...role, trustPolicy: { ...role.trustPolicy, unresolved: "why" } }]],
      ["a role that another configuration holds", []],
    ])("is not asked of %s", (_, roles) => {
      expect(withRole(role.arn, roles)).toEqual([]);
    });

    it("is not asked of the caller's own credentials", () => {
      expect(withRole("arn:aws:iam::*:user/*", [role])).toEqual([]);
    });

    it("is found of a function that a stage variable names and no stage has", () => {
      const functionArn = `${FUNCTION}-\${stageVariables.colour}`;
      const integration = { type: "AWS_PROXY", functionArn, timeoutMs: 29_000, source: source("i") } as const;
      expect(findings(functionPermission, { routes: [{ ...served, integration }] })).toMatchObject([
        { message: expect.stringMatching(/colour.* answered 500\.$/), where: { address: "i" } },
      ]);
    });
  });
});

describe("a user pool authorizer with an audience expression", () => {
  const scoped = (scopes: readonly string[], identityValidationExpression?: string): Partial<Api> => {
    const authorizer = cognitoAuthorizer(
      identityValidationExpression === undefined ? {} : { identityValidationExpression },
    );
    return {
      authorizers: [authorizer],
      routes: [route("GET", "/a", { type: "COGNITO_USER_POOLS", authorizer, scopes })],
    };
  };

  it("is found on a route with scopes, with a token that has the scope and is refused", () => {
    expect(findings(audienceOnScopedRoute, scoped(["a/read"], "^client$"))).toMatchObject([
      { witness: { claims: { scope: "a/read", token_use: "access" } } },
    ]);
  });

  it("is not found on a route without scopes, nor without the expression", () => {
    expect(findings(audienceOnScopedRoute, scoped([], "^client$"))).toEqual([]);
    expect(findings(audienceOnScopedRoute, scoped(["a/read"]))).toEqual([]);
  });
});

describe("a preflight request", () => {
  const withOptions = (auth: RouteAuth, apiKeyRequired = false): Partial<Api> => ({
    routes: [route("GET", "/a/{id}"), { ...route("OPTIONS", "/a/{id}", auth), apiKeyRequired }],
  });

  it.each([
    ["an authorizer", custom(tokenAuthorizer()), false],
    ["a signature", { type: "AWS_IAM" } as const, false],
  ])("is found behind %s, and refused", (_, auth, key) => {
    expect(findings(preflightBehindAuthorizer, withOptions(auth, key))).toMatchObject([
      { witness: { method: "OPTIONS", headers: { Origin: [expect.any(String)] } } },
    ]);
  });

  it("is found behind an API key", () => {
    expect(findings(preflightBehindAuthorizer, withOptions({ type: "NONE" }, true))).toHaveLength(1);
  });

  it("is not found where it is open, nor where OPTIONS is the only method", () => {
    expect(findings(preflightBehindAuthorizer, withOptions({ type: "NONE" }))).toEqual([]);
    expect(findings(preflightBehindAuthorizer, { routes: [route("OPTIONS", "/a", { type: "AWS_IAM" })] })).toEqual([]);
  });
});

describe("an authorizer", () => {
  it("is found where no method uses it, and not where one does", () => {
    const world = guarded({});
    const unused = tokenAuthorizer({ address: "aws_api_gateway_authorizer.old", name: "old" });
    const found = findings(unusedAuthorizer, { ...world, authorizers: [...(world.authorizers ?? []), unused] });
    expect(found).toMatchObject([{ severity: "warning", message: expect.stringContaining("old"), witness: null }]);
    expect(findings(unusedAuthorizer, world)).toEqual([]);
  });
});
