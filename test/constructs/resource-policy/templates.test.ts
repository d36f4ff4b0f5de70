import {
  awsAccountAllowList,
  ipRangeDenyList,
  sourceVpcAllowList,
} from "../../../constructs/resource-policy/templates";

describe("The AWS account allow list", () => {
  it("names account roots and roles as API Gateway stores them", () =>
    expect(
      awsAccountAllowList({
        principals: ["222222222222", "arn:aws:iam::333333333333:role/r"],
        partition: "aws",
        resources: ["api/dev/GET/a"],
      }),
    ).toEqual({
      Effect: "Allow",
      Principal: { AWS: ["arn:aws:iam::222222222222:root", "arn:aws:iam::333333333333:role/r"] },
      Action: "execute-api:Invoke",
      Resource: "api/dev/GET/a",
    }));
});

describe("The IP range deny list", () => {
  it("denies everyone in the ranges and allows nobody by itself", () =>
    expect(ipRangeDenyList({ ranges: ["192.0.2.0/24"], resources: ["api/*"] })).toEqual([
      {
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: "api/*",
        Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
      },
    ]));

  it("is the console's template when everything is admitted", () =>
    expect(
      ipRangeDenyList({ ranges: ["192.0.2.0/24", "198.51.100.0/24"], resources: ["api/*"], admit: ["api/*"] }).map(
        ({ Effect, Principal, Resource }) => ({ Effect, Principal, Resource }),
      ),
    ).toEqual([
      { Effect: "Deny", Principal: "*", Resource: "api/*" },
      { Effect: "Allow", Principal: "*", Resource: "api/*" },
    ]));
});

describe("The source VPC allow list", () => {
  it.each([
    [["vpc-1"], [], { "aws:SourceVpc": "vpc-1" }],
    [[], ["vpce-1", "vpce-2"], { "aws:SourceVpce": ["vpce-1", "vpce-2"] }],
    [["vpc-1"], ["vpce-1"], { "aws:SourceVpc": "vpc-1", "aws:SourceVpce": "vpce-1" }],
  ])("of VPCs %j and endpoints %j denies what comes through neither", (vpcs, endpoints, keys) =>
    expect(sourceVpcAllowList({ vpcs, endpoints, resources: ["api/*"] })).toEqual([
      {
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: "api/*",
        Condition: { StringNotEquals: keys },
      },
    ]),
  );

  it("of nothing is refused instead of denying everyone", () =>
    expect(() => sourceVpcAllowList({ vpcs: [], endpoints: [], resources: ["api/*"] })).toThrow("would deny everyone"));
});
