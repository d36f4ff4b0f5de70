import { iam, publicRoute } from "../../constructs/routes/protection";
import { policyOf, synthesized, type Block } from "../synth/synthesized";

const stack = synthesized()("public-api");

/** What a construct's id begins with for a route. */
const idOf = (route: string): string => `api_${route.replace(" /", "--").replaceAll("/", "--").replace(/[{}+]/g, "")}_`;
const method = (route: string): Block => stack.one("aws_api_gateway_method", idOf(route));

describe("The public API", () => {
  it.each([
    ["GET /health", "NONE"],
    ["GET /orders", "AWS_IAM"],
    ["POST /orders", "AWS_IAM"],
    ["GET /orders/{orderId}", "AWS_IAM"],
    ["GET /profile", "COGNITO_USER_POOLS"],
    ["GET /reports/{reportId}", "CUSTOM"],
    ["POST /reports", "CUSTOM"],
    ["GET /statements/{statementId}", "CUSTOM"],
    ["GET /webhooks/{eventId}", "CUSTOM"],
    ["POST /webhooks", "CUSTOM"],
  ])("protects %s with %s", (route, authorization) => expect(method(route)["authorization"]).toBe(authorization));

  it("has no method the contract does not name, apart from the preflight of the one path open to browsers", () =>
    expect(stack.all("aws_api_gateway_method")).toHaveLength(11));

  it("asks for a scope on the Cognito route, so that an ID token is not enough", () =>
    expect(method("GET /profile")["authorization_scopes"]).toEqual(["profile/read"]));

  it("caches the OAuth decision by the Authorization header, for a time it states", () =>
    expect(stack.one("aws_api_gateway_authorizer", "api_authorizers_oauth")).toMatchObject({
      type: "TOKEN",
      identity_source: "method.request.header.Authorization",
      authorizer_result_ttl_in_seconds: 300,
    }));

  it("caches the signed-parameters decision by header, query strings and stage variable together", () =>
    expect(stack.one("aws_api_gateway_authorizer", "api_authorizers_signed")).toMatchObject({
      type: "REQUEST",
      identity_source:
        "method.request.header.X-Client-Id,method.request.querystring.expires,method.request.querystring.signature,stageVariables.signingAudience",
      authorizer_result_ttl_in_seconds: 60,
    }));

  it("tells the OAuth authorizer the routes and scopes of the contract", () => {
    const { variables } = stack.one("aws_lambda_function", "functions_oauth-authorizer")["environment"] as {
      variables: Record<string, string>;
    };
    expect(JSON.parse(variables["ROUTES"] ?? "")).toEqual([
      { verb: "GET", path: "/reports/{reportId}", scopes: ["reports/read"] },
      { verb: "POST", path: "/reports", scopes: ["reports/write"] },
    ]);
    expect(variables["OIDC_ISSUER"]).toBe("https://issuer.dev.portcullis.example");
  });

  it("lets each authorizer function be invoked by its own authorizer alone", () => {
    const permission = stack.one("aws_lambda_permission", "api_authorizers_oauth");
    expect(permission["source_arn"]).toMatch(
      /^\$\{aws_api_gateway_rest_api\.[^}]+\.execution_arn\}\/authorizers\/\$\{aws_api_gateway_authorizer\.api_authorizers_oauth_[^}]+\.id\}$/,
    );
  });

  it.each([
    ["GET /orders", "/dev/GET/orders"],
    ["GET /orders/{orderId}", "/dev/GET/orders/*"],
  ])("lets the function be invoked for %s by exactly that stage, verb and path", (route, end) =>
    expect(
      stack.one("aws_lambda_permission", idOf(route).replace("api_", "api_permissions_caller_"))["source_arn"],
    ).toMatch(new RegExp(`^\\$\\{[^}]+\\.execution_arn\\}${end.replace("*", "\\*")}$`)),
  );

  it("attaches its policy as a resource of its own, never inline as well", () => {
    expect(stack.one("aws_api_gateway_rest_api")).not.toHaveProperty("policy");
    expect(policyOf(stack.one("aws_api_gateway_rest_api_policy")).Statement).toHaveLength(3);
  });

  it("names the Allow of every statement by full execution ARN with a path behind it", () => {
    const resources = policyOf(stack.one("aws_api_gateway_rest_api_policy")).Statement.flatMap(
      (statement) => statement["Resource"],
    );
    for (const resource of resources)
      expect(resource).toMatch(/^\$\{aws_api_gateway_rest_api\.[^}]+\.execution_arn\}\/.+$/);
  });

  it("takes its snapshot after every part, the policy included", () => {
    const after = stack.one("aws_api_gateway_deployment")["depends_on"] as string[];
    const parts = [
      "resource",
      "method",
      "method_response",
      "integration",
      "integration_response",
      "authorizer",
      "gateway_response",
      "request_validator",
      "model",
      "rest_api_policy",
    ].flatMap((type) =>
      Object.keys(stack.json.resource[`aws_api_gateway_${type}`] ?? {}).map((id) => `aws_api_gateway_${type}.${id}`),
    );
    expect([...after].sort()).toEqual(parts.sort());
  });

  it("replaces its deployment before removing the old one, and names the stage elsewhere", () => {
    const deployment = stack.one("aws_api_gateway_deployment");
    expect(deployment["lifecycle"]).toEqual({ create_before_destroy: true });
    expect(deployment).not.toHaveProperty("stage_name");
  });

  it("logs what each phase decided and no credential", () => {
    const { format } = stack.one("aws_api_gateway_stage")["access_log_settings"] as { format: string };
    const values = Object.values(JSON.parse(format) as Record<string, string>);
    expect(values).toEqual(
      expect.arrayContaining(["$context.authorize.error", "$context.authenticate.error", "$context.authorizer.error"]),
    );
    expect(values.filter((value) => /header|querystring|token|apiKey/i.test(value))).toEqual([]);
  });

  it("throttles every method, and a route by its own rate after that", () => {
    const settings = stack.all("aws_api_gateway_method_settings");
    expect(settings.map((block) => [block["method_path"], block["settings"]])).toEqual([
      ["*/*", expect.objectContaining({ throttling_rate_limit: 50, throttling_burst_limit: 100 })],
      ["orders/POST", expect.objectContaining({ throttling_rate_limit: 10, throttling_burst_limit: 20 })],
    ]);
    expect(settings[1]?.["depends_on"]).toEqual([
      expect.stringMatching(/^aws_api_gateway_method_settings\.api_stage_settings_/),
    ]);
  });

  it("gives no function a right on everything", () => {
    for (const policy of stack.all("aws_iam_role_policy")) {
      for (const statement of policyOf(policy).Statement) {
        expect(statement["Resource"]).not.toBe("*");
        expect(JSON.stringify(statement["Action"])).not.toContain("*");
      }
    }
  });

  it("lets only the signed-parameters authorizer read the signing secret", () => {
    const readers = Object.entries(stack.json.resource["aws_iam_role_policy"] ?? {})
      .filter(([, policy]) => String(policy["policy"]).includes("secretsmanager:"))
      .map(([id]) => id.split("_")[1]);
    expect(readers).toEqual(["signed-parameters-authorizer"]);
  });

  it("keeps every log for a stated time, encrypted with the stack's own key", () => {
    for (const group of stack.all("aws_cloudwatch_log_group")) {
      expect(group["retention_in_days"]).toBe(30);
      expect(group["kms_key_id"]).toMatch(/^\$\{aws_kms_key\./);
    }
  });

  it("makes the execution log before API Gateway does, which would keep it for ever", () => {
    const { name } = stack.one("aws_cloudwatch_log_group", "api_stage_execution-log");
    expect(name).toMatch(/^API-Gateway-Execution-Logs_\$\{aws_api_gateway_rest_api\.[^}]+\.id\}\/dev$/);
    expect(stack.one("aws_api_gateway_stage")["depends_on"]).toContainEqual(
      expect.stringMatching(/^aws_cloudwatch_log_group\.api_stage_execution-log_/),
    );
  });

  it("rotates its key and refuses to destroy it", () =>
    expect(stack.one("aws_kms_key")).toMatchObject({
      enable_key_rotation: true,
      lifecycle: { prevent_destroy: true },
    }));

  it("holds no value of the signing secret", () => {
    expect(stack.one("aws_secretsmanager_secret")["kms_key_id"]).toMatch(/^\$\{aws_kms_key\./);
    expect(stack.all("aws_secretsmanager_secret_version")).toEqual([]);
  });

  it("answers its own errors in one form, with the scheme to authenticate with on a 401", () => {
    const responses = stack.all("aws_api_gateway_gateway_response");
    expect(responses.map((response) => response["response_type"])).toEqual([
      "DEFAULT_4XX",
      "DEFAULT_5XX",
      "UNAUTHORIZED",
    ]);
    const templates = responses.map(
      (response) => (response["response_templates"] as Record<string, string>)["application/json"],
    );
    expect(new Set(templates).size).toBe(1);
    expect(responses[2]).toMatchObject({
      status_code: "401",
      response_parameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
    });
  });

  it("lets browsers of its one origin read errors too", () => {
    for (const response of stack.all("aws_api_gateway_gateway_response")) {
      expect(response["response_parameters"]).toMatchObject({
        "gatewayresponse.header.Access-Control-Allow-Origin": "'http://localhost:3000'",
      });
    }
  });

  it("answers preflights without authentication, for the verbs that are open to browsers", () => {
    expect(method("OPTIONS /profile")).toMatchObject({ authorization: "NONE", api_key_required: false });
    expect(stack.one("aws_api_gateway_integration_response")["response_parameters"]).toMatchObject({
      "method.response.header.Access-Control-Allow-Origin": "'http://localhost:3000'",
      "method.response.header.Access-Control-Allow-Methods": "'GET'",
    });
  });

  it("checks a body against its schema before the function sees it", () => {
    expect(JSON.parse(String(stack.one("aws_api_gateway_model")["schema"]))).toMatchObject({
      required: ["item", "quantity"],
    });
    expect(method("POST /orders")["request_models"]).toEqual({
      "application/json": expect.stringMatching(/^\$\{aws_api_gateway_model\.[^}]+\.name\}$/),
    });
    expect(stack.one("aws_api_gateway_request_validator")).toMatchObject({ validate_request_body: true });
  });

  it("carries each function's zip beside the JSON, named by its content", () => {
    for (const lambda of stack.all("aws_lambda_function")) {
      const hash = Buffer.from(String(lambda["source_code_hash"]), "base64").toString("hex");
      expect(lambda["filename"]).toMatch(new RegExp(`^assets/[^/]+/${hash}/[a-z-]+\\.zip$`));
    }
  });
});

