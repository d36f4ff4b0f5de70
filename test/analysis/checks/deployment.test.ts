import { prepareChecks, runChecks } from "../../../proof/analysis/checks/run";
import { staleDeployment } from "../../../proof/analysis/checks/rules/stale-deployment";
import { loadModel } from "../../../proof/model/load";
import { apiId, load } from "../../model/small-api";
import { scratch } from "../../terraform/scratch";

const POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" }],
});
const AFTER = { depends_on: ["aws_api_gateway_rest_api_policy.api"] };
const WHOLE = "aws_api_gateway_rest_api_policy.api.policy, aws_api_gateway_authorizer.pool";

function found(deployment: Record<string, unknown>, top: Record<string, unknown> = {}, policy = POLICY) {
  const model = load(
    {},
    {
      aws_api_gateway_rest_api_policy: { api: { rest_api_id: apiId, policy } },
      aws_api_gateway_authorizer: {
        pool: {
          rest_api_id: apiId,
          name: "pool",
          type: "COGNITO_USER_POOLS",
          provider_arns: ["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_Pool00001"],
        },
      },
      aws_api_gateway_deployment: { api: { rest_api_id: apiId, ...deployment } },
    },
    top,
  );
  return runChecks(prepareChecks(model), [staleDeployment]);
}

const triggers = (expression: string) => ({ triggers: { redeployment: `\${${expression}}` } });

describe("a deployment", () => {
  it.each([
    ["has no triggers", {}, /no triggers/],
    [
      "hashes neither the policy nor the authorizer",
      triggers("sha1(jsonencode([aws_api_gateway_resource.orders.id, aws_api_gateway_method.get]))"),
      /rest_api_policy\.api, aws_api_gateway_authorizer\.pool/,
    ],
    [
      "hashes their ids alone, which stay as they are",
      triggers("sha1(jsonencode([aws_api_gateway_rest_api_policy.api.id, aws_api_gateway_authorizer.pool.id]))"),
      /rest_api_policy\.api, aws_api_gateway_authorizer\.pool/,
    ],
    [
      "hashes the policy alone",
      triggers("sha1(jsonencode([aws_api_gateway_rest_api_policy.api.policy]))"),
      /do not see aws_api_gateway_authorizer\.pool:/,
    ],
    [
      "asks how long they are, or whether they are there",
      triggers(
        'join("", [length(aws_api_gateway_rest_api_policy.api.policy), try(aws_api_gateway_authorizer.pool.type, "")])',
      ),
      /rest_api_policy\.api, aws_api_gateway_authorizer\.pool/,
    ],
    ["has a trigger that never changes", { triggers: { redeployment: "1" } }, /do not see/],
  ])("is found where it %s", (_, deployment, says) => {
    const findings = found({ ...AFTER, ...deployment });
    expect(findings).toMatchObject([
      { severity: "error", where: { address: "aws_api_gateway_deployment.api.triggers" }, witness: null },
    ]);
    expect(findings[0]?.message).toMatch(says);
  });

  it("is found where it does not wait for the policy", () => {
    expect(found({ triggers: { redeployment: "0123456789abcdef0123456789abcdef01234567" } })).toMatchObject([
      { message: expect.stringContaining("does not wait for aws_api_gateway_rest_api_policy.api") },
    ]);
  });

  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["hashes both as a whole", triggers(`sha1(jsonencode([${WHOLE}]))`), {}],
    [
      "hashes a local that holds both",
      triggers("sha1(jsonencode(local.frozen))"),
      { locals: { frozen: `\${[${WHOLE}]}` } },
    ],
    ["hashes every authorizer by a splat", triggers(`sha1(jsonencode([${WHOLE}[*].provider_arns]))`), {}],
    [
      "has each in a trigger of its own",
      { triggers: { a: `\${${WHOLE.split(", ")[0]}}`, b: "${md5(jsonencode(aws_api_gateway_authorizer.pool))}" } },
      {},
    ],
    [
      "has a digest worked out before",
      { ...AFTER, triggers: { hash: "0123456789abcdef0123456789abcdef01234567" } },
      {},
    ],
    ["hashes files", { ...AFTER, ...triggers('filesha1("main.tf.json")') }, {}],
  ])("is not found where it %s", (_, deployment, top) => {
    expect(found(deployment, top)).toEqual([]);
  });
});

