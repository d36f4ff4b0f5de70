import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Wafv2IpSet } from "@cdktf/provider-aws/lib/wafv2-ip-set";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Construct } from "constructs";
import { logGroup, type LogSettings } from "../encryption/log-group";

export interface WebAclProps {
  readonly name: string;
  readonly stageArn: string;
  /** Requests from one address in five minutes, 10 or more. */
  readonly requestsPerFiveMinutes: number;
  /** Ranges refused before anything else looks at the request. */
  readonly deniedRanges: readonly string[];
  readonly log: LogSettings;
}

/** Rules AWS keeps, in the order they are asked. */
const MANAGED = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
];

/**
 * The firewall in front of a stage. AWS WAF answers before the resource policy and any authorizer, so a flood or a
 * known attack costs no function call. The resource policy denies the same ranges: it holds when the firewall is taken
 * away.
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, props: WebAclProps) {
    super(scope, id);
    const { provider } = props.log;
    const deny = (["IPV4", "IPV6"] as const).flatMap((version) => this.denyRule(provider, version, props));
    const rules = [
      ...deny,
      blockRule("rate", { rate_based_statement: { limit: props.requestsPerFiveMinutes, aggregate_key_type: "IP" } }),
      ...MANAGED.map((name) => ({
        name,
        // The group's own rules say what to do.
        overrideAction: { none: {} },
        statement: { managed_rule_group_statement: { vendor_name: "AWS", name } },
        visibilityConfig: visibility(name),
      })),
    ];
    const acl = new Wafv2WebAcl(this, "acl", {
      provider,
      name: props.name,
      scope: "REGIONAL",
      defaultAction: { allow: {} },
      visibilityConfig: visibility(props.name),
      rule: rules.map((rule, priority) => ({ ...rule, priority })),
    });
    new Wafv2WebAclAssociation(this, "association", { provider, resourceArn: props.stageArn, webAclArn: acl.arn });
    // AWS WAF takes only log groups whose name begins so.
    const log = logGroup(this, "log", `aws-waf-logs-${props.name}`, props.log);
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      provider,
      resourceArn: acl.arn,
      logDestinationConfigs: [log.arn],
      // Credentials stay out of the log.
      redactedFields: [
        { singleHeader: { name: "authorization" } },
        { singleHeader: { name: "x-api-key" } },
        { queryString: {} },
      ],
    });
  }

  private denyRule(provider: AwsProvider, version: "IPV4" | "IPV6", props: WebAclProps) {
    const addresses = props.deniedRanges.filter((range) => range.includes(":") === (version === "IPV6"));
    if (addresses.length === 0) return [];
    const set = new Wafv2IpSet(this, `denied-${version}`, {
      provider,
      name: `${props.name}-denied-${version.toLowerCase()}`,
      scope: "REGIONAL",
      ipAddressVersion: version,
      addresses,
    });
    return [blockRule(`denied-${version.toLowerCase()}`, { ip_set_reference_statement: { arn: set.arn } })];
  }
}

/** The keys of a statement stand as Terraform spells them: the bindings do not type it (https://github.com/hashicorp/terraform-cdk/issues/3478). */
function blockRule(name: string, statement: Readonly<Record<string, unknown>>) {
  return { name, action: { block: {} }, statement, visibilityConfig: visibility(name) };
}

function visibility(metricName: string) {
  // Sampled requests would show headers and query strings in the console.
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: false };
}
