import { readConfiguration } from "../../proof/terraform/configuration";
import type { ConfigurationOptions } from "../../proof/terraform/configuration";
import { RootModule } from "../../proof/terraform/module";
import { describeUnknown, Unknown } from "../../proof/terraform/value";
import type { Value } from "../../proof/terraform/value";
import { scratch } from "./scratch";

/** The output `it` of the module in a directory of its own, or of the one named `reader` among several. */
function output(files: Readonly<Record<string, unknown>>, options: ConfigurationOptions = {}): Value | undefined {
  const { modules } = readConfiguration(scratch(files), options);
  const module = modules.find(({ name }) => name === "reader") ?? modules[0];
  if (!(module instanceof RootModule)) throw new Error("expected a root module");
  return module.output("it");
}
const of = (expression: unknown, rest: Readonly<Record<string, unknown>>): Value | undefined =>
  output({ "main.tf.json": { ...rest, output: { it: { value: expression } } } });
const reason = (value: Value | undefined): string =>
  value instanceof Unknown ? describeUnknown(value) : `known: ${JSON.stringify(value)}`;

const aws = { provider: { aws: { region: "eu-west-1", allowed_account_ids: ["111111111111"] } } };

describe("a reference gives what the configuration says", () => {
  it("of a local value that refers to others, in whatever order they are written", () => {
    expect(of("${local.a}", { locals: [{ a: "${local.b}!" }, { b: "${upper(local.c)}" }, { c: "x" }] })).toBe("X!");
  });

  it("of an attribute of a resource", () => {
    expect(
      of("${aws_thing.a.tags.x}", { resource: { aws_thing: { a: { tags: { x: "${local.y}" } } } }, locals: { y: 1 } }),
    ).toBe(1);
  });

  it.each<[shape: string, resource: unknown]>([
    ["objects", { aws_thing: { a: { name: "n" } } }],
    ["a list of resource blocks", [{ aws_thing: { a: { name: "n" } } }]],
    ["a list of types' bodies", { aws_thing: [{ b: { name: "m" } }, { a: { name: "n" } }] }],
    ["a list around the block itself", { aws_thing: { a: [{ name: "n" }] } }],
  ])("written as %s", (_shape, resource) => {
    expect(of("${aws_thing.a.name}", { resource })).toBe("n");
  });

  it("of a nested block, by index or through a splat, however the block is written", () => {
    const one = { resource: { aws_thing: { a: { block: { x: 1 } } } } };
    const two = { resource: { aws_thing: { a: { block: [{ x: 1 }, { x: 2 }] } } } };
    expect(of("${aws_thing.a.block[0].x}", one)).toBe(1);
    expect(of("${aws_thing.a.block[*].x}", one)).toEqual([1]);
    expect(of("${aws_thing.a.block[1].x}", two)).toBe(2);
    expect(of("${aws_thing.a.block[*].x}", two)).toEqual([1, 2]);
  });

  it("of resources that count and for_each make", () => {
    const resource = {
      aws_thing: {
        c: { count: "${length(local.names)}", name: "${local.names[count.index]}-${count.index}" },
        f: { for_each: { b: 2, a: 1 }, name: "${each.key}${each.value}" },
        s: { for_each: "${toset(local.names)}", name: "${each.value}" },
        none: { count: 0, name: "x" },
      },
    };
    const rest = { resource, locals: { names: ["q", "p"] } };
    expect(of("${aws_thing.c[1].name}", rest)).toBe("p-1");
    expect(of("${aws_thing.c[*].name}", rest)).toEqual(["q-0", "p-1"]);
    expect(of('${aws_thing.f["b"].name}', rest)).toBe("b2");
    expect(of("${[for k, v in aws_thing.f : v.name]}", rest)).toEqual(["a1", "b2"]);
    expect(of('${aws_thing.s["q"].name}', rest)).toBe("q");
    expect(of("${one(aws_thing.none[*].name)}", rest)).toBeNull();
  });

  it("of a variable: the option over tfvars files over the default", () => {
    const variable = { v: { default: "default" } };
    const main = { variable, output: { it: { value: "${var.v}" } } };
    expect(output({ "main.tf.json": main })).toBe("default");
    expect(output({ "main.tf.json": main, "terraform.tfvars.json": { v: "file" } })).toBe("file");
    expect(
      output({ "main.tf.json": main, "terraform.tfvars.json": { v: "file" }, "z.auto.tfvars.json": { v: "auto" } }),
    ).toBe("auto");
    expect(
      output({ "main.tf.json": main, "terraform.tfvars.json": { v: "file" } }, { variables: { v: "option" } }),
    ).toBe("option");
  });

  it("of a variable that is no string, given as JSON", () => {
    const main = { variable: { v: { type: "list(string)" } }, output: { it: { value: "${var.v[0]}" } } };
    expect(output({ "main.tf.json": main }, { variables: { v: '["a"]' } })).toBe("a");
  });

  it("of the account, region and partition that a resource's own provider has", () => {
    const provider = {
      aws: [
        { region: "eu-west-1", allowed_account_ids: ["111111111111"] },
        { alias: "china", region: "cn-north-1", assume_role: [{ role_arn: "arn:aws-cn:iam::222222222222:role/x" }] },
      ],
    };
    const data = {
      aws_caller_identity: { a: {}, b: { provider: "aws.china" } },
      aws_partition: { b: { provider: "${aws.china}" } },
      aws_region: { b: { provider: "aws.china" } },
    };
    const resource = {
      aws_iam_role: { r: { provider: "aws.china", name: "r", path: "/p/" } },
      aws_lambda_function: { f: { function_name: "f" } },
    };
    const rest = { provider, data, resource };
    expect(of("${data.aws_caller_identity.a.account_id} ${data.aws_caller_identity.b.account_id}", rest)).toBe(
      "111111111111 222222222222",
    );
    expect(
      of("${data.aws_partition.b.partition} ${data.aws_partition.b.dns_suffix} ${data.aws_region.b.name}", rest),
    ).toBe("aws-cn amazonaws.com.cn cn-north-1");
    expect(of("${aws_iam_role.r.arn}", rest)).toBe("arn:aws-cn:iam::222222222222:role/p/r");
    expect(of("${aws_lambda_function.f.arn}", rest)).toBe("arn:aws:lambda:eu-west-1:111111111111:function:f");
  });

  it("of files beside the configuration", () => {
    expect(
      output({
        "main.tf.json": { output: { it: { value: '${jsondecode(file("${path.module}/policy.json")).Version}' } } },
        "policy.json": { Version: "2012-10-17" },
      }),
    ).toBe("2012-10-17");
  });
});

