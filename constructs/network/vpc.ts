import type { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import { logGroup, type LogSettings } from "../encryption/log-group";

export interface PrivateVpcProps {
  readonly name: string;
  /** Two zones of the region; named, so that a plan does not depend on what a data source answers that day. */
  readonly zones: readonly string[];
  /** An IPv4 range of /16 to /24. */
  readonly cidr: string;
  readonly log: LogSettings;
}

/** A VPC of two zones with private subnets only: no internet gateway, no NAT, no public address. */
export class PrivateVpc extends Construct {
  readonly vpc: Vpc;
  readonly subnets: readonly Subnet[];

  constructor(scope: Construct, id: string, props: PrivateVpcProps) {
    super(scope, id);
    const { provider } = props.log;
    this.vpc = new Vpc(this, "vpc", {
      provider,
      cidrBlock: props.cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: props.name },
    });
    // What lands in the default group may talk to nobody.
    new DefaultSecurityGroup(this, "default-security-group", { provider, vpcId: this.vpc.id, ingress: [], egress: [] });
    const routes = new RouteTable(this, "routes", { provider, vpcId: this.vpc.id, tags: { Name: props.name } });
    this.subnets = props.zones.map((zone, index) => {
      const subnet = new Subnet(this, `subnet-${zone}`, {
        provider,
        vpcId: this.vpc.id,
        availabilityZone: zone,
        cidrBlock: quarterOf(props.cidr, index),
        mapPublicIpOnLaunch: false,
        tags: { Name: `${props.name}-${zone}` },
      });
      new RouteTableAssociation(this, `routes-${zone}`, { provider, subnetId: subnet.id, routeTableId: routes.id });
      return subnet;
    });
    this.addFlowLog(logGroup(this, "flow-log", `/aws/vpc/${props.name}/flow`, props.log), props);
  }

  private addFlowLog(log: CloudwatchLogGroup, props: PrivateVpcProps): void {
    const { provider } = props.log;
    const role = new IamRole(this, "flow-log-role", {
      provider,
      name: `${props.name}-flow-log`,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "vpc-flow-logs.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    });
    new IamRolePolicy(this, "flow-log-policy", {
      provider,
      name: "least-privilege",
      role: role.name,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
            Resource: `${log.arn}:*`,
          },
        ],
      }),
    });
    new FlowLog(this, "flow", {
      provider,
      vpcId: this.vpc.id,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: log.arn,
      iamRoleArn: role.arn,
    });
  }
}

/** The first quarters of a range: `10.0.0.0/16` → `10.0.0.0/18`, `10.0.64.0/18`. The others stay free. */
export function quarterOf(cidr: string, index: number): string {
  const [address = "", prefix = ""] = cidr.split("/");
  const start = address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  const bits = Number(prefix) + 2;
  const network = start + index * 2 ** (32 - bits);
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${parts.join(".")}/${bits}`;
}
