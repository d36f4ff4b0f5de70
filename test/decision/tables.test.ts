import { decide } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";
import type { Assumptions } from "../../proof/decision/ports";
import type { RouteAuth } from "../../proof/model/types";
import {
  api,
  ARN,
  caller,
  cognitoAuthorizer,
  model,
  PARTNER,
  policy,
  ports,
  request,
  route,
  tokenAuthorizer,
} from "./support";

type Says = "ALLOW" | "NEITHER" | "DENY";
type Answer = "allow" | "explicit" | "implicit";

const TABLE_A: readonly [Says, Says, Answer][] = [
  ["ALLOW", "ALLOW", "allow"],
  ["ALLOW", "NEITHER", "allow"],
  ["ALLOW", "DENY", "explicit"],
  ["NEITHER", "ALLOW", "allow"],
  ["NEITHER", "NEITHER", "implicit"],
  ["NEITHER", "DENY", "explicit"],
  ["DENY", "ALLOW", "explicit"],
  ["DENY", "NEITHER", "explicit"],
  ["DENY", "DENY", "explicit"],
];
const TABLE_B: readonly [Says, Says, Answer][] = [
  ["ALLOW", "ALLOW", "allow"],
  ["ALLOW", "NEITHER", "implicit"],
  ["ALLOW", "DENY", "explicit"],
  ["NEITHER", "ALLOW", "implicit"],
  ["NEITHER", "NEITHER", "implicit"],
  ["NEITHER", "DENY", "explicit"],
  ["DENY", "ALLOW", "explicit"],
  ["DENY", "NEITHER", "explicit"],
  ["DENY", "DENY", "explicit"],
];

/** A statement of each effect, and for NEITHER one about another path. */
function statements(says: Says, principal: Record<string, unknown>): unknown[] {
  const base = { ...principal, Action: "execute-api:Invoke" };
  if (says === "NEITHER") return [{ ...base, Effect: "Allow", Resource: `${ARN}/dev/GET/elsewhere` }];
  return [{ ...base, Effect: says === "ALLOW" ? "Allow" : "Deny", Resource: `${ARN}/dev/GET/orders` }];
}

const resourcePolicy = (says: Says) => policy(statements(says, { Principal: "*" }));

async function decideOrders(
  auth: RouteAuth,
  resource: Says,
  assumptions: Assumptions,
  headers: [string, string][] = [],
) {
  const served = api({ routes: [route("GET", "/orders", auth)], policy: resourcePolicy(resource) });
  const engine = prepareEngine(model([served]));
  const wire = request("GET", "/dev/orders", { headers });
  return decide(engine, served, wire, ports(), assumptions);
}

function answerOf(decision: Awaited<ReturnType<typeof decide>>): Answer | number {
  if (decision.outcome === "allow") return "allow";
  if (decision.denial?.status !== 403) return decision.denial?.status ?? 0;
  return decision.denial.message?.includes("explicit deny") ? "explicit" : "implicit";
}

describe("Table A of the authorization flow", () => {
  it.each(TABLE_A)(
    "an IAM caller of the API's account: own policies %s, resource policy %s: %s",
    async (id, rp, answer) => {
      const who = caller({ identityPolicies: [policy(statements(id, {}), "aws_iam_role_policy.reader")] });
      expect(answerOf(await decideOrders({ type: "AWS_IAM" }, rp, { caller: who }))).toBe(answer);
    },
  );

  it.each(TABLE_A)("a Lambda authorizer: its policy %s, resource policy %s: %s", async (id, rp, answer) => {
    const authorizerResult = {
      principalId: "u",
      policyDocument: { Version: "2012-10-17", Statement: statements(id, {}) },
    };
    const auth: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer() };
    expect(answerOf(await decideOrders(auth, rp, { authorizerResult }, [["Authorization", "t"]]))).toBe(answer);
  });
});

describe("Table B of the authorization flow", () => {
  it.each(TABLE_B)(
    "an IAM caller of another account: own policies %s, resource policy %s: %s",
    async (id, rp, answer) => {
      const identityPolicies = [policy(statements(id, {}), "aws_iam_role_policy.partner")];
      const who = caller({ account: PARTNER, identityPolicies });
      expect(answerOf(await decideOrders({ type: "AWS_IAM" }, rp, { caller: who }))).toBe(answer);
    },
  );

  it.each<[Says, Answer]>([
    ["ALLOW", "allow"],
    ["NEITHER", "implicit"],
    ["DENY", "explicit"],
  ])("an accepted Cognito token, resource policy %s: %s", async (rp, answer) => {
    const auth: RouteAuth = { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] };
    expect(answerOf(await decideOrders(auth, rp, { claims: { token_use: "id", sub: "s" } }))).toBe(answer);
  });

  it.each<[Says]>([["ALLOW"], ["NEITHER"], ["DENY"]])(
    "a refused Cognito token is answered 401 before the resource policy (%s) is looked at",
    async (rp) => {
      const auth: RouteAuth = { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] };
      const decision = await decideOrders(auth, rp, { claims: { token_use: "access" } });
      expect(answerOf(decision)).toBe(401);
      expect(decision.trace.map(({ step }) => step)).not.toContain("resource-policy");
    },
  );
});

describe("NONE with a resource policy", () => {
  it.each<[Says, Answer]>([
    ["ALLOW", "allow"],
    ["NEITHER", "implicit"],
    ["DENY", "explicit"],
  ])("%s: %s", async (rp, answer) => {
    expect(answerOf(await decideOrders({ type: "NONE" }, rp, {}))).toBe(answer);
  });
});
