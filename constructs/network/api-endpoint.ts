import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import type { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import type { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";

export interface ApiEndpointProps {
  readonly provider: AwsProvider;
  readonly name: string;
  readonly partition: string;
  readonly region: string;
  /** Account whose APIs may be called. */
  readonly accountId: string;
  /** Stage that may be called. */
  readonly stage: string;
  readonly vpc: Vpc;
  readonly cidr: string;
  readonly subnets: readonly Subnet[];
}

/**
 * The execute-api interface endpoint: the only way into a private API.
 *
 * Its policy lets through calls of one account's APIs and one stage. The API's id is not in it, because the API
 * names this endpoint and is made after it; which routes may be called is the API's own policy.
 *
 * With private DNS, every execute-api name resolves to this endpoint inside the VPC, those of regional APIs as well:
 * programs in here reach those by a custom domain.
 */
export class ApiEndpoint extends Construct {
  readonly endpoint: VpcEndpoint;

  constructor(scope: Construct, id: string, props: ApiEndpointProps) {
    super(scope, id);
    const { provider } = props;
    const group = new SecurityGroup(this, "security-group", {
      provider,
      name: props.name,
      description: "HTTPS from the VPC to the private API",
      vpcId: props.vpc.id,
      tags: { Name: props.name },
    });
    new VpcSecurityGroupIngressRule(this, "https", {
      provider,
      securityGroupId: group.id,
      description: "HTTPS from the VPC",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: props.cidr,
    });
    this.endpoint = new VpcEndpoint(this, "endpoint", {
      provider,
      vpcId: props.vpc.id,
      serviceName: `com.amazonaws.${props.region}.execute-api`,
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: props.subnets.map(({ id: subnet }) => subnet),
      securityGroupIds: [group.id],
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: "*",
            Action: "execute-api:Invoke",
            Resource: `arn:${props.partition}:execute-api:${props.region}:${props.accountId}:*/${props.stage}/*`,
          },
        ],
      }),
      tags: { Name: props.name },
    });
  }
}
