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
function admitted(denied: Json): string[] {
  const all = { Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const statements = [
    { Effect: "Allow", ...all },
    { Effect: "Deny", ...all, Condition: denied },
  ];
  const one = api({ routes: [route("GET", "/a")], endpointType: "PRIVATE", policy: policy(statements) });
  const { routes } = analyze(model([one], { vpcEndpoints: [endpoint("vpce-0b1"), endpoint("vpce-0")] }));
  return routes.flatMap(({ entries }) => entries.flatMap((of) => (of.outcome === "allow" ? [of.network] : [])));
}

describe("The network of an entry", () => {
  it.each<[string, Json, string[]]>([
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
      ["vpce-0b1, vpce-0, like vpce-0*"],
    ],
  ])("%s", (_, denied, expected) => expect(admitted(denied)).toEqual(expected));
});
