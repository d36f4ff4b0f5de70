/** What credentials a caller has, of which no file says anything: MFA, its age, when they were issued, the id. */
import { findChanges } from "../../proof/analysis/diff";
import { analyze } from "../../proof/analysis/matrix";
import { allow, deny, modelOf, partnerRoot } from "./changes/configuration";
import { everything, ordersRoute, policed, ROLE } from "./changes/words";

const OWN = "account 111122223333";
const condition = (operator: string, key: string, value: string) => ({ [operator]: { [key]: value } });

/** Everybody of the API's account but those who meet the condition. */
function admitted(operator: string, key: string, value: string): string[] {
  const parts = policed(ordersRoute, deny("*", everything, condition(operator, key, value)));
  const entries = analyze(modelOf(parts)).routes.flatMap((one) => one.entries);
  expect(entries.filter(({ outcome }) => outcome === "undecided")).toEqual([]);
  return entries.filter(({ outcome, who }) => outcome === "allow" && who.startsWith(OWN)).map(({ who }) => who);
}

describe("Of the API's account a policy lets in", () => {
  it.each([
    [
      "who has no MFA, where those with MFA are denied",
      ["Bool", "aws:MultiFactorAuthPresent", "true"],
      [`${OWN}, without MFA`, `${OWN}, with credentials that are kept`],
    ],
    [
      "who has MFA, or keeps credentials, where only a false key is denied",
      ["Bool", "aws:MultiFactorAuthPresent", "false"],
      [`${OWN}, with MFA`, `${OWN}, with credentials that are kept`],
    ],
    [
      "who has MFA, where an absent key is denied too",
      ["BoolIfExists", "aws:MultiFactorAuthPresent", "false"],
      [`${OWN}, with MFA`],
    ],
    [
      "whose MFA is recent",
      ["NumericGreaterThanIfExists", "aws:MultiFactorAuthAge", "3600"],
      [`${OWN}, with MFA up to 3600 s ago`],
    ],
    [
      "whose session is new, or who has none",
      ["DateLessThan", "aws:TokenIssueTime", "2026-01-01T00:00:00Z"],
      [`${OWN}, with credentials issued from 2026-01-01T00:00:00Z`, `${OWN}, with credentials that are kept`],
    ],
    ["everybody but one session", ["StringLike", "aws:userid", "AROAEXAMPLE*:night"], [`${OWN}, with another user id`]],
  ])("%s", (_, [operator = "", key = "", value = ""], who) => {
    const found = admitted(operator, key, value);
    expect(found.sort()).toEqual([...who].sort());
  });
});

describe("The witness of who has MFA", () => {
  it("says so, and explain decides it alike", () => {
    const parts = policed(
      ordersRoute,
      allow(partnerRoot, everything, condition("Bool", "aws:MultiFactorAuthPresent", "true")),
    );
    const role = analyze(modelOf(parts)).routes[0]?.entries.find(
      ({ who, outcome }) => who.startsWith(ROLE) && outcome === "allow",
    );
    expect([role?.who, role?.witness?.caller?.mfaAgeSeconds]).toEqual([`${ROLE}, with MFA`, 0]);
  });
});

it("tells whom it lets in that MFA is no longer asked for", () => {
  const base = policed(
    ordersRoute,
    allow(partnerRoot, everything, condition("Bool", "aws:MultiFactorAuthPresent", "true")),
  );
  const head = policed(ordersRoute, allow(partnerRoot, everything));
  const found = findChanges(modelOf(base), modelOf(head)).map(({ kind, who }) => `${kind} ${who}`);
  expect(found).toContain(`gained ${ROLE}, without MFA`);
  expect(found.filter((text) => !text.startsWith("gained") || text.endsWith("with MFA"))).toEqual([]);
});

it("cannot tell organization paths, and says so", () => {
  const parts = policed(
    ordersRoute,
    deny("*", everything, condition("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-a/r-b/*")),
  );
  const open = analyze(modelOf(parts)).routes.flatMap((one) =>
    one.entries.filter(({ outcome }) => outcome === "undecided"),
  );
  expect(open.map(({ because }) => because)).toContainEqual(expect.stringContaining("aws:PrincipalOrgPaths"));
});
