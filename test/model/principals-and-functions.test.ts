import { load, warnings } from "./small-api";
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
          permissions_boundary: "arn:aws:iam::aws:policy/PowerUserAccess",
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
      unresolved: expect.stringContaining("arn:aws:iam::aws:policy/PowerUserAccess") as string,
    });
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
