import { analyze } from "../../proof/analysis/matrix";
import { ACCOUNT, api, model, policy, route, source } from "../decision/support";

type Json = Record<string, unknown>;

const endpoint = (id: string) => ({
  address: `aws_vpc_endpoint.${id}`,
  id,
  vpcId: "vpc-0a1",
  accountId: ACCOUNT,
  serviceName: "com.amazonaws.us-east-1.execute-api",
  source: source(`aws_vpc_endpoint.${id}`),
});

/** From where a private API with two endpoints in one VPC lets anybody in. */
function admitted(denied: Json | Json[]): string[] {
  const all = { Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const statements = [
    { Effect: "Allow", ...all },
    ...[denied].flat().map((Condition) => ({ Effect: "Deny", ...all, Condition })),
  ];
  const one = api({ routes: [route("GET", "/a")], endpointType: "PRIVATE", policy: policy(statements) });
  const { routes } = analyze(model([one], { vpcEndpoints: [endpoint("vpce-0b1"), endpoint("vpce-0")] }));
  return routes.flatMap(({ entries }) => entries.flatMap((of) => (of.outcome === "allow" ? [of.network] : [])));
}

describe("The network of an entry", () => {
  it.each<[string, Json | Json[], string[]]>([
    ["is an endpoint, where its VPC has others", { StringNotEquals: { "aws:SourceVpce": "vpce-0b1" } }, ["vpce-0b1"]],
    [
      "is each known endpoint, and not their VPC, which can have more",
      { StringNotEquals: { "aws:SourceVpce": ["vpce-0b1", "vpce-0"] } },
      ["vpce-0b1, vpce-0"],
    ],
    [
      "is a VPC, where all of its endpoints are meant",
      { StringNotEquals: { "aws:SourceVpc": "vpc-0a1" } },
      ["vpc-0a1"],
    ],
    [
      "is any endpoint, where addresses alone are told apart",
      { NotIpAddress: { "aws:VpcSourceIp": "10.0.0.0/8" } },
      ["any VPC endpoint from 10.0.0.0/8"],
    ],
    [
      "is what a pattern holds beside the endpoints that are known",
      { StringNotLike: { "aws:SourceVpce": "vpce-0*" } },
      ["vpce-0b1, vpce-0, any other VPC endpoint like vpce-0*"],
    ],
    [
      "is what a pattern holds that no endpoint meets which is known",
      { StringNotLike: { "aws:SourceVpce": "vpce-1*" } },
      ["VPC endpoint like vpce-1*"],
    ],
    [
      "is what one pattern of two holds alone",
      [{ StringNotLike: { "aws:SourceVpce": "vpce-1*" } }, { StringLike: { "aws:SourceVpce": "vpce-11*" } }],
      ["any other VPC endpoint like vpce-1*"],
    ],
    [
      "is the VPCs that a pattern holds, and whatever endpoint they have",
      { StringNotLike: { "aws:SourceVpc": "vpc-1*" } },
      ["VPC like vpc-1*"],
    ],
    [
      "is the VPCs and the endpoints that patterns hold",
      { StringNotLike: { "aws:SourceVpc": "vpc-1*", "aws:SourceVpce": "vpce-1*" } },
      ["VPC like vpc-1*, VPC endpoint like vpce-1*"],
    ],
    [
      "is the endpoints that a pattern holds in the VPCs that another holds",
      [{ StringNotLike: { "aws:SourceVpc": "vpc-1*" } }, { StringNotLike: { "aws:SourceVpce": "vpce-1*" } }],
      ["VPC endpoint like vpce-1* in VPC like vpc-1*"],
    ],
  ])("%s", (_, denied, expected) => expect(admitted(denied)).toEqual(expected));
});
