import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { dev } from "../../environments/dev";
import { policyOf, synthesized, type Block, type Stack } from "../synth/synthesized";

const stacks = synthesized();
const API = "111111111111";
const PARTNER = "222222222222";
const iam = (account: string, what: string): string => `arn:aws:iam::${account}:${what}`;
const boundaryOf = (account: string): string => iam(account, "policy/portcullis-dev-boundary");
const ADMINISTRATOR = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
/** Requests stay within one account, so that an identity policy is all they need. */
const callerOf = (account: string): string => iam(account, "role/portcullis-dev-caller");
/** What Terraform fills in: nothing that these requests are about. */
const document = (policy: Block): unknown =>
  JSON.parse(String(policy["policy"]).replace(/\$\{[^}]+\}/g, "arn:aws:kms:eu-west-1:111111111111:key/state"));
const pipeline: Readonly<Record<string, unknown>> = {
  [API]: document(stacks("delivery").one("aws_iam_role_policy", "github_apply-policy")),
  [PARTNER]: document(stacks("delivery-acme").one("aws_iam_role_policy", "provisioner_writer-policy")),
};
const limits: Readonly<Record<string, unknown>> = {
  [API]: document(stacks("delivery").one("aws_iam_policy")),
  [PARTNER]: document(stacks("delivery-acme").one("aws_iam_policy")),
};

interface Asked {
  readonly callerArn: string;
  readonly action: string;
  readonly resource: string;
  readonly identityPolicies: readonly unknown[];
  readonly permissionsBoundaries?: readonly unknown[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** The evaluator's answers, one for each request. */
function decide(requests: readonly Asked[]): string[] {
  const input = requests.map((one, id) => JSON.stringify({ id: String(id), context: {}, ...one }));
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(__dirname, "..", "..", "bin", "portcullis.js"), "simulate", "-"],
    { input: input.join("\n"), encoding: "utf8" },
  );
  expect(stderr).toBe("");
  return stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { decision: string }).decision);
}

describe.each([API, PARTNER])("What the pipeline may do with roles in account %s", (account) => {
  const role = iam(account, "role/portcullis-dev-made");
  const own = account === API ? "role/portcullis-dev-apply" : "role/portcullis-provisioner";
  const within = { "iam:PermissionsBoundary": [boundaryOf(account)] };
  const other = { "iam:PermissionsBoundary": ["arn:aws:iam::aws:policy/AdministratorAccess"] };
  const cases: readonly (readonly [string, string, string, Asked["context"], string])[] = [
    ["a role within the boundary is made", "iam:CreateRole", role, within, "allowed"],
    ["a role without one is not", "iam:CreateRole", role, {}, "implicitDeny"],
    ["nor one within another", "iam:CreateRole", role, other, "implicitDeny"],
    ["a role within it is given rights", "iam:PutRolePolicy", role, within, "allowed"],
    ["a role without it is not", "iam:PutRolePolicy", role, {}, "implicitDeny"],
    ["nor by a managed policy", "iam:AttachRolePolicy", role, {}, "implicitDeny"],
    ["the boundary is put on", "iam:PutRolePermissionsBoundary", role, within, "allowed"],
    ["another is not put in its place", "iam:PutRolePermissionsBoundary", role, other, "implicitDeny"],
    ["it is not taken off", "iam:DeleteRolePermissionsBoundary", role, within, "explicitDeny"],
    ["it is not rewritten", "iam:CreatePolicyVersion", boundaryOf(account), {}, "explicitDeny"],
    ["nor set back to an older version", "iam:SetDefaultPolicyVersion", boundaryOf(account), {}, "explicitDeny"],
    ["nor deleted", "iam:DeletePolicy", boundaryOf(account), {}, "explicitDeny"],
    ["its own role is given nothing", "iam:PutRolePolicy", iam(account, own), within, "explicitDeny"],
    ["nor opened to others", "iam:UpdateAssumeRolePolicy", iam(account, own), {}, "explicitDeny"],
    ["nor is its reader's", "iam:AttachRolePolicy", iam(account, own.replace("apply", "plan")), within, "explicitDeny"],
    ["a role of another name is not made", "iam:CreateRole", iam(account, "role/other"), within, "implicitDeny"],
    ["no user is made", "iam:CreateUser", iam(account, "user/portcullis-dev-x"), within, "implicitDeny"],
    ["a role is removed", "iam:DeleteRole", role, {}, "allowed"],
  ];
  const decisions = decide(
    cases.map(([, action, resource, context = {}]) => ({
      callerArn: callerOf(account),
      action,
      resource,
      context,
      identityPolicies: [pipeline[account]],
    })),
  );

  it.each(cases.map((one, index) => [...one, index] as const))(
    "%s: %s on %s",
    (_what, _action, _resource, _context, expected, index) => expect(decisions[index]).toBe(expected),
  );
});

