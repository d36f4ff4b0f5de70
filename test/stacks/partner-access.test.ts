import { policyOf, synthesized } from "../synth/synthesized";

const stack = synthesized()("partner-access-acme");

describe("A managed partner", () => {
  it("is provisioned in its own account, through a role, and nowhere else", () =>
    expect(stack.json.provider["aws"]).toEqual([
      expect.objectContaining({
        alias: "acme",
        allowed_account_ids: ["222222222222"],
        assume_role: [{ role_arn: "${var.provisioner_role_arn}", session_name: "portcullis-terraform" }],
      }),
    ]));

  it("is planned with a role that only reads where one is given", () =>
    expect(stack.json.variable).toEqual({
      provisioner_role_arn: expect.objectContaining({
        type: "string",
        default: "arn:aws:iam::222222222222:role/portcullis-provisioner",
      }),
    }));

  it("has every resource bound to that account's provider", () => {
    for (const blocks of Object.values(stack.json.resource)) {
      for (const block of Object.values(blocks)) expect(block["provider"]).toBe("aws.acme");
    }
  });

  it("gets a role only its own account may assume, and only with the external id", () =>
    expect(policyOf(stack.one("aws_iam_role"), "assume_role_policy").Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "acme-orders-dev-7c1f0a52" } },
      },
    ]));

  it("may call exactly the routes it was promised", () => {
    const [statement, ...more] = policyOf(stack.one("aws_iam_role_policy")).Statement;
    expect(more).toEqual([]);
    expect(statement).toMatchObject({ Effect: "Allow", Action: "execute-api:Invoke" });
    const resources = statement?.["Resource"] as string[];
    expect(resources.map((resource) => resource.replace(/^\$\{[^}]+\}/, ""))).toEqual([
      "/dev/GET/orders",
      "/dev/GET/orders/*",
      "/dev/POST/orders",
      "/dev/POST/internal/settlements",
    ]);
  });
});