describe("A canary", () => {
  const canary = { stable: "2026-11", percent: 5 };
  const withCanary = (label: string) =>
    synthesized({ environment: { canary: { ...canary, stable: label } } })("public-api");

  it("sends its part of the traffic to the newest deployment and the rest to the released one", () => {
    const { deployment_id: live, canary_settings: settings } = withCanary("2026-11").one("aws_api_gateway_stage");
    expect(live).toMatch(/^\$\{aws_api_gateway_deployment\.api_deployment_stable_/);
    expect(settings).toEqual({
      deployment_id: expect.stringMatching(/^\$\{aws_api_gateway_deployment\.api_deployment_[0-9A-F]{8}\.id\}$/),
      percent_traffic: 5,
    });
  });

  it("is promoted by another label and by nothing else", () => {
    const stable = (label: string, ranges?: string[]) =>
      synthesized({
        environment: { canary: { ...canary, stable: label }, ...(ranges ? { deniedRanges: ranges } : {}) },
      })("public-api").one("aws_api_gateway_deployment", "api_deployment_stable")["triggers"];
    expect(stable("2026-11", ["192.0.2.0/24"])).toEqual(stable("2026-11"));
    expect(stable("2026-12")).not.toEqual(stable("2026-11"));
  });
});

describe("A public API is refused", () => {
  const open = publicRoute({ reason: "Anyone may know that the API is up." });

  it("when a policy would open one route through another", () =>
    expect(() =>
      synthesized({
        routes: [
          { verb: "GET", path: "/a/{x}", protection: open, handler: "caller" },
          { verb: "GET", path: "/a/{x}/b", protection: iam({ ownAccount: true }), handler: "caller" },
        ],
      }),
    ).toThrow("also covers GET /a/{x}/b"));
});
