import { policyOf, synthesized, type Block } from "../synth/synthesized";

const stacks = synthesized({ environment: { state: { kind: "s3", bootstrapped: false } } });
const stack = stacks("delivery");
const statementsOf = (role: string) => policyOf(stack.one("aws_iam_role_policy", `github_${role}-policy`)).Statement;
const trustOf = (role: string) =>
  policyOf(stack.one("aws_iam_role", `github_${role}_`), "assume_role_policy").Statement;
const actions = (statements: readonly Record<string, unknown>[]): string[] =>
  statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => [Action].flat() as string[]);

describe("The state bucket", () => {
  it("cannot be destroyed by a plan", () =>
    expect(stack.one("aws_s3_bucket")).toMatchObject({
      bucket: "portcullis-dev-state-111111111111",
      lifecycle: { prevent_destroy: true },
    }));

  it("keeps old versions", () =>
    expect(stack.one("aws_s3_bucket_versioning")["versioning_configuration"]).toEqual({ status: "Enabled" }));

  it("encrypts with our own key", () =>
    expect(stack.one("aws_s3_bucket_server_side_encryption_configuration")["rule"]).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: expect.stringMatching(/^\$\{aws_kms_key\./),
        },
        bucket_key_enabled: true,
      },
    ]));

  it("is closed to the public in all four ways", () =>
    expect(stack.one("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    }));

  it("refuses plain HTTP", () =>
    expect(policyOf(stack.one("aws_s3_bucket_policy")).Statement).toEqual([
      expect.objectContaining({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    ]));
});

describe("State in S3", () => {
  it("is encrypted with the bucket's key and locked without a table", () =>
    expect(stacks("public-api").json.terraform["backend"]).toEqual({
      s3: {
        bucket: "portcullis-dev-state-111111111111",
        key: "portcullis-dev-public-api.tfstate",
        region: "eu-west-1",
        encrypt: true,
        kms_key_id: "arn:aws:kms:eu-west-1:111111111111:alias/portcullis-dev-state",
        allowed_account_ids: ["111111111111"],
        use_lockfile: true,
      },
    }));

  it.each([
    [false, "local"],
    [true, "s3"],
  ])("holds the delivery stack's own state once it is bootstrapped: %s", (bootstrapped, backend) =>
    expect(
      Object.keys(
        synthesized({ environment: { state: { kind: "s3", bootstrapped } } })("delivery").json.terraform[
          "backend"
        ] as Block,
      ),
    ).toEqual([backend]),
  );
});

describe("The pipeline", () => {
  it.each([
    ["plan", ["repo:example-org/portcullis:pull_request", "repo:example-org/portcullis:ref:refs/heads/main"]],
    ["apply", "repo:example-org/portcullis:environment:dev"],
  ])("may %s only as %j, exactly", (role, subject) =>
    expect(trustOf(role)).toEqual([
      {
        Effect: "Allow",
        Principal: { Federated: expect.stringMatching(/^\$\{aws_iam_openid_connect_provider\./) },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: {
          StringEquals: {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": subject,
          },
        },
      },
    ]),
  );

  it("can write nothing but the lock while it plans, and assume only the partner's reading role", () => {
    const reads = /^[a-z0-9-]+:(Get|List|Describe|GET$)|^kms:(Decrypt|GenerateDataKey)$/;
    const writes = statementsOf("plan").flatMap(({ Action, Resource }) =>
      ([Action].flat() as string[]).filter((action) => !reads.test(action)).map((action) => [action, Resource]),
    );
    expect(writes).toEqual([
      ["s3:PutObject", "arn:aws:s3:::portcullis-dev-state-111111111111/*.tflock"],
      ["s3:DeleteObject", "arn:aws:s3:::portcullis-dev-state-111111111111/*.tflock"],
      ["sts:AssumeRole", ["arn:aws:iam::222222222222:role/portcullis-provisioner-plan"]],
    ]);
  });

  it.each(["cognito-idp:ListUsers", "cognito-idp:AdminGetUser", "wafv2:GetSampledRequests", "logs:GetLogEvents"])(
    "cannot read what callers left behind with %s while it plans",
    (action) =>
      expect(
        actions(statementsOf("plan")).filter((pattern) =>
          new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i").test(action),
        ),
      ).toEqual([]),
  );

  it("cannot read a secret's value, planning or applying", () => {
    for (const role of ["plan", "apply"]) {
      const readers = actions(statementsOf(role)).filter((action) =>
        /^(\*|secretsmanager:(\*|Get\*|GetSecret.*|BatchGet.*))$/.test(action),
      );
      expect(readers).toEqual([]);
    }
  });

  it("cannot unprotect the state bucket while it applies", () =>
    expect(statementsOf("apply").filter(({ Effect }) => Effect === "Deny")).toContainEqual(
      expect.objectContaining({ Action: ["s3:DeleteBucket*", "s3:PutBucket*"], Resource: "*" }),
    ));

  it("may assume the provisioner in the partner's account and nothing else", () =>
    expect(statementsOf("apply").find(({ Sid }) => Sid === "PartnerAccounts")?.["Resource"]).toEqual([
      "arn:aws:iam::222222222222:role/portcullis-provisioner",
    ]));
});

describe("A managed partner's account", () => {
  const partner = stacks("delivery-acme");

  it.each([
    ["provisioner_writer_", "portcullis-provisioner", "portcullis-dev-apply"],
    ["provisioner_reader_", "portcullis-provisioner-plan", "portcullis-dev-plan"],
  ])("has a %s role %s that trusts %s by its exact ARN", (id, name, pipeline) => {
    const role = partner.one("aws_iam_role", id);
    expect(role["name"]).toBe(name);
    expect(policyOf(role, "assume_role_policy").Statement).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "sts:AssumeRole",
        Condition: { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::111111111111:role/${pipeline}` } },
      },
    ]);
  });

  it("is managed as far as roles of this environment's name, and no further", () => {
    const allowed = partner
      .all("aws_iam_role_policy")
      .flatMap((policy) => policyOf(policy).Statement)
      .filter(({ Effect }) => Effect === "Allow");
    for (const { Action, Resource } of allowed) {
      expect(Resource).toBe("arn:aws:iam::222222222222:role/portcullis-dev-*");
      expect([Action].flat()).not.toContain("iam:PassRole");
    }
  });

  it("is only read for a pull request", () => {
    const [statement] = policyOf(partner.one("aws_iam_role_policy", "provisioner_reader")).Statement;
    for (const action of [statement?.["Action"]].flat()) expect(action).toMatch(/^iam:(Get|List)/);
  });

  it("also trusts the people an environment names", () => {
    const operator = "arn:aws:iam::999999999999:role/administrator";
    const named = synthesized({
      environment: { delivery: { apiGatewayLogging: false, operatorRoleArns: [operator] } },
    });
    expect(
      policyOf(named("delivery-acme").one("aws_iam_role", "provisioner_writer_"), "assume_role_policy").Statement,
    ).toEqual([
      expect.objectContaining({
        Principal: { AWS: ["arn:aws:iam::111111111111:root", "arn:aws:iam::999999999999:root"] },
        Condition: {
          ArnEquals: { "aws:PrincipalArn": ["arn:aws:iam::111111111111:role/portcullis-dev-apply", operator] },
        },
      }),
    ]);
  });
});

describe("API Gateway's account-wide logging role", () => {
  it("is set where the environment says so", () => expect(stack.all("aws_api_gateway_account")).toHaveLength(1));

  it("is left alone otherwise, because one account has one for all projects", () =>
    expect(
      synthesized({ environment: { delivery: { apiGatewayLogging: false, operatorRoleArns: [] } } })("delivery").all(
        "aws_api_gateway_account",
      ),
    ).toEqual([]));
});
