/** What the matrix and the diff say of why somebody is admitted, refused, or answered otherwise than before. */
import { findChanges } from "../../proof/analysis/diff";
import { analyze } from "../../proof/analysis/matrix";
import { allow, deny, invoking, ipDeny, modelOf, partner, partnerRoot, resource, route } from "./changes/configuration";
import type { Parts } from "./changes/configuration";
import { everything, iam, only, ordersRoute, policed, ROLE } from "./changes/words";

const OWN = "account 111122223333";
const POLICY = "aws_api_gateway_rest_api_policy.api.policy";

function because(parts: Parts, who: string, network = "any"): string | undefined {
  const entries = analyze(modelOf(parts)).routes.flatMap((one) => one.entries);
  return entries.find((entry) => entry.who === who && entry.network === network)?.because;
}

describe("The matrix says of a caller who is admitted", () => {
  it.each([
    ["without a resource policy", only(ordersRoute)],
    [
      "beside a resource policy that speaks of others",
      policed(ordersRoute, allow({ AWS: "777788889999" }, everything)),
    ],
    [
      "beside a resource policy that only denies others",
      policed(ordersRoute, deny({ AWS: "777788889999" }, everything)),
    ],
  ])("by its own policies alone that these allow it: %s", (_, parts) => {
    expect(because(parts, OWN)).toBe(
      "The caller's own policies allow it, which is enough within the account of the API.",
    );
  });

  it("by both sides which statement of the resource policy admits", () => {
    const parts = policed(ordersRoute, deny("*", resource("POST/*")), allow("*", everything));
    expect(because(parts, OWN)).toMatch(/^Statement 1 \(Allow\) of the resource policy applies/);
  });

  it("by the role's own policy which statement of it admits", () => {
    const parts = policed(ordersRoute, allow(partnerRoot, everything));
    expect(because(parts, ROLE)).toMatch(/^Statement 0 \(Allow\) of the caller's identity policies applies/);
  });
});

describe("The matrix says of a caller who is refused", () => {
  it("which statement denies it", () => {
    const parts = policed(ordersRoute, ipDeny("198.51.100.0/24"), allow("*", everything));
    expect(because(parts, OWN, "198.51.100.0/24")).toMatch(/^Statement 0 \(Deny\) of the resource policy applies/);
  });

  it("which side is silent", () => {
    const parts = policed(ordersRoute, allow({ AWS: "777788889999" }, everything));
    expect(because(parts, "any other account")).toMatch(/^No statement of the resource policy applies/);
  });
});

describe("The diff says of what was gained or lost which side of it changed", () => {
  const granted = policed(ordersRoute, allow(partnerRoot, everything));
  const silent = policed(ordersRoute, allow({ AWS: "777788889999" }, everything));
  const unable: Parts = { ...granted, roles: [{ ...partner, identityPolicies: [invoking("GET/other")] }] };
  const denying = policed(ordersRoute, allow(partnerRoot, everything), deny({ AWS: ROLE }, everything));
  const ROLE_POLICY = "aws_iam_role_policy.partner.policy";

  it.each([
    [
      "gained by a new Allow of the resource policy",
      silent,
      granted,
      "gained",
      POLICY,
      /^Statement 0 \(Allow\) of the res/,
    ],
    ["lost with that Allow", granted, silent, "lost", POLICY, /^Before: Statement 0 \(Allow\) of the resource policy/],
    [
      "gained by the role's own policy",
      unable,
      granted,
      "gained",
      ROLE_POLICY,
      /^Statement 0 \(Allow\) of the caller's/,
    ],
    ["lost with the role's own policy", granted, unable, "lost", ROLE_POLICY, /Now: No statement of the caller's/],
    ["gained as a Deny goes", denying, granted, "gained", POLICY, /^Statement 1 of .* denied it before, and no longer/],
    ["lost by a new Deny", granted, denying, "lost", POLICY, /Now: Statement 1 \(Deny\) of the resource policy/],
  ])("%s", (_, base, head, kind, address, reason) => {
    const change = findChanges(modelOf(base), modelOf(head)).find(({ who }) => who === ROLE);
    expect(change).toMatchObject({ kind, because: { address }, reason: expect.stringMatching(reason) });
  });

  it("names the method where its authorization changed", () => {
    const changes = findChanges(modelOf(only(route("GET", "/orders", iam))), modelOf(only(route("GET", "/orders"))));
    const [anonymous] = changes.filter(({ who }) => who === "anonymous");
    expect(anonymous?.reason).toBe("authorization was AWS_IAM and is NONE.");
    expect(anonymous?.because.address).toMatch(/\.authorization$/);
  });
});
