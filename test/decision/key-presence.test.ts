/**
 * In which calls AWS gives a condition key (AWS global condition context keys, "Availability" of each; for resource
 * policies: AWS condition keys that can be used in API Gateway resource policies). A Deny under a key that is not in the
 * call does not apply, and what depends on one that may be in it, with whatever value, is refused.
 */
import type { Decision } from "../../proof/decision/types";
import type { World } from "./support";
import { ACCOUNT, allowAll, ask, caller, denyAll, NOW, policy, request, route, source, status } from "./support";

const own = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const iam: World = { routes: [route("GET", "/orders", { type: "AWS_IAM" })] };
const open: World = { routes: [route("GET", "/orders")] };
const outside = request("GET", "/dev/orders");
const inside = request("GET", "/dev/orders", { network: { sourceIp: "10.0.0.1", vpc: { endpoint: "vpce-a" } } });

/** A caller with an access key of an IAM user, or with the temporary credentials of a role's session. */
function as(credentials: "user" | "session", statements: readonly object[]) {
  const { issuedAt: _, ...user } = caller({ identityPolicies: [policy(statements)] });
  if (credentials === "session") return { ...user, issuedAt: NOW - 60_000 };
  const arn = `arn:aws:iam::${ACCOUNT}:user/ann`;
  return { ...user, userId: "AIDAEXAMPLE0000000001", principal: { ...user.principal, arn, principalArn: arn } };
}

type Asked = (Condition: object) => Promise<Decision>;

const signed =
  (credentials: "user" | "session"): Asked =>
  (Condition) =>
    ask(iam, outside, { caller: as(credentials, [own, { ...own, Effect: "Deny", Condition }]) });

/** Nobody signed; the resource policy denies under the condition. */
const unsigned: Asked = (Condition) => ask({ ...open, policy: policy([allowAll, { ...denyAll, Condition }]) }, outside);

/** A Deny for one value, one for any value, and one for none. */
async function answers(asked: Asked, key: string, value = "one") {
  const conditions = [{ StringEquals: { [key]: value } }, { Null: { [key]: "false" } }, { Null: { [key]: "true" } }];
  return (await Promise.all(conditions.map(asked))).map(status);
}
const ABSENT = ["allow", "allow", 403];
const UNKNOWN = [500, 500, 500];

describe("is not in a call that a caller makes by itself", () => {
  it.each([
    ["aws:CalledVia", "where a service passes on the caller's request"],
    ["aws:CalledViaFirst", "where a service passes on the caller's request"],
    ["aws:CalledViaLast", "where a service passes on the caller's request"],
    ["aws:PrincipalServiceName", "where a service principal calls"],
    ["aws:PrincipalServiceNamesList", "where a service principal calls"],
    ["aws:SourceAccount", "where a service principal calls, for a resource"],
    ["aws:SourceOrgID", "where a service principal calls, for a resource"],
    ["aws:SourceOrgPaths", "where a service principal calls, for a resource"],
    ["aws:SourceArn", "where a service principal calls, for a resource"],
    ["aws:TagKeys", "where the operation passes tags"],
    ["aws:RequestTag/team", "where the operation passes tags"],
    ["aws:AssumedRoot", "in a privileged session of a member account's root user"],
    ["aws:Referer", "where the caller sends the header"],
    ["aws:UserAgent", "where the caller sends the header"],
    ["aws:SourceVpc", "where the call comes through an interface endpoint"],
    ["aws:SourceVpce", "where the call comes through an interface endpoint"],
    ["aws:VpcSourceIp", "where the call comes through an interface endpoint"],
    ["aws:PrincipalOrgID", "where the caller's account is in an organization"],
    ["aws:PrincipalTag/team", "where the caller has the tag"],
    ["aws:MultiFactorAuthAge", "where temporary credentials were made with MFA"],
    ["s3:prefix", "in calls of its own service"],
  ])("%s, which is there %s", async (key) => {
    expect(await answers(signed("session"), key)).toEqual(ABSENT);
    expect(await answers(signed("user"), key)).toEqual(ABSENT);
  });
});

