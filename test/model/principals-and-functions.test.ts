import { compilePolicy, reducePolicies } from "../../proof/iam";
import { apiId, load, warnings } from "./small-api";
import type { Resources } from "./small-api";

describe("roles and users have every policy, by whichever way it is attached", () => {
  const policy = (name: string): string => JSON.stringify({ Version: "2012-10-17", Statement: [{ Sid: name }] });
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const sids = (documents: readonly { readonly document: unknown }[] | undefined): string[] =>
    (documents ?? [])
      .map(({ document }) => (document as { Statement: { Sid: string }[] }).Statement[0]?.Sid ?? "")
      .sort();

  const model = load(
    {},
    {
      aws_iam_role: {
        r: {
          name: "r",
          assume_role_policy: trust,
          inline_policy: [{ name: "i", policy: policy("inline") }],
          managed_policy_arns: ["${aws_iam_policy.listed.arn}"],
        },
        other: { name: "other", assume_role_policy: trust, permissions_boundary: "${aws_iam_policy.boundary.arn}" },
        bounded: {
          name: "bounded",
          assume_role_policy: trust,
          permissions_boundary: "arn:aws:iam::aws:policy/job-function/SupportUser",
        },
      },
      aws_iam_user: { u: { name: "u", tags: { team: "a" } } },
      aws_iam_group: { g: { name: "g" } },
      aws_iam_policy: Object.fromEntries(
        ["listed", "attached", "shared", "group", "boundary"].map((name) => [name, { name, policy: policy(name) }]),
      ),
      aws_iam_role_policy: { x: { role: "${aws_iam_role.r.id}", policy: policy("own") } },
      aws_iam_role_policy_attachment: {
        x: { role: "${aws_iam_role.r.name}", policy_arn: "${aws_iam_policy.attached.arn}" },
      },
      aws_iam_policy_attachment: {
        x: { name: "x", roles: ["r"], users: ["u"], groups: ["g"], policy_arn: "${aws_iam_policy.shared.arn}" },
      },
      aws_iam_user_policy: { x: { user: "u", policy: policy("user") } },
      aws_iam_group_policy_attachment: { x: { group: "g", policy_arn: "${aws_iam_policy.group.arn}" } },
      aws_iam_user_group_membership: { x: { user: "u", groups: ["${aws_iam_group.g.name}"] } },
    },
  );

  it("a role", () => {
    expect(sids(model.roles.find(({ name }) => name === "r")?.identityPolicies)).toEqual([
      "attached",
      "inline",
      "listed",
      "own",
      "shared",
    ]);
  });

  it("a user, through its groups too", () => {
    expect(sids(model.users[0]?.identityPolicies)).toEqual(["group", "shared", "user"]);
    expect(model.users[0]).toMatchObject({ arn: "arn:aws:iam::111111111111:user/u", tags: { team: "a" } });
  });

  it("a permissions boundary of the configuration", () => {
    const other = model.roles.find(({ name }) => name === "other");
    expect(sids([other?.permissionsBoundary ?? { document: null }])).toEqual(["boundary"]);
    expect(other?.identityPolicies).toEqual([]);
  });

  it("a permissions boundary from elsewhere, of which only its limit is certain", () => {
    expect(model.roles.find(({ name }) => name === "bounded")?.permissionsBoundary).toMatchObject({
      document: null,
      unresolved: expect.stringContaining("arn:aws:iam::aws:policy/job-function/SupportUser") as string,
    });
  });
});

describe("what a policy says that is not in the configuration", () => {
  const statement = (Effect: string) => ({ Effect, Action: "execute-api:Invoke", Resource: "*" });
  const allowing = JSON.stringify({ Version: "2012-10-17", Statement: statement("Allow") });
  const role = (more: Resources) =>
    load(
      {},
      {
        aws_iam_role: {
          r: { name: "r", assume_role_policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) },
        },
        aws_iam_role_policy: { own: { name: "own", role: "${aws_iam_role.r.id}", policy: allowing } },
        ...more,
      },
    );
  const attached = (policy_arn: string) =>
    role({ aws_iam_role_policy_attachment: { x: { role: "${aws_iam_role.r.name}", policy_arn } } });
  /** What the role's policies come to for a call, AWS Managed Policy Reference. */
  const decided = ({ roles: [found] }: ReturnType<typeof load>, action = "execute-api:Invoke") => {
    const policies = (found?.identityPolicies ?? [])
      .slice(1)
      .map(({ document, source }) => compilePolicy(document, { kind: "identity", source }));
    const principal = { kind: "aws", arn: "", accountId: "1", principalArn: "" } as const;
    const resource = "arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/dev/GET/x";
    return reducePolicies(policies, { principal, action, resource, context: new Map() }).verdict;
  };

  it.each([
    ["AdministratorAccess", "ALLOW"],
    ["PowerUserAccess", "ALLOW"],
    ["AmazonAPIGatewayInvokeFullAccess", "ALLOW"],
    ["AWSDenyAll", "DENY"],
    ["AmazonAPIGatewayAdministrator", "NEITHER"],
    ["AWSXRayDaemonWriteAccess", "NEITHER"],
    ["service-role/AWSLambdaBasicExecutionRole", "NEITHER"],
    ["service-role/AWSLambdaVPCAccessExecutionRole", "NEITHER"],
    ["service-role/AmazonAPIGatewayPushToCloudWatchLogs", "NEITHER"],
  ])("is known of AWS's %s: %s for execute-api:Invoke, AWS Managed Policy Reference", (name, expected) => {
    const model = attached(`arn:aws:iam::aws:policy/${name}`);
    expect(model.problems).toEqual([]);
    expect(decided(model)).toBe(expected);
  });

  it.each(["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::111111111111:policy/elsewhere"])(
    "is not known of %s, so nothing is decided on it",
    (arn) => {
      const model = attached(arn);
      expect(model.roles[0]?.identityPolicies[1]).toMatchObject({
        unresolved: expect.stringContaining(arn) as string,
        source: { address: "aws_iam_role_policy_attachment.x.policy_arn" },
      });
      expect(warnings(model).map(({ message }) => message)).toEqual([expect.stringContaining(arn)]);
    },
  );

  it.each<[string, Resources, boolean]>([
    ["all of its own", { aws_iam_role_policies_exclusive: { e: { role_name: "r", policy_names: ["own"] } } }, true],
    ["none of its own", { aws_iam_role_policies_exclusive: { e: { role_name: "r", policy_names: [] } } }, false],
    ["another", { aws_iam_role_policies_exclusive: { e: { role_name: "r", policy_names: ["own", "b"] } } }, false],
    [
      "another attachment",
      {
        aws_iam_role_policy_attachments_exclusive: {
          e: { role_name: "r", policy_arns: ["arn:aws:iam::aws:policy/a"] },
        },
      },
      false,
    ],
  ])("is known of a role with exclusive policies only where they are %s", (_, more, known) => {
    const unresolved = role(more).roles[0]?.identityPolicies.filter((policy) => policy.unresolved !== undefined);
    expect(unresolved).toHaveLength(known ? 0 : 1);
  });
});