describe("what AWS would compute has the shape of the real thing", () => {
  const resource = {
    aws_api_gateway_rest_api: { api: { name: "api" } },
    aws_api_gateway_resource: {
      a: {
        rest_api_id: "${aws_api_gateway_rest_api.api.id}",
        parent_id: "${aws_api_gateway_rest_api.api.root_resource_id}",
        path_part: "a",
      },
      b: {
        rest_api_id: "${aws_api_gateway_rest_api.api.id}",
        parent_id: "${aws_api_gateway_resource.a.id}",
        path_part: "{b+}",
      },
    },
    aws_api_gateway_stage: { s: { rest_api_id: "${aws_api_gateway_rest_api.api.id}", stage_name: "live" } },
    aws_lambda_function: { f: { function_name: "f", publish: true } },
    aws_lambda_alias: { l: { name: "l", function_name: "${aws_lambda_function.f.arn}" } },
    aws_cognito_user_pool: { p: { name: "p" } },
    aws_cognito_user_pool_client: { c: { name: "c" } },
    aws_secretsmanager_secret: { s: { name: "db/password" } },
    aws_vpc_endpoint: { e: {} },
    aws_kms_key: { k: {} },
    aws_cloudwatch_log_group: { g: { name: "/logs" } },
    aws_iam_openid_connect_provider: { o: { url: "https://issuer.example/x" } },
    aws_s3_bucket: { b: { bucket: "b" } },
    aws_iam_role: { prefixed: { name_prefix: "svc-" } },
  };
  it.each<[expression: string, shape: RegExp]>([
    ["aws_api_gateway_rest_api.api.id", /^[a-z0-9]{10}$/],
    ["aws_api_gateway_rest_api.api.execution_arn", /^arn:aws:execute-api:eu-west-1:111111111111:[a-z0-9]{10}$/],
    ["aws_api_gateway_rest_api.api.arn", /^arn:aws:apigateway:eu-west-1::\/restapis\/[a-z0-9]{10}$/],
    ["aws_api_gateway_resource.b.path", /^\/a\/\{b\+\}$/],
    ["aws_api_gateway_stage.s.invoke_url", /^https:\/\/[a-z0-9]{10}\.execute-api\.eu-west-1\.amazonaws\.com\/live$/],
    ["aws_api_gateway_stage.s.execution_arn", /^arn:aws:execute-api:eu-west-1:111111111111:[a-z0-9]{10}\/live$/],
    [
      "aws_lambda_function.f.invoke_arn",
      /^arn:aws:apigateway:eu-west-1:lambda:path\/2015-03-31\/functions\/arn:aws:lambda:eu-west-1:111111111111:function:f\/invocations$/,
    ],
    ["aws_lambda_function.f.qualified_arn", /:function:f:1$/],
    ["aws_lambda_alias.l.arn", /^arn:aws:lambda:eu-west-1:111111111111:function:f:l$/],
    ["aws_lambda_alias.l.invoke_arn", /functions\/arn:aws:lambda:eu-west-1:111111111111:function:f:l\/invocations$/],
    ["aws_cognito_user_pool.p.id", /^eu-west-1_[A-Za-z0-9]{9}$/],
    ["aws_cognito_user_pool.p.arn", /^arn:aws:cognito-idp:eu-west-1:111111111111:userpool\/eu-west-1_[A-Za-z0-9]{9}$/],
    ["aws_cognito_user_pool.p.endpoint", /^cognito-idp\.eu-west-1\.amazonaws\.com\/eu-west-1_/],
    ["aws_cognito_user_pool_client.c.id", /^[a-z0-9]{26}$/],
    [
      "aws_secretsmanager_secret.s.arn",
      /^arn:aws:secretsmanager:eu-west-1:111111111111:secret:db\/password-[A-Za-z0-9]{6}$/,
    ],
    ["aws_vpc_endpoint.e.id", /^vpce-0[0-9a-f]{16}$/],
    [
      "aws_kms_key.k.arn",
      /^arn:aws:kms:eu-west-1:111111111111:key\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
    ],
    ["aws_cloudwatch_log_group.g.arn", /^arn:aws:logs:eu-west-1:111111111111:log-group:\/logs$/],
    ["aws_iam_openid_connect_provider.o.arn", /^arn:aws:iam::111111111111:oidc-provider\/issuer\.example\/x$/],
    ["aws_s3_bucket.b.arn", /^arn:aws:s3:::b$/],
    ["aws_iam_role.prefixed.arn", /^arn:aws:iam::111111111111:role\/svc-[0-9]{26}$/],
  ])("%s", (expression, shape) => {
    const value = of(`\${${expression}}`, { ...aws, resource });
    expect(value).toMatch(shape);
    expect(of(`\${${expression}}`, { ...aws, resource })).toBe(value);
  });
});