describe("may be in a call with temporary credentials, and in no other", () => {
  it.each([
    ["aws:FederatedProvider", "web identity and SAML"],
    ["aws:SourceIdentity", "set where the role was assumed"],
    ["aws:ChatbotSourceArn", "a role that a chat channel assumed"],
    ["aws:SignInSessionArn", "a console sign-in"],
    ["aws:Ec2InstanceSourceVpc", "an instance's role"],
    ["aws:Ec2InstanceSourcePrivateIPv4", "an instance's role"],
    ["saml:aud", "AssumeRoleWithSAML; IAM and AWS STS condition context keys"],
    ["accounts.google.com:aud", "AssumeRoleWithWebIdentity; IAM and AWS STS condition context keys"],
    ["oidc.example.com/id/1:sub", "AssumeRoleWithWebIdentity; IAM and AWS STS condition context keys"],
  ])("%s: %s", async (key) => {
    expect(await answers(signed("session"), key)).toEqual(UNKNOWN);
    expect(await answers(signed("user"), key)).toEqual(ABSENT);
    expect(await answers(unsigned, key)).toEqual(ABSENT);
  });
});

describe("is in no call that nobody signed", () => {
  it.each([
    ["aws:PrincipalOrgPaths", "o-a/r-b/ou-c/", UNKNOWN, "where the caller's account is in an organization"],
    ["aws:PrincipalAccount", ACCOUNT, [403, 403, "allow"], "in all signed calls"],
    ["aws:userid", "AIDAEXAMPLE0000000001", [403, 403, "allow"], "in all signed calls"],
  ])("%s", async (key, value, ofSigned) => {
    expect(await answers(signed("user"), key, value)).toEqual(ofSigned);
    expect(await answers(unsigned, key, value)).toEqual(ABSENT);
  });
});

describe("may be in a call through an interface endpoint, and in no other", () => {
  const Resource = "execute-api:/*";
  it.each(["aws:SourceVpcArn", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths"])("%s", async (key) => {
    const through: Asked = (Condition) =>
      ask(
        { ...open, endpointType: "PRIVATE", policy: policy([allowAll, { ...denyAll, Resource, Condition }]) },
        inside,
      );
    const signedThrough: Asked = (Condition) =>
      ask({ ...iam, endpointType: "PRIVATE", policy: policy([allowAll]) }, inside, {
        caller: as("user", [own, { ...own, Effect: "Deny", Condition }]),
      });
    expect(await answers(through, key)).toEqual(UNKNOWN);
    expect(await answers(signedThrough, key)).toEqual(UNKNOWN);
    expect(await answers(unsigned, key)).toEqual(ABSENT);
    expect(await answers(signed("user"), key)).toEqual(ABSENT);
  });
});

describe("the policy of an interface endpoint is held with and without what API Gateway's table does not list", () => {
  const world = (Condition: object, auth: World): World => ({
    ...auth,
    endpointType: "PRIVATE",
    policy: policy([allowAll]),
    models: {
      vpcEndpoints: [
        {
          address: "aws_vpc_endpoint.a",
          id: "vpce-a",
          vpcId: "vpc-a",
          accountId: ACCOUNT,
          serviceName: "com.amazonaws.us-east-1.execute-api",
          policy: policy(
            [
              { ...own, Principal: "*" },
              { ...own, Effect: "Deny", Principal: "*", Condition },
            ],
            "endpoint",
          ),
          source: source("aws_vpc_endpoint.a"),
        },
      ],
    },
  });
  it.each<[string, object, "allow" | number]>([
    [
      "its region is another with the key, and without it none is denied",
      { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
      500,
    ],
    ["no call there is of another region", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } }, "allow"],
    ["listed without criteria", { StringEquals: { "aws:SourceArn": "one" } }, 500],
  ])("%s", async (_, Condition, expected) => {
    for (const [auth, step] of [
      [open, "vpc-endpoint-policy"],
      [iam, "identity-policy"],
    ] as const) {
      const decision = await ask(world(Condition, auth), inside, { caller: as("user", [own]) });
      expect(status(decision)).toBe(expected);
      if (expected === 500) expect(decision.trace.at(-1)).toMatchObject({ step, source: { address: "endpoint" } });
    }
  });
});
