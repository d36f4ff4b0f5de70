import { ACCOUNT, allowAll, allowing, answer, ask, caller, denyAll, policy, request, route, source } from "./support";

const sent = request("GET", "/dev/orders", { network: { sourceIp: "10.0.0.1", vpc: { endpoint: "vpce-a" } } });

const behindEndpoint = (...statements: unknown[]) => ({
  endpointType: "PRIVATE" as const,
  routes: [route("GET", "/orders")],
  policy: policy([allowAll]),
  models: {
    vpcEndpoints: [
      {
        address: "aws_vpc_endpoint.a",
        id: "vpce-a",
        vpcId: "vpc-a",
        accountId: ACCOUNT,
        serviceName: "com.amazonaws.us-east-1.execute-api",
        policy: policy(statements, "aws_vpc_endpoint.a.policy"),
        source: source("aws_vpc_endpoint.a"),
      },
    ],
  },
});
const open = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*" };

/** API Gateway Developer Guide, "Use VPC endpoint policies for private APIs": the endpoint's and the API's both allow. */
describe("the policy of an interface endpoint limits callers whom nobody signed for", () => {
  it.each<[string, unknown, string, string]>([
    ["allows", open, "allow", "allow"],
    ["is silent", { ...open, Resource: "arn:aws:execute-api:us-east-1:999999999999:*" }, "403", "neither"],
    ["denies", { ...open, Effect: "Deny" }, "403", "deny"],
  ])("where it %s", async (_, statement, status, result) => {
    const decision = await ask(behindEndpoint(statement), sent);
    expect(answer(decision).slice(0, status.length)).toBe(status);
    expect(decision.trace).toContainEqual(
      expect.objectContaining({
        step: "vpc-endpoint-policy",
        result,
        because: expect.stringMatching(
          /statement 0 \(.*the VPC endpoint policy|No statement of the VPC endpoint policy applies/i,
        ),
      }),
    );
  });

  it("but not those of an API that is not private", async () => {
    const world = { ...behindEndpoint({ ...open, Effect: "Deny" }), endpointType: "REGIONAL" as const };
    expect(answer(await ask(world, sent))).toBe("allow");
  });

  it("and never undoes a Deny of the API", async () => {
    expect(answer(await ask({ ...behindEndpoint(open), policy: policy([denyAll]) }, sent))).toMatch(/^403/);
  });
});

it("a policy of a caller that is not valid refuses the caller, and says what is wrong with it", async () => {
  const world = { routes: [route("GET", "/orders", { type: "AWS_IAM" as const })], policy: policy([allowAll]) };
  const broken = policy([{ Effect: "Permit", Action: "*", Resource: "*" }], "aws_iam_role_policy.broken");
  const decision = await ask(world, sent, { caller: caller({ identityPolicies: [allowing("*"), broken] }) });
  expect(answer(decision)).toBe("500 Internal server error");
  expect(decision.trace.at(-1)).toMatchObject({ step: "identity-policy", result: "deny" });
  expect(decision.trace.at(-1)?.because).toContain("Permit");
});
