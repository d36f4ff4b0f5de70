/** Who may tag the sessions of a role (`sts:TagSession`), and where that matters. */
import type { Role } from "../model/types";
import type { Assumers } from "./assumers";
import { conditionsText, isAbout } from "./rules";
import type { Side } from "./view";

/** Where what a trust policy says of session tags changed: whom the tags admit is not worked out. */
export function changedTaggers(sides: readonly [Side, Side], roles: readonly [Role, Role]): readonly Assumers[] {
  if (roles.some(({ trustPolicy }) => trustPolicy.unresolved !== undefined)) return [];
  const [base, head] = sides;
  if (saidOfTags(base, roles[0]) === saidOfTags(head, roles[1])) return [];
  const reason =
    "What the trust policy says of sts:TagSession changed, and a policy reads aws:PrincipalTag/…, which session tags set.";
  return [{ kind: "undecided", who: "whoever may tag its sessions", reason }];
}

function saidOfTags({ engine }: Side, { trustPolicy }: Role): string {
  return engine.policies
    .get(trustPolicy, "trust")
    .statements.filter((statement) => isAbout(statement, "sts:TagSession"))
    .map(({ effect, principal, conditions }) => JSON.stringify([effect, principal, conditionsText(conditions)]))
    .sort()
    .join();
}

/** Whether a policy that decides on a role's requests to an API reads the tags of sessions, in a condition or a variable. */
export function readsTags({ model }: Side, name: string, { identityPolicies, permissionsBoundary }: Role): boolean {
  const policies = [
    ...identityPolicies,
    permissionsBoundary,
    ...model.apis.filter((api) => api.name === name).map(({ policy }) => policy),
    ...model.vpcEndpoints.map(({ policy }) => policy),
  ];
  return policies.some((policy) => /aws:principaltag\//i.test(JSON.stringify(policy?.document ?? "")));
}