describe("What the pipeline may write by name", () => {
  const arn = (service: string, resource: string): string => `arn:aws:${service}:eu-west-1:${API}:${resource}`;
  const passed = (service: string): Asked["context"] => ({ "iam:PassedToService": [service] });
  const linked = (service: string): Asked["context"] => ({ "iam:AWSServiceName": [service] });
  const made = iam(API, "role/portcullis-dev-public-api-health");
  const awsOwn = iam(API, "role/aws-service-role/ssm.amazonaws.com/AWSServiceRoleForAmazonSSM");
  const cases: readonly (readonly [string, string, string, string, Asked["context"]?])[] = [
    ["own roles, given to Lambda", "iam:PassRole", made, "allowed", passed("lambda.amazonaws.com")],
    ["to no service that none of ours is for", "iam:PassRole", made, "implicitDeny", passed("ec2.amazonaws.com")],
    ["AWS's role for the firewall", "iam:CreateServiceLinkedRole", awsOwn, "allowed", linked("wafv2.amazonaws.com")],
    ["not for other services", "iam:CreateServiceLinkedRole", awsOwn, "implicitDeny", linked("ssm.amazonaws.com")],
    ["networks", "ec2:ModifyVpcEndpoint", arn("ec2", "vpc-endpoint/vpce-1"), "allowed"],
    ["rules of security groups", "ec2:RevokeSecurityGroupIngress", arn("ec2", "security-group/sg-1"), "allowed"],
    ["no instances", "ec2:ModifyInstanceAttribute", arn("ec2", "instance/i-1"), "implicitDeny"],
    [
      "own functions",
      "lambda:UpdateFunctionCode",
      arn("lambda", "function:portcullis-dev-public-api-health"),
      "allowed",
    ],
    [
      "no others, which have their own rights",
      "lambda:UpdateFunctionCode",
      arn("lambda", "function:payroll"),
      "implicitDeny",
    ],
    [
      "own secrets",
      "secretsmanager:UpdateSecret",
      arn("secretsmanager", "secret:portcullis-dev-public-api-signing-AbCdEf"),
      "allowed",
    ],
    [
      "no others, which it would then know",
      "secretsmanager:UpdateSecret",
      arn("secretsmanager", "secret:payroll-AbCdEf"),
      "implicitDeny",
    ],
    ["keys of the stacks", "kms:ScheduleKeyDeletion", arn("kms", "key/other"), "allowed"],
    ["not that of the state", "kms:ScheduleKeyDeletion", arn("kms", "key/state"), "explicitDeny"],
    ["nor its policy", "kms:PutKeyPolicy", arn("kms", "key/state"), "explicitDeny"],
    ["which it uses", "kms:GenerateDataKey", arn("kms", "key/state"), "allowed"],
    ["to read as well", "kms:Decrypt", arn("kms", "key/state"), "allowed"],
  ];
  const decisions = decide(
    cases.map(([, action, resource, , context = {}]) => ({
      callerArn: callerOf(API),
      action,
      resource,
      context,
      identityPolicies: [pipeline[API]],
    })),
  );

  it.each(cases.map(([what, action, resource, expected], index) => [what, action, resource, expected, index] as const))(
    "%s: %s on %s",
    (_what, _action, _resource, expected, index) => expect(decisions[index]).toBe(expected),
  );
});