describe("a deployment whose triggers hash what the policy is made of", () => {
  const statement = {
    effect: "Allow",
    principals: { type: "*", identifiers: ["*"] },
    actions: ["execute-api:Invoke"],
    resources: ["execute-api:/*"],
  };
  const top = {
    data: { aws_iam_policy_document: { own: { statement }, other: { statement } } },
    locals: { own: JSON.parse(POLICY) as unknown, other: [] },
  };
  const messages = (hashed: string, policy: string, more: Record<string, unknown> = AFTER) =>
    found({ ...more, ...triggers(`sha1(jsonencode([${hashed}]))`) }, top, policy).map(({ message }) => message);
  const [DOCUMENT, LOCAL] = ["${data.aws_iam_policy_document.own.json}", "${jsonencode(local.own)}"];
  const AUTHORIZER = "aws_api_gateway_authorizer.pool";

  it.each([
    ["its document", `data.aws_iam_policy_document.own.json, ${AUTHORIZER}`, DOCUMENT],
    ["its document as a whole", `data.aws_iam_policy_document.own, ${AUTHORIZER}`, DOCUMENT],
    ["its local", `local.own, ${AUTHORIZER}`, LOCAL],
  ])("sees the policy in %s", (_, hashed, policy) => {
    expect(messages(hashed, policy)).toEqual([]);
  });

  it.each([
    ["its document", "data.aws_iam_policy_document.own.json", DOCUMENT],
    ["its local", "local.own", LOCAL],
  ])("does not see the authorizer in %s", (_, hashed, policy) => {
    expect(messages(hashed, policy)).toEqual([expect.stringContaining(`do not see ${AUTHORIZER}:`)]);
  });

  it.each([
    ["another document", `data.aws_iam_policy_document.other.json, ${AUTHORIZER}`, DOCUMENT],
    ["another local", `local.other, ${AUTHORIZER}`, LOCAL],
    [
      "a part of what it says",
      `local.own, ${AUTHORIZER}`,
      POLICY.replace('"*"', '"${local.own.Statement[0].Principal}"'),
    ],
    ["the region", `data.aws_region.here.name, ${AUTHORIZER}`, POLICY],
  ])("does not see the policy in %s", (_, hashed, policy) => {
    expect(messages(hashed, policy)).toEqual([
      expect.stringMatching(/do not see aws_api_gateway_rest_api_policy\.api:/),
    ]);
  });

  describe("under an index", () => {
    const indexed = {
      locals: { policies: { a: JSON.parse(POLICY) as unknown, b: [] }, list: `\${[local.policies["a"]]}` },
    };
    const A = '${jsonencode(local.policies["a"])}';
    const seen = (hashed: string) =>
      found({ ...AFTER, ...triggers(`sha1(jsonencode([${hashed}, ${AUTHORIZER}]))`) }, indexed, A).length === 0;

    it.each([
      ['local.policies["a"]', true],
      ["local.policies.a", true],
      ["local.policies", true],
      ["local.list", true],
      ["local.list[0]", true],
      ["values(local.policies)", true],
      ["[for one in local.policies : sha256(jsonencode(one))]", true],
      ["{ for key, one in local.policies : key => one }", true],
      ['join(",", concat(["x"], [jsonencode(local.policies["a"])]))', true],
      ['"v1 ${jsonencode(local.policies.a)}"', true],
      ['local.policies["b"]', false],
      ["local.policies.b", false],
      ["local.policies[each.key]", false],
      ["local.list[1]", false],
      ["length(local.policies)", false],
      ["keys(local.policies)", false],
      ["can(local.policies.a)", false],
      ['try(local.other, local.policies["a"])', false],
      ["local.policies.a == []", false],
      ["[for key, one in local.policies : key]", false],
      ['[for key, one in local.policies : one if key == "b"]', false],
      ["[for key, one in local.policies : length(one)]", false],
    ])("%s: seen %s", (hashed, expected) => {
      expect(seen(hashed)).toBe(expected);
    });

    it("ends where locals name one another in a circle", () => {
      const circle = { locals: { a: "${local.b.x}", b: "${local.a.x}" } };
      expect(found({ ...AFTER, ...triggers("sha1(jsonencode(local.a))") }, circle)).toHaveLength(1);
    });
  });

  it("still has to wait for the policy", () => {
    expect(messages(`data.aws_iam_policy_document.own.json, ${AUTHORIZER}`, DOCUMENT, {})).toEqual([
      expect.stringContaining("does not wait for"),
    ]);
  });

  it("is believed where a data source reads what is not here", () => {
    expect(found({ ...AFTER, ...triggers("data.local_file.spec.content_sha1") })).toEqual([]);
  });
});

