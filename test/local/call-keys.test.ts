/** The keys of calls to the local AWS endpoints (AWS global condition context keys). */
import { decideCall } from "../../proof/local/credentials-access";
import { caller, policy } from "../decision/support";

const resource = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:a-Bc1d2E";
const call = { action: "secretsmanager:GetSecretValue", resource, resourceOwner: "111122223333", now: 0 };
const decided = (Condition: object): string => {
  const allow = { Effect: "Allow", Action: "*", Resource: "*" };
  const identityPolicies = [policy([allow, { ...allow, Effect: "Deny", Condition }])];
  return decideCall(caller({ identityPolicies }), call).decision;
};

it.each([
  ["aws:ViaAWSService", "false"],
  ["aws:PrincipalIsAWSService", "false"],
  ["aws:RequestedRegion", "eu-west-1"],
  ["aws:ResourceAccount", "111122223333"],
])("a signed call has %s, which is %s", (key, value) => {
  expect(decided({ StringEquals: { [key]: value } })).toBe("explicitDeny");
  expect(decided({ StringNotEquals: { [key]: value } })).toBe("allowed");
});
