import { loadModel } from "../../proof/model/load";
import { fixture } from "../terraform/scratch";

/** Two CDKTF stacks, one of which reads the other's state from S3; a third is left over from an earlier synth. */
const model = loadModel(fixture("clinic"));
const [api] = model.apis;
const [pool] = model.userPools;

describe("CDKTF stacks with a cross-stack reference", () => {
  it("have one API: stacks that the manifest does not list are not read", () => {
    expect(model.apis.map(({ name }) => name)).toEqual(["clinic"]);
  });

  it("put the stack's name before addresses, and not into sources", () => {
    expect(api?.address).toBe("clinic-staging-api/aws_api_gateway_rest_api.api_11111111");
    expect(api?.source).toEqual({
      file: "stacks/clinic-staging-api/cdk.tf.json",
      address: "aws_api_gateway_rest_api.api_11111111",
    });
    expect(pool?.address).toBe("clinic-staging-identity/aws_cognito_user_pool.pool_1B2C3D4E");
  });

  it("resolve the other stack's outputs, in the authorizer and in the function's environment", () => {
    expect(api?.authorizers).toMatchObject([{ type: "COGNITO_USER_POOLS", providerArns: [pool?.arn] }]);
    expect(model.functions).toMatchObject([{ name: "clinic-wards", environment: { POOL_ID: pool?.id } }]);
    expect(pool).toMatchObject({ accountId: "666666666666", region: "eu-west-1", groups: ["doctors"] });
    expect(pool?.issuer).toBe(`https://cognito-idp.eu-west-1.amazonaws.com/${String(pool?.id)}`);
  });

  it("keep an escaped policy variable for IAM", () => {
    expect(JSON.stringify(api?.policy?.document)).toContain('{"aws:PrincipalTag/ward":"${aws:RequestTag/ward}"}');
  });

  it("resolve zips from the stack's own directory", () => {
    expect(model.functions[0]?.zipFile).toBe(fixture("functions", "echo.zip"));
  });

  it("place greedy, ANY and root methods", () => {
    expect(
      api?.routes.map(({ method, path, auth, apiKeyRequired }) => [method, path, auth.type, apiKeyRequired]),
    ).toEqual([
      ["GET", "/wards/{ward+}", "AWS_IAM", false],
      ["ANY", "/wards", "COGNITO_USER_POOLS", false],
      ["GET", "/", "NONE", true],
    ]);
    expect(api?.routes[2]?.integration).toMatchObject({
      type: "HTTP_PROXY",
      httpMethod: "GET",
      uri: "https://clinic.example/",
      timeoutMs: 5000,
    });
  });

  it("join usage plan, key and method settings to API and stage", () => {
    const [key] = model.apiKeys ?? [];
    expect(key).toMatchObject({ name: "partner", value: "a-local-test-key-of-20-chars", enabled: true });
    expect(model.usagePlans).toMatchObject([
      {
        name: "partners",
        stages: [{ apiId: api?.id, stage: "v1", throttle: { "/wards/GET": { rateLimit: 5, burstLimit: 2 } } }],
        throttle: { rateLimit: 10, burstLimit: 20 },
        quota: { limit: 1000, offset: 0, period: "DAY" },
        apiKeyIds: [key?.id],
      },
    ]);
    expect(api?.stages[0]?.methodSettings).toEqual([
      { method: "GET", path: "wards", throttlingRateLimit: 3, throttlingBurstLimit: 1 },
    ]);
  });

  it("leave nothing to report", () => {
    expect(model.problems).toEqual([]);
  });
});
