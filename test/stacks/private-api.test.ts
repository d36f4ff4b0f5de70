import { iam, oauth } from "../../constructs/routes/protection";
import { dev } from "../../environments/dev";
import { policyOf, synthesized } from "../synth/synthesized";

const stacks = synthesized();
const stack = stacks("private-api");
const policy = policyOf(stack.one("aws_api_gateway_rest_api_policy")).Statement;

describe("The private API", () => {
  it("is a PRIVATE REST API behind our endpoint", () =>
    expect(stack.one("aws_api_gateway_rest_api")["endpoint_configuration"]).toEqual({
      types: ["PRIVATE"],
      vpc_endpoint_ids: [expect.stringMatching(/^\$\{data\.terraform_remote_state\.[^}]*network[^}]*\}$/)],
    }));

  it("denies everyone who comes through neither our VPC nor a partner's endpoint, on every route", () => {
    expect(policy[0]).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Condition: {
        StringNotEquals: {
          "aws:SourceVpc": expect.stringMatching(/^\$\{data\.terraform_remote_state\.[^}]*aws_vpc/),
          "aws:SourceVpce": "vpce-0a1b2c3d4e5f67890",
        },
      },
    });
    expect(policy[0]?.["Resource"]).toMatch(/\.execution_arn\}\/\*$/);
  });

  it("allows in its policy only the partner, and nothing for everyone", () =>
    expect(policy.slice(1)).toEqual([
      expect.objectContaining({ Effect: "Allow", Principal: { AWS: "arn:aws:iam::222222222222:root" } }),
    ]));

  it("has its policy before it is deployed, without which AWS refuses the deployment", () =>
    expect(stack.one("aws_api_gateway_deployment")["depends_on"]).toContainEqual(
      expect.stringMatching(/^aws_api_gateway_rest_api_policy\./),
    ));

  it("gives callers of its own account a policy of exactly their routes to attach", () => {
    const [statement] = policyOf(stack.one("aws_iam_policy")).Statement;
    expect(statement?.["Action"]).toBe("execute-api:Invoke");
    expect(statement?.["Resource"]).toMatch(/\.execution_arn\}\/dev\/GET\/internal\/ledger\/\*$/);
  });
});

describe("The network", () => {
  const network = stacks("network");

  it("has no way to the internet", () => {
    for (const type of ["internet_gateway", "nat_gateway", "eip", "route"])
      expect(network.all(`aws_${type}`)).toEqual([]);
    for (const subnet of network.all("aws_subnet")) expect(subnet["map_public_ip_on_launch"]).toBe(false);
  });

  it("spans two zones with ranges that do not overlap", () =>
    expect(network.all("aws_subnet").map((subnet) => [subnet["availability_zone"], subnet["cidr_block"]])).toEqual([
      ["eu-west-1a", "10.20.0.0/18"],
      ["eu-west-1b", "10.20.64.0/18"],
    ]));

  it("lets through its endpoint only calls of this account's APIs and stage", () =>
    expect(policyOf(network.one("aws_vpc_endpoint")).Statement).toEqual([
      {
        Effect: "Allow",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: "arn:aws:execute-api:eu-west-1:111111111111:*/dev/*",
      },
    ]));

  it("opens the endpoint to HTTPS from the VPC and to nothing else", () => {
    expect(network.all("aws_vpc_security_group_ingress_rule")).toEqual([
      expect.objectContaining({ cidr_ipv4: "10.20.0.0/16", from_port: 443, to_port: 443, ip_protocol: "tcp" }),
    ]);
    expect(network.all("aws_vpc_security_group_egress_rule")).toEqual([]);
  });

  it("writes down every connection", () => expect(network.one("aws_flow_log")).toMatchObject({ traffic_type: "ALL" }));
});

describe("A contract", () => {
  const everywhere = [{ verb: "GET", path: "/a", protection: iam({ ownAccount: true }), handler: "caller" }] as const;

  it("without private routes makes no private API and no network", () => {
    const only = synthesized({ routes: everywhere });
    expect(() => only("private-api")).toThrow("no stack private-api");
    expect(() => only("network")).toThrow("no stack network");
  });

  it("may put a route into both APIs, each with an authorizer of its own", () => {
    const both = synthesized({
      routes: [
        {
          verb: "GET",
          path: "/a",
          protection: oauth({ scopes: ["a/read"] }),
          handler: "caller",
          apis: ["public", "private"],
        },
      ],
    });
    for (const part of ["public-api", "private-api"]) {
      expect(both(part).one("aws_api_gateway_authorizer")["type"]).toBe("TOKEN");
      expect(both(part).one("aws_api_gateway_method")["authorization"]).toBe("CUSTOM");
    }
  });

  it("with a partner that manages its own account makes nothing there and hands out the policy", () => {
    const [acme] = dev.partners;
    if (acme === undefined) throw new Error("dev has no partner");
    const own = synthesized({
      environment: {
        partners: [{ ...acme, managed: false, provisionerRoleArn: undefined, bootstrapRoleArn: undefined }],
      },
    });
    expect(() => own("partner-access-acme")).toThrow("no stack partner-access-acme");
    const { value, description } = own("public-api").json.output?.["partner-acme-policy"] ?? {};
    expect(policyOf({ policy: value }).Statement).toEqual([
      {
        Effect: "Allow",
        Action: "execute-api:Invoke",
        Resource: [
          expect.stringMatching(/\/dev\/GET\/orders$/),
          expect.stringMatching(/\/dev\/GET\/orders\/\*$/),
          expect.stringMatching(/\/dev\/POST\/orders$/),
        ],
      },
    ]);
    expect(description).toContain("Send to acme (account 222222222222)");
  });
});
