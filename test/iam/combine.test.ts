import { combineCrossAccount, combineSameAccount, intersect } from "../../proof/iam";
import type { Verdict } from "../../proof/iam";

const FLOW = "API Gateway authorization flow";

it.each<[Verdict, Verdict, string, string]>([
  ["ALLOW", "ALLOW", "allowed", FLOW],
  ["ALLOW", "NEITHER", "allowed", FLOW],
  ["ALLOW", "DENY", "explicitDeny", FLOW],
  ["NEITHER", "ALLOW", "allowed", `${FLOW}; recorded: a role without policies, named in the resource policy, got 200`],
  ["NEITHER", "NEITHER", "implicitDeny", FLOW],
  ["NEITHER", "DENY", "explicitDeny", FLOW],
  ["DENY", "ALLOW", "explicitDeny", FLOW],
  ["DENY", "NEITHER", "explicitDeny", FLOW],
  ["DENY", "DENY", "explicitDeny", FLOW],
])("Table A: identity %s and resource %s is %s (%s)", (identity, resource, expected) => {
  expect(combineSameAccount(identity, resource)).toBe(expected);
});

it.each<[Verdict, Verdict, string, string]>([
  ["ALLOW", "ALLOW", "allowed", FLOW],
  ["ALLOW", "NEITHER", "implicitDeny", FLOW],
  ["ALLOW", "DENY", "explicitDeny", FLOW],
  ["NEITHER", "ALLOW", "implicitDeny", FLOW],
  ["NEITHER", "NEITHER", "implicitDeny", FLOW],
  ["NEITHER", "DENY", "explicitDeny", FLOW],
  ["DENY", "ALLOW", "explicitDeny", FLOW],
  ["DENY", "NEITHER", "explicitDeny", FLOW],
  ["DENY", "DENY", "explicitDeny", FLOW],
])("Table B: identity %s and resource %s is %s (%s)", (identity, resource, expected) => {
  expect(combineCrossAccount(identity, resource)).toBe(expected);
});

it.each<[readonly Verdict[], Verdict, string]>([
  [[], "ALLOW", "no limit limits nothing"],
  [["ALLOW", "ALLOW"], "ALLOW", "the intersection of both"],
  [["ALLOW", "NEITHER"], "NEITHER", "a boundary that is silent grants nothing"],
  [["NEITHER"], "NEITHER", "a boundary that is silent grants nothing"],
  [["NEITHER", "ALLOW", "DENY"], "DENY", "an explicit deny in any of these policies overrides the allow"],
])(
  "policies that limit each other, %j, are %s together (IAM User Guide, policy evaluation logic: %s)",
  (all, whole) => {
    expect(intersect(all)).toBe(whole);
  },
);