it("The pipeline leaves people's roles alone, also those called as its environment's are", () => {
  const [administrator, operator, bootstrap] = [
    iam(API, "role/portcullis-dev-administrator"),
    iam(API, "role/portcullis-dev-operator"),
    iam(PARTNER, "role/portcullis-dev-bootstrap"),
  ];
  const named = synthesized({
    environment: {
      provisionerRoleArn: administrator,
      delivery: { ...dev.delivery, operatorRoleArns: [operator] },
      partners: dev.partners.map((partner) => ({ ...partner, bootstrapRoleArn: bootstrap })),
    },
  });
  const apply = document(named("delivery").one("aws_iam_role_policy", "github_apply-policy"));
  const provisioner = document(named("delivery-acme").one("aws_iam_role_policy", "provisioner_writer-policy"));
  const ask = (account: string, policy: unknown, resource: string): Asked => ({
    callerArn: callerOf(account),
    action: "iam:UpdateAssumeRolePolicy",
    resource,
    identityPolicies: [policy],
  });
  expect(
    decide([ask(API, apply, administrator), ask(API, apply, operator), ask(PARTNER, provisioner, bootstrap)]),
  ).toEqual(["explicitDeny", "explicitDeny", "explicitDeny"]);
});

it("A role within the boundary is no administrator, whatever policy it is given", () => {
  const actions = [
    "iam:CreateUser",
    "iam:PutRolePolicy",
    "lambda:UpdateFunctionCode",
    "s3:GetObject",
    "sts:AssumeRole",
  ];
  const asked = [API, PARTNER].flatMap((account) =>
    actions.map((action) => ({
      callerArn: callerOf(account),
      action,
      resource: action.startsWith("s3:")
        ? "arn:aws:s3:::portcullis-dev-state-111111111111/a.tfstate"
        : iam(account, "role/x"),
      identityPolicies: [ADMINISTRATOR],
      permissionsBoundaries: [limits[account]],
    })),
  );
  expect(new Set(decide(asked))).toEqual(new Set(["implicitDeny"]));
});

describe("Every role the pipeline makes", () => {
  const parts = ["identity", "network", "public-api", "private-api", "partner-access-acme"];

  it.each(parts)("of %s carries its account's boundary", (part) => {
    const account = part.startsWith("partner") ? PARTNER : API;
    const boundaries = stacks(part)
      .all("aws_iam_role")
      .map((role) => role["permissions_boundary"]);
    expect(new Set(boundaries)).toEqual(new Set([boundaryOf(account)]));
  });

  it.each(parts)("of %s can do all that its own policy says: the boundary takes nothing of it", (part) => {
    const account = part.startsWith("partner") ? PARTNER : API;
    const asked = stacks(part)
      .all("aws_iam_role_policy")
      .flatMap((policy) => policyOf(policy).Statement)
      .flatMap(({ Action, Resource }) =>
        [Action].flat().flatMap((action) =>
          [Resource].flat().map((resource): Asked => ({
            callerArn: callerOf(API),
            action: String(action),
            resource: arnOf(stacks(part), String(resource)),
            context: { "kms:ViaService": ["secretsmanager.eu-west-1.amazonaws.com"] },
            identityPolicies: [ADMINISTRATOR],
            permissionsBoundaries: [limits[account]],
          })),
        ),
      );
    expect(asked.length).toBeGreaterThan(0);
    const decisions = decide(asked);
    expect(asked.filter((_one, index) => decisions[index] !== "allowed")).toEqual([]);
  });
});

it("The pipeline's own roles, which a person makes, carry none", () => {
  for (const part of ["delivery", "delivery-acme"]) {
    for (const role of stacks(part).all("aws_iam_role")) expect(role["permissions_boundary"]).toBeUndefined();
  }
});

/** The ARN that Terraform would put in the place of a reference. */
function arnOf(stack: Stack, resource: string): string {
  return resource
    .replace(/\$\{(aws_\w+)\.([\w-]+)\.arn\}/, (_whole, type: string, id: string) => {
      const name = String(stack.json.resource[type]?.[id]?.["name"]);
      if (type === "aws_cloudwatch_log_group") return `arn:aws:logs:eu-west-1:${API}:log-group:${name}`;
      if (type === "aws_secretsmanager_secret") return `arn:aws:secretsmanager:eu-west-1:${API}:secret:${name}-AbCdEf`;
      return `arn:aws:kms:eu-west-1:${API}:key/11111111-2222-3333-4444-555555555555`;
    })
    .replace(/\$\{data\.[^}]+\}/, `arn:aws:execute-api:eu-west-1:${API}:a1b2c3d4e5`)
    .replace(/:\*$/, ":log-stream:one");
}
