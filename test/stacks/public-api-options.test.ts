import { iam } from "../../constructs/routes/protection";
import { synthesized } from "../synth/synthesized";

const stack = synthesized()("public-api");

describe("The firewall", () => {
  const rules = stack.one("aws_wafv2_web_acl")["rule"] as readonly Record<string, unknown>[];

  it("refuses the denied ranges first, then floods, then what AWS knows to be attacks", () =>
    expect(
      rules.map(({ name, priority, action }) => [
        priority,
        name,
        action === undefined ? "group" : Object.keys(Object(action))[0],
      ]),
    ).toEqual([
      [0, "denied-ipv4", "block"],
      [1, "denied-ipv6", "block"],
      [2, "rate", "block"],
      [3, "AWSManagedRulesAmazonIpReputationList", "group"],
      [4, "AWSManagedRulesCommonRuleSet", "group"],
      [5, "AWSManagedRulesKnownBadInputsRuleSet", "group"],
    ]));

  it("holds IPv4 and IPv6 ranges in sets of their own, as AWS WAF wants them", () =>
    expect(stack.all("aws_wafv2_ip_set").map((set) => [set["ip_address_version"], set["addresses"]])).toEqual([
      ["IPV4", ["198.51.100.0/24"]],
      ["IPV6", ["2001:db8:bad::/48"]],
    ]));

  it("stands in front of the stage", () =>
    expect(stack.one("aws_wafv2_web_acl_association")["resource_arn"]).toMatch(
      /^\$\{aws_api_gateway_stage\.[^}]+\.arn\}$/,
    ));

  it("logs no credential", () =>
    expect(stack.one("aws_wafv2_web_acl_logging_configuration")["redacted_fields"]).toEqual([
      { single_header: { name: "authorization" } },
      { single_header: { name: "x-api-key" } },
      { query_string: {} },
    ]));
});

describe("Somebody is told", () => {
  const alarms = stack.all("aws_cloudwatch_metric_alarm");

  it.each([
    ["AWS/ApiGateway", "5XXError"],
    ["AWS/ApiGateway", "4XXError"],
    ["AWS/ApiGateway", "Latency"],
  ])("about %s %s of the stage", (namespace, metric) =>
    expect(alarms.filter((alarm) => alarm["namespace"] === namespace && alarm["metric_name"] === metric)).toEqual([
      expect.objectContaining({ dimensions: { ApiName: "portcullis-dev-public-api", Stage: "dev" } }),
    ]),
  );

  it.each(["Errors", "Duration"])("about the %s of each authorizer", (metric) =>
    expect(
      alarms
        .filter((alarm) => alarm["metric_name"] === metric)
        .map((alarm) => (alarm["dimensions"] as Record<string, string>)["FunctionName"])
        .sort(),
    ).toEqual([
      "portcullis-dev-public-api-oauth-authorizer",
      "portcullis-dev-public-api-saml-authorizer",
      "portcullis-dev-public-api-signed-parameters-authorizer",
    ]),
  );

  it("about throttles of every function", () =>
    expect(alarms.filter((alarm) => alarm["metric_name"] === "Throttles")).toHaveLength(5));

  it("through an encrypted topic that only alarms of this account write to", () => {
    expect(stack.one("aws_sns_topic")["kms_master_key_id"]).toMatch(/^\$\{aws_kms_key\./);
    expect(JSON.parse(String(stack.one("aws_sns_topic_policy")["policy"]))).toMatchObject({
      Statement: [
        {
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } },
        },
      ],
    });
    for (const alarm of alarms) expect(alarm["alarm_actions"]).toEqual([expect.stringMatching(/^\$\{aws_sns_topic\./)]);
  });

  it("and sees it on one page", () => {
    const { widgets } = JSON.parse(String(stack.one("aws_cloudwatch_dashboard")["dashboard_body"])) as {
      widgets: { properties: { title: string } }[];
    };
    expect(widgets.map(({ properties }) => properties.title)).toContain("Refused, by route and reason");
  });
});

describe("A domain of our own", () => {
  const domain = {
    name: "api.example.com",
    certificateArn: "arn:aws:acm:eu-west-1:111111111111:certificate/0a1b2c3d-0000-4000-8000-000000000000",
    mutualTls: { truststoreUri: "s3://trust/ca.pem", truststoreVersion: "v1" },
  };
  const own = synthesized({ environment: { domain } })("public-api");

  it("speaks TLS 1.2 or newer and asks for a client certificate", () =>
    expect(own.one("aws_api_gateway_domain_name")).toMatchObject({
      security_policy: "TLS_1_2",
      mutual_tls_authentication: { truststore_uri: "s3://trust/ca.pem", truststore_version: "v1" },
    }));

  it("switches off the name AWS gives, which would answer without a certificate", () => {
    expect(own.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"]).toBe(true);
    expect(stack.one("aws_api_gateway_rest_api")["disable_execute_api_endpoint"]).toBe(false);
  });
});

describe("A metered route", () => {
  const routes = [
    { verb: "GET", path: "/a", protection: iam({ partners: ["acme"] }), handler: "caller", metered: true },
  ] as const;
  const plan = {
    name: "standard",
    throttle: { requestsPerSecond: 5, burst: 10 },
    callsPerMonth: 1000,
    holders: ["acme"],
  };

  it("asks for a key as well as the signature, and each holder gets one", () => {
    const metered = synthesized({ routes, environment: { usagePlans: [plan] } })("public-api");
    expect(metered.one("aws_api_gateway_method")).toMatchObject({ authorization: "AWS_IAM", api_key_required: true });
    expect(metered.one("aws_api_gateway_usage_plan")).toMatchObject({
      quota_settings: { limit: 1000, period: "MONTH" },
      throttle_settings: { rate_limit: 5, burst_limit: 10 },
    });
    expect(metered.one("aws_api_gateway_api_key")).not.toHaveProperty("value");
  });

  it("is refused where no plan could give anyone a key", () =>
    expect(() => synthesized({ routes })).toThrow("environments/dev.ts: usagePlans: a route is metered"));
});
