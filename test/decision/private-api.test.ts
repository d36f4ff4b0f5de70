import type { NetworkPosition } from "../../proof/decision/types";
import type { Api, VpcEndpoint } from "../../proof/model/types";
import { ADMITTED, decide, here, inVpc } from "./resource-policies";
import { ACCOUNT, allowAll, answer, ARN, denyAll, policy, source, status } from "./support";

describe("a private API", () => {
  const privately = (statements: unknown): Partial<Api> => ({ endpointType: "PRIVATE", policy: policy(statements) });
  const vpcOnly = [allowAll, { ...denyAll, Condition: { StringNotEquals: { "aws:sourceVpc": "vpc-a" } } }];
  it.each<[string, NetworkPosition, string]>([
    ["from the allowed VPC", inVpc, "allow"],
    ["from another VPC", { ...inVpc, vpc: { id: "vpc-b", endpoint: "vpce-b" } }, "explicit deny"],
    ["from no VPC", here, "explicit deny"],
  ])("with the source VPC allow list, %s: %s (O 3.6)", async (_, network, expected) => {
    expect(answer(await decide({ type: "NONE" }, {}, privately(vpcOnly), network))).toContain(expected);
  });

  it.each(ADMITTED)(
    "is not reached from outside, even where its policy allows everyone: %s (D private APIs)",
    async (_, auth, assumptions) => {
      expect(answer(await decide(auth, assumptions, privately([allowAll]), here))).toBe("403 Forbidden");
    },
  );

  it("knows the VPC of an endpoint of the configuration", async () => {
    const endpoint: VpcEndpoint = {
      address: "aws_vpc_endpoint.api",
      id: "vpce-a",
      vpcId: "vpc-a",
      accountId: ACCOUNT,
      serviceName: "s",
      source: source("aws_vpc_endpoint.api"),
    };
    const network = { sourceIp: "10.1.2.3", vpc: { endpoint: "vpce-a" } };
    expect(status(await decide({ type: "NONE" }, {}, privately(vpcOnly), network, [endpoint]))).toBe("allow");
    expect(status(await decide({ type: "NONE" }, {}, privately(vpcOnly), network, []))).toBe(403);
  });

  it("does not see the address inside the VPC as aws:SourceIp (pitfall 12)", async () => {
    const by = (key: string) => privately([{ ...allowAll, Condition: { IpAddress: { [key]: "10.0.0.0/24" } } }]);
    expect(status(await decide({ type: "NONE" }, {}, by("aws:SourceIp"), inVpc))).toBe(403);
    expect(status(await decide({ type: "NONE" }, {}, by("aws:VpcSourceIp"), inVpc))).toBe("allow");
  });
});

describe("the policy of the interface endpoint has to allow as well (D VPC endpoint policies)", () => {
  const endpoint = (statements?: unknown): VpcEndpoint => ({
    address: "aws_vpc_endpoint.api",
    id: "vpce-a",
    vpcId: "vpc-a",
    accountId: ACCOUNT,
    serviceName: "com.amazonaws.us-east-1.execute-api",
    source: source("aws_vpc_endpoint.api"),
    ...(statements === undefined ? {} : { policy: policy(statements, "aws_vpc_endpoint.api.policy") }),
  });
  const open: Partial<Api> = { endpointType: "PRIVATE", policy: policy([allowAll]) };
  const all = { ...allowAll, Resource: "*" };
  const other = { ...allowAll, Resource: `${ARN}/dev/GET/elsewhere` };
  const cases: readonly [string, VpcEndpoint, string][] = [
    ["without a policy of its own", endpoint(), "allow"],
    ["with one that allows all", endpoint([all]), "allow"],
    [
      "with one that allows another path",
      endpoint([other]),
      "because no VPC endpoint policy allows the execute-api:Invoke action",
    ],
    [
      "with one that denies",
      endpoint([all, { ...all, Effect: "Deny" }]),
      "with an explicit deny in a VPC endpoint policy",
    ],
    ["with another id", { ...endpoint([other]), id: "vpce-other" }, "allow"],
  ];
  it.each(
    ADMITTED.flatMap(([type, auth, assumptions]) =>
      cases.map(([name, found, expected]) => [type, name, auth, assumptions, found, expected] as const),
    ),
  )("%s, %s", async (_type, _name, auth, assumptions, found, expected) => {
    expect(answer(await decide(auth, assumptions, open, inVpc, [found]))).toContain(expected);
  });

  it("counts for private APIs only", async () => {
    expect(status(await decide({ type: "NONE" }, {}, { policy: policy([allowAll]) }, inVpc, [endpoint([other])]))).toBe(
      "allow",
    );
  });
});