describe("what is not known says what is missing", () => {
  it.each<[what: string, expression: string, rest: Readonly<Record<string, unknown>>, because: RegExp]>([
    [
      "an attribute that no table computes",
      "${aws_thing.a.endpoint}",
      { resource: { aws_thing: { a: {} } } },
      /^aws_thing\.a\.endpoint is known only after apply$/,
    ],
    [
      "a data source",
      "${data.aws_vpc.v.id}",
      { data: { aws_vpc: { v: {} } } },
      /^data\.aws_vpc\.v\.id is read from AWS$/,
    ],
    ["a variable without a value", "${var.v}", { variable: { v: {} } }, /^var\.v has no value/],
    [
      "a resource that does not exist",
      "${aws_thing.b.id}",
      { resource: { aws_thing: { a: {} } } },
      /^aws_thing\.b does not exist/,
    ],
    ["a local value that does not exist", "${local.x}", {}, /^local\.x does not exist/],
    [
      "a local value in a circle",
      "${local.a}",
      { locals: { a: "${local.b}", b: "${local.a}" } },
      /^local\.a refers to itself$/,
    ],
    [
      "a resource in a circle",
      "${aws_thing.a.x}",
      { resource: { aws_thing: { a: { x: "${aws_thing.a.x}" } } } },
      /^aws_thing\.a\.x refers to itself$/,
    ],
    [
      "a count that depends on itself",
      "${aws_thing.a[0].x}",
      { resource: { aws_thing: { a: { count: "${length(aws_thing.a)}" } } } },
      /^aws_thing\.a refers to itself$/,
    ],
    [
      "a count that is not known",
      "${aws_thing.a[0].x}",
      { resource: { aws_thing: { a: { count: "${data.aws_vpc.v.n}" } } }, data: { aws_vpc: { v: {} } } },
      /^data\.aws_vpc\.v\.n is read/,
    ],
    [
      "a count that is no number",
      "${aws_thing.a[0].x}",
      { resource: { aws_thing: { a: { count: "many" } } } },
      /aws_thing\.a\.count is no whole number/,
    ],
    [
      "a module call",
      "${module.m.out}",
      { module: { m: { source: "./m" } } },
      /^module\.m is a module call, which is not read$/,
    ],
    [
      "a remote state that nothing here writes",
      "${data.terraform_remote_state.r.outputs.x}",
      { data: { terraform_remote_state: { r: { backend: "s3", config: { bucket: "b", key: "k" } } } } },
      /^data\.terraform_remote_state\.r reads a state that no module in this directory writes$/,
    ],
  ])("%s", (_what, expression, rest, because) => {
    expect(reason(of(expression, rest))).toMatch(because);
  });
});

