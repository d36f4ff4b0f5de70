import { confinedProblems } from "../../proof/model/confined";
import type { Resources } from "./small-api";
import { errors, load, warnings } from "./small-api";

const policy = (effect: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: effect, Principal: "*", Action: "secretsmanager:*", Resource: "*" }],
  });

describe("a secret", () => {
  const secrets = (more: Resources) =>
    load({}, { aws_secretsmanager_secret: { s: { name: "s", tags: { team: "a" } } }, ...more }).secrets;

  it.each<[string, Resources, string | undefined]>([
    ["none", {}, undefined],
    ["the one in it", { aws_secretsmanager_secret: { s: { name: "s", policy: policy("Deny") } } }, policy("Deny")],
    [
      "the one attached to it",
      {
        aws_secretsmanager_secret_policy: {
          p: { secret_arn: "${aws_secretsmanager_secret.s.arn}", policy: policy("Allow") },
        },
      },
      policy("Allow"),
    ],
  ])("has as its policy %s", (_what, more, expected) => {
    const found = secrets(more)[0]?.policy?.document;
    expect(found).toEqual(expected === undefined ? undefined : JSON.parse(expected));
  });

  it("whose policy is not known has one that allows nothing, and the rest can be served", () => {
    const model = load({}, { aws_secretsmanager_secret: { s: { name: "s", policy: "${data.x.y.json}" } } });
    expect(model.secrets[0]?.policy).toMatchObject({ document: null, unresolved: expect.any(String) as string });
    expect(errors(model).map(({ source }) => source.address)).toEqual(["aws_secretsmanager_secret.s.policy"]);
    expect(errors(model).every(confinedProblems(model))).toBe(true);
  });

  it("and a user pool have their tags, with the provider's", () => {
    const provider = { aws: { region: "eu-west-1", default_tags: [{ tags: { owner: "me", team: "z" } }] } };
    const model = load(
      {},
      {
        aws_secretsmanager_secret: { s: { name: "s", tags: { team: "a" } } },
        aws_cognito_user_pool: { p: { name: "p" } },
      },
      { provider },
    );
    expect(model.secrets[0]?.tags).toEqual({ owner: "me", team: "a" });
    expect(model.userPools[0]?.tags).toEqual({ owner: "me", team: "z" });
  });
});

describe("what stands in front of a stage is warned about with the routes that it is about", () => {
  const told = (more: Resources) =>
    warnings(
      load(
        {},
        {
          aws_api_gateway_stage: { live: { rest_api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "live" } },
          ...more,
        },
      ),
    ).map(({ message }) => message);
  const domain = (more: object = {}): Resources => ({
    aws_api_gateway_domain_name: { d: { domain_name: "api.example", ...more } },
    aws_api_gateway_base_path_mapping: {
      m: { domain_name: "api.example", api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "live" },
    },
  });

  it.each<[string, Resources, RegExp[]]>([
    [
      "AWS WAF",
      { aws_wafv2_web_acl_association: { w: { resource_arn: "${aws_api_gateway_stage.live.arn}" } } },
      [/^AWS WAF is left out: every route of api, stage live answers what its web ACL would block$/],
    ],
    [
      "AWS WAF at a stage that is not known",
      { aws_wafv2_web_acl_association: { w: { resource_arn: "${data.x.y.arn}" } } },
      [/^AWS WAF is left out: a stage that is not known answers/],
    ],
    [
      "AWS WAF of a load balancer, which is none of ours",
      { aws_wafv2_web_acl_association: { w: { resource_arn: "arn:aws:elasticloadbalancing:eu-west-1:1:x/y" } } },
      [],
    ],
    ["a custom domain", domain(), [/^the custom domain api\.example \(api, stage live\) is left out, call .* URL$/]],
    [
      "mutual TLS",
      domain({ mutual_tls_authentication: [{ truststore_uri: "s3://a/b" }] }),
      [/every route answers callers without a client certificate, whom AWS refuses there$/],
    ],
  ])("%s", (_what, more, expected) => {
    const messages = told(more).filter((message) => /left out/.test(message));
    expect(messages).toEqual(expected.map((pattern) => expect.stringMatching(pattern) as string));
  });

  it("and the names of custom domains are known", () => {
    expect(load({}, domain()).domainNames).toEqual(["api.example"]);
  });
});