describe("what Terraform refuses is told by its address, and nothing is decided on it", () => {
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
  const aRole = { aws_iam_role: { r: { name: "r", assume_role_policy: trust } } };
  it.each([undefined, null, ""])("a policy of a role that is %j", (policy) => {
    const model = load({}, { ...aRole, aws_iam_role_policy: { x: { name: "x", role: "r", policy } } });
    const where = { address: "aws_iam_role_policy.x.policy" };
    expect(model.problems).toMatchObject([{ severity: "error", source: where }]);
    expect(model.roles[0]?.identityPolicies).toMatchObject([{ document: null, source: where }]);
  });

  it.each([undefined, null, ""])("a resource policy that is %j", (policy) => {
    const model = load({}, { aws_api_gateway_rest_api_policy: { x: { rest_api_id: apiId, policy } } });
    expect(model.problems).toMatchObject([{ severity: "error" }]);
    expect(model.apis[0]?.policy).toMatchObject({
      document: null,
      unresolved: "aws_api_gateway_rest_api_policy.x.policy is missing or empty, which Terraform refuses",
    });
  });

  it.each([undefined, null, ""])("a policy of the role %j", (role) => {
    const model = load({}, { ...aRole, aws_iam_role_policy: { x: { name: "x", role, policy: trust } } });
    expect(model.problems).toMatchObject([
      {
        severity: "error",
        message: "aws_iam_role_policy.x has no role",
        source: { address: "aws_iam_role_policy.x.role" },
      },
    ]);
  });

  it("a resource that is no object", () => {
    expect(() => load({}, { aws_iam_role_policy: { x: "y" as unknown as Record<string, unknown> } })).toThrow(
      'main.tf.json: aws_iam_role_policy.x is "y", not a block (an object)',
    );
  });

  it("a member that stands twice in a policy, by its name", () => {
    const twice = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Condition":{},"Condition":{}}]}';
    const model = load({}, { aws_api_gateway_rest_api_policy: { x: { rest_api_id: apiId, policy: twice } } });
    expect(model.apis[0]?.policy?.unresolved).toContain('has Statement[0]."Condition" twice in one object');
  });
});

describe("a function", () => {
  const functionOf = (values: Record<string, unknown>): Resources => ({
    aws_lambda_function: { f: { function_name: "f", runtime: "nodejs20.x", handler: "i.h", role: "r", ...values } },
  });
  it.each<[why: string, values: Record<string, unknown>, message: RegExp]>([
    ["a container image", { image_uri: "x" }, /aws_lambda_function\.f cannot be run: its code is a container image/],
    ["code in S3", { s3_bucket: "b", s3_key: "k" }, /its code stands in S3/],
    [
      "a file name that is not known",
      { filename: "${data.archive_file.z.output_path}" },
      /cannot be run: data\.archive_file\.z does not exist/,
    ],
    ["a zip that is not there", { filename: "gone.zip" }, /gone\.zip does not exist yet/],
  ])("of %s is reported as one that cannot run", (_why, values, message) => {
    expect(warnings(load({}, functionOf(values))).map((problem) => problem.message)).toEqual([
      expect.stringMatching(message),
    ]);
  });

  it("gets a text that says so for a variable that is not known, rather than none", () => {
    const model = load(
      {},
      {
        ...functionOf({
          filename: "main.tf.json",
          environment: { variables: { KNOWN: "1", TABLE: "${aws_thing.t.name}" } },
        }),
        aws_thing: { t: {} },
      },
    );
    expect(model.functions[0]?.environment).toEqual({ KNOWN: "1", TABLE: "unresolved:aws_thing.t.name" });
    expect(warnings(model).map((problem) => problem.source.address)).toEqual([
      'aws_lambda_function.f.environment.variables["TABLE"]',
    ]);
  });

  it("whose permission is not known has none", () => {
    const model = load(
      {},
      {
        ...functionOf({ filename: "main.tf.json" }),
        aws_lambda_permission: {
          p: {
            function_name: "f",
            action: "lambda:InvokeFunction",
            principal: "apigateway.amazonaws.com",
            source_arn: "${data.x.y.arn}",
          },
        },
      },
    );
    expect(model.functions[0]?.permissions).toEqual([]);
    expect(warnings(model).map((problem) => problem.message)).toContain(
      "aws_lambda_permission.p is taken to grant nothing",
    );
  });
});