describe("a remote state is the outputs of the module that writes it", () => {
  const writer = (terraform: unknown): unknown => ({ terraform, output: { x: { value: "from the writer" } } });
  const reader = (config: unknown, name = "r"): unknown => ({
    data: { terraform_remote_state: { [name]: config } },
    output: { it: { value: `\${data.terraform_remote_state.${name}.outputs.x}` } },
  });
  it.each<[how: string, terraform: unknown, data: unknown, name: string]>([
    [
      "the key in S3",
      { backend: { s3: { bucket: "b", key: "k", region: "eu-west-1" } } },
      { backend: "s3", config: { bucket: "b", key: "k" } },
      "r",
    ],
    [
      "the local path, from each module's own directory",
      { backend: { local: { path: "../states/w.tfstate" } } },
      { backend: "local", config: { path: "../states/w.tfstate" } },
      "r",
    ],
    ["Terraform's default path", {}, { backend: "local", config: { path: "../writer/terraform.tfstate" } }, "r"],
    [
      "the workspace in Terraform Cloud",
      { backend: { remote: { organization: "o", workspaces: { name: "w" } } } },
      { backend: "remote", config: { organization: "o", workspaces: [{ name: "w" }] } },
      "r",
    ],
    [
      "the name that CDKTF gives the data source",
      { backend: { local: { path: "/elsewhere/a.tfstate" } } },
      { backend: "local", config: { path: "/other/b.tfstate" } },
      "cross-stack-reference-input-writer",
    ],
  ])("found by %s", (_how, terraform, data, name) => {
    expect(output({ "writer/main.tf.json": writer(terraform), "reader/main.tf.json": reader(data, name) })).toBe(
      "from the writer",
    );
  });

  it("and not those of another key in the same bucket", () => {
    const files = {
      "writer/main.tf.json": writer({ backend: { s3: { bucket: "b", key: "other" } } }),
      "reader/main.tf.json": reader({ backend: "s3", config: { bucket: "b", key: "k" } }),
    };
    expect(reason(output(files))).toMatch(/reads a state that no module/);
  });

  it("and an output that the writer does not have is named", () => {
    const files = {
      "writer/main.tf.json": { terraform: { backend: { s3: { bucket: "b", key: "k" } } } },
      "reader/main.tf.json": reader({ backend: "s3", config: { bucket: "b", key: "k" } }),
    };
    expect(reason(output(files))).toBe("data.terraform_remote_state.r.outputs.x is no output of writer");
  });
});
