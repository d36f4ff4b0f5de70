/** The condition keys of a signed caller (API Gateway Developer Guide, AWS condition keys for resource policies). */
import type { Caller } from "../../proof/decision/types";
import { ACCOUNT, allowAll, ask, caller, NOW, policy, request, route, status } from "./support";

const iam = { routes: [route("GET", "/orders", { type: "AWS_IAM" as const })] };
const sent = request("GET", "/dev/orders");

/** Whether a resource policy with this condition admits a caller, who is made anew each time. */
async function holds(Condition: Record<string, unknown>, more: Parameters<typeof caller>[0] = {}, issued = true) {
  const { issuedAt, ...longTerm } = caller(more);
  const who: Caller = issued && issuedAt !== undefined ? { ...longTerm, issuedAt } : longTerm;
  return status(await ask({ ...iam, policy: policy([{ ...allowAll, Condition }]) }, sent, { caller: who })) === "allow";
}

describe("a signed caller is known to policies", () => {
  it.each<[string, string, Record<string, unknown>]>([
    ["aws:PrincipalArn", `arn:aws:iam::${ACCOUNT}:role/reader`, {}],
    ["aws:PrincipalAccount", ACCOUNT, {}],
    ["aws:PrincipalType", "AssumedRole", {}],
    ["aws:userid", "AROAEXAMPLE0000000001:session", {}],
    ["aws:userid", "AROAOTHER:s", { userId: "AROAOTHER:s" }],
    ["aws:PrincipalOrgID", "o-a1b2c3d4e5", { organizationId: "o-a1b2c3d4e5" }],
    ["aws:PrincipalTag/team", "x", { tags: { team: "x" } }],
    ["aws:TokenIssueTime", "2026-11-22T11:59:00Z", {}],
    ["aws:MultiFactorAuthPresent", "false", {}],
    ["aws:MultiFactorAuthPresent", "true", { mfaAgeSeconds: 300 }],
    ["aws:MultiFactorAuthAge", "300", { mfaAgeSeconds: 300 }],
  ])("%s is %s", async (key, value, more) => {
    expect(await holds({ StringEquals: { [key]: value } }, more)).toBe(true);
    expect(await holds({ StringEquals: { [key]: `${value}x` } }, more)).toBe(false);
  });

  it.each<[string, string, boolean, Parameters<typeof caller>[0]]>([
    ["no organization", "aws:PrincipalOrgID", true, {}],
    ["no tags", "aws:PrincipalTag/team", true, {}],
    ["temporary credentials made without MFA", "aws:MultiFactorAuthAge", true, {}],
    ["long-term credentials", "aws:TokenIssueTime", false, {}],
    ["long-term credentials", "aws:MultiFactorAuthPresent", false, { mfaAgeSeconds: 300 }],
    ["long-term credentials", "aws:MultiFactorAuthAge", false, { mfaAgeSeconds: 300 }],
  ])("but with %s there is no %s", async (_, key, issued, more) => {
    expect(await holds({ Null: { [key]: "true" } }, more, issued)).toBe(true);
  });

  it("also at the next request of the same caller, from elsewhere", async () => {
    const who = caller({ issuedAt: NOW - 1000 });
    const Condition = { StringEquals: { "aws:userid": who.userId }, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
    const world = { ...iam, policy: policy([{ ...allowAll, Condition }]) };
    const from = (sourceIp: string) => request("GET", "/dev/orders", { network: { sourceIp } });
    const answers = [
      await ask(world, from("203.0.113.7"), { caller: who }),
      await ask(world, from("10.0.0.1"), { caller: who }),
    ];
    expect(answers.map(status)).toEqual(["allow", 403]);
  });
});