describe("a deployment in a plan, whose triggers are not known yet", () => {
  const REST = ["aws_api_gateway_rest_api.this.id", "aws_api_gateway_rest_api.this"];
  const NAMED = "aws_api_gateway_rest_api_policy.this";

  function planned(prefix: string, references: string[], depends_on: string[]) {
    const values: Record<string, Record<string, unknown>> = {
      aws_api_gateway_rest_api: { name: "api" },
      aws_api_gateway_rest_api_policy: { policy: POLICY },
      aws_api_gateway_deployment: {},
      aws_api_gateway_stage: { stage_name: "live" },
    };
    const expressions: Record<string, Record<string, unknown>> = {
      aws_api_gateway_rest_api_policy: { rest_api_id: { references: REST }, policy: { constant_value: POLICY } },
      aws_api_gateway_deployment: { rest_api_id: { references: REST }, triggers: { references } },
      aws_api_gateway_stage: { rest_api_id: { references: REST } },
    };
    const unknown: Record<string, Record<string, true>> = {
      aws_api_gateway_rest_api: { id: true },
      aws_api_gateway_rest_api_policy: { rest_api_id: true },
      aws_api_gateway_deployment: { rest_api_id: true, triggers: true },
      aws_api_gateway_stage: { rest_api_id: true },
    };
    const types = Object.keys(values);
    const resources = types.map((type) => ({
      address: `${prefix}${type}.this`,
      mode: "managed",
      type,
      name: "this",
      values: values[type],
    }));
    const blocks = types.map((type) => ({
      address: `${type}.this`,
      mode: "managed",
      type,
      name: "this",
      provider_config_key: "aws",
      expressions: expressions[type] ?? {},
      ...(type === "aws_api_gateway_deployment" ? { depends_on } : {}),
    }));
    const inModule = prefix !== "";
    const provider = { expressions: { region: { constant_value: "eu-west-1" } } };
    const plan = {
      format_version: "1.2",
      planned_values: {
        root_module: inModule ? { child_modules: [{ address: "module.api", resources }] } : { resources },
      },
      resource_changes: types.map((type) => ({
        address: `${prefix}${type}.this`,
        change: { actions: ["create"], after_unknown: unknown[type] },
      })),
      configuration: {
        provider_config: { aws: { name: "aws", ...provider } },
        root_module: inModule ? { module_calls: { api: { module: { resources: blocks } } } } : { resources: blocks },
      },
    };
    const model = loadModel(`${scratch({ "plan.json": plan })}/plan.json`, { account: "111111111111" });
    expect(model.apis[0]?.deployments).toHaveLength(1);
    return runChecks(prepareChecks(model), [staleDeployment]).map(({ message }) => message);
  }

  it.each(["", "module.api."])("is judged by what they refer to (%s)", (prefix) => {
    expect(planned(prefix, [`${NAMED}.policy`, NAMED], [NAMED])).toEqual([]);
    expect(planned(prefix, [NAMED], [])).toEqual([]);
    expect(planned(prefix, ["local.frozen"], [NAMED])).toEqual([]);
    expect(planned(prefix, [`${NAMED}.id`, NAMED], [NAMED])).toEqual([expect.stringMatching(/do not see/)]);
    expect(planned(prefix, REST.slice(0, 1), [])).toEqual([
      expect.stringMatching(/do not see/),
      expect.stringMatching(/does not wait for/),
    ]);
  });
});
