import { decideAccess } from "../../proof/iam";
import type { AccessInput, CompiledPolicy, Principal } from "../../proof/iam";
import { ACCOUNT, ANONYMOUS, API, OTHER, aws, compiled, request } from "./helpers";

const LOGIC = "Policy evaluation logic";
const FLOW = "API Gateway authorization flow";
const BOUNDARIES = "Permissions boundaries for IAM entities";
const RESOURCE_BASED = "Policy evaluation logic, resource-based policies and implicit denies";
const SCP = "SCP evaluation";

const USER_ARN = `arn:aws:iam::${ACCOUNT}:user/alice`;
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/caller`;
const SESSION_ARN = `arn:aws:sts::${ACCOUNT}:assumed-role/caller/one`;

const callers = {
  user: aws(USER_ARN),
  session: aws(SESSION_ARN),
  root: aws(`arn:aws:iam::${ACCOUNT}:root`),
  federated: aws(`arn:aws:sts::${ACCOUNT}:federated-user/alice`),
  "service-linked": aws(
    `arn:aws:sts::${ACCOUNT}:assumed-role/AWSServiceRoleForX/one`,
    "/aws-service-role/x.amazonaws.com/",
  ),
  partner: aws(`arn:aws:sts::${OTHER}:assumed-role/partner/one`),
  "partner's root": aws(`arn:aws:iam::${OTHER}:root`),
  anonymous: ANONYMOUS,
  service: { kind: "service", service: "apigateway.amazonaws.com" },
} satisfies Record<string, Principal>;

/** `+` allows, `-` denies, `0` is a policy that says nothing of the request; resource policies name whom they allow. */
const statement = (sign: string) => ({
  Effect: sign === "-" ? "Deny" : "Allow",
  Action: sign === "0" ? "s3:*" : "execute-api:Invoke",
  Resource: "*",
});
const own = (sign: string, kind: "identity" | "boundary" | "session" | "service-control") =>
  compiled(statement(sign), kind);
const granting: Record<string, unknown> = {
  "*": "*",
  user: { AWS: USER_ARN },
  role: { AWS: ROLE_ARN },
  session: { AWS: SESSION_ARN },
  account: { AWS: ACCOUNT },
  partner: { AWS: `arn:aws:iam::${OTHER}:role/partner` },
  "partner's session": { AWS: `arn:aws:sts::${OTHER}:assumed-role/partner/one` },
  "partner's account": { AWS: OTHER },
  federated: { AWS: `arn:aws:sts::${ACCOUNT}:federated-user/alice` },
  service: { Service: "apigateway.amazonaws.com" },
};
const resource = (to: string): CompiledPolicy =>
  to in granting
    ? compiled({ ...statement("+"), Principal: granting[to] }, "resource")
    : compiled({ ...statement(to), Principal: "*" }, "resource");

interface Case {
  readonly id?: string;
  readonly rp?: string;
  readonly boundary?: string;
  readonly session?: string;
  /** One character for each policy, one word for each level. */
  readonly scp?: string;
  readonly vpce?: string;
}

function input(caller: keyof typeof callers, given: Case): AccessInput {
  const each = (signs: string | undefined, kind: "identity" | "boundary" | "session" | "service-control") =>
    [...(signs ?? "")].map((sign) => own(sign, kind));
  return {
    request: request({ principal: callers[caller], resource: `${API}/dev/GET/orders` }),
    resourceOwner: ACCOUNT,
    identityPolicies: each(given.id, "identity"),
    ...(given.rp === undefined ? {} : { resourcePolicy: resource(given.rp) }),
    ...(given.boundary === undefined ? {} : { permissionsBoundaries: each(given.boundary, "boundary") }),
    ...(given.session === undefined ? {} : { sessionPolicies: each(given.session, "session") }),
    ...(given.scp === undefined
      ? {}
      : { serviceControlPolicies: given.scp.split(" ").map((level) => each(level, "service-control")) }),
    ...(given.vpce === undefined
      ? {}
      : { vpcEndpointPolicy: compiled({ ...statement(given.vpce), Principal: "*" }, "vpc-endpoint") }),
  };
}

const [YES, NO, IMPLICIT] = ["allowed", "explicitDeny", "implicitDeny"] as const;
type Row = [keyof typeof callers, Case, typeof YES | typeof NO | typeof IMPLICIT, string];

const rows = (title: string, list: readonly Row[]) =>
  it.each(list)(`${title}: %s with %j is %s (%s)`, (caller, given, expected, _source) => {
    expect(decideAccess(input(caller, given)).decision).toBe(expected);
  });

rows("In the API's account", [
  ["user", {}, IMPLICIT, LOGIC],
  ["user", { id: "+" }, YES, LOGIC],
  ["user", { id: "0" }, IMPLICIT, LOGIC],
  ["user", { id: "-" }, NO, LOGIC],
  ["user", { id: "+-" }, NO, LOGIC],
  ["user", { id: "0+" }, YES, LOGIC],
  ["user", { id: "+", rp: "0" }, YES, FLOW],
  ["user", { id: "+", rp: "-" }, NO, FLOW],
  ["user", { rp: "*" }, YES, FLOW],
  ["user", { rp: "user" }, YES, FLOW],
  ["user", { rp: "role" }, IMPLICIT, FLOW],
  ["user", { rp: "account" }, IMPLICIT, "AWS account principals: an account delegates"],
  ["user", { rp: "account", id: "+" }, YES, "AWS account principals: an account delegates"],
  ["user", { rp: "account", id: "-" }, NO, LOGIC],
  ["user", { rp: "user", id: "-" }, NO, FLOW],
  ["session", { rp: "role" }, YES, "recorded: a role without policies, named in the resource policy, got 200"],
  ["session", { rp: "session" }, YES, RESOURCE_BASED],
  ["session", { rp: "user" }, IMPLICIT, FLOW],
  ["root", {}, YES, `${LOGIC}: the root user has full access`],
  ["root", { rp: "0" }, YES, `${LOGIC}: the root user has full access`],
  ["root", { rp: "-" }, NO, LOGIC],
  ["root", { boundary: "0" }, YES, "Permissions boundaries limit users and roles, not the root user"],
  ["root", { scp: "0" }, IMPLICIT, `${SCP}: SCPs affect the root user`],
  ["root", { scp: "-" }, NO, `${SCP}: SCPs affect the root user`],
  ["root", { scp: "+" }, YES, SCP],
]);

rows("Permissions boundaries", [
  ["user", { id: "+", boundary: "+" }, YES, BOUNDARIES],
  ["user", { id: "+", boundary: "0" }, IMPLICIT, BOUNDARIES],
  ["user", { id: "+", boundary: "-" }, NO, BOUNDARIES],
  ["user", { id: "0", boundary: "+" }, IMPLICIT, `${BOUNDARIES}: a boundary grants nothing`],
  ["user", { boundary: "+" }, IMPLICIT, `${BOUNDARIES}: a boundary grants nothing`],
  ["user", { rp: "user", boundary: "0" }, YES, `${RESOURCE_BASED}: IAM user`],
  ["user", { rp: "user", boundary: "-" }, NO, BOUNDARIES],
  ["user", { rp: "*", boundary: "0" }, IMPLICIT, "UNCONFIRMED: * names no user, the side that grants less"],
  ["user", { rp: "account", id: "+", boundary: "0" }, IMPLICIT, BOUNDARIES],
  ["session", { rp: "role", boundary: "0" }, IMPLICIT, `${RESOURCE_BASED}: IAM role`],
  ["session", { rp: "role", boundary: "+" }, YES, `${RESOURCE_BASED}: IAM role`],
  ["session", { rp: "session", boundary: "0" }, YES, `${RESOURCE_BASED}: IAM role session`],
  ["session", { rp: "session", boundary: "-" }, NO, LOGIC],
  ["session", { id: "+", boundary: "++" }, YES, BOUNDARIES],
  ["session", { id: "+", boundary: "+0" }, IMPLICIT, "UNCONFIRMED: IAM attaches one boundary, two would both limit"],
]);

rows("Session policies", [
  ["session", { id: "+", session: "+" }, YES, LOGIC],
  ["session", { id: "+", session: "0" }, IMPLICIT, LOGIC],
  ["session", { id: "+", session: "0+" }, YES, "Session policies: managed and inline ones are taken together"],
  ["session", { id: "+", session: "+-" }, NO, LOGIC],
  ["session", { id: "0", session: "+" }, IMPLICIT, `${LOGIC}: a session policy grants nothing`],
  ["session", { id: "+" }, YES, `${LOGIC}: a role session without session policy`],
  ["session", { rp: "role", session: "0" }, IMPLICIT, `${RESOURCE_BASED}: IAM role`],
  ["session", { rp: "role", session: "+" }, YES, `${RESOURCE_BASED}: IAM role`],
  ["session", { rp: "session", session: "0" }, YES, `${RESOURCE_BASED}: IAM role session`],
  ["session", { rp: "session", session: "-" }, NO, LOGIC],
  ["session", { rp: "*", session: "0" }, IMPLICIT, "UNCONFIRMED: * names no session, the side that grants less"],
  ["session", { id: "+", session: "+", boundary: "0" }, IMPLICIT, LOGIC],
  ["session", { id: "+", session: "+", boundary: "+" }, YES, LOGIC],
  ["federated", { id: "+" }, IMPLICIT, `${LOGIC}: a federated user without session policy`],
  ["federated", { id: "+", session: "+" }, YES, LOGIC],
  ["federated", { rp: "federated" }, YES, `${RESOURCE_BASED}: IAM federated user sessions`],
  ["federated", { rp: "account", id: "+", session: "+" }, YES, LOGIC],
]);

rows("Service control policies", [
  ["user", { id: "+", scp: "+" }, YES, SCP],
  ["user", { id: "+", scp: "0" }, IMPLICIT, SCP],
  ["user", { id: "+", scp: "-" }, NO, SCP],
  ["user", { id: "+", scp: "+-" }, NO, SCP],
  ["user", { id: "+", scp: "0+" }, YES, `${SCP}: one policy of a level is enough`],
  ["user", { id: "+", scp: "+ + +" }, YES, `${SCP}: every level must allow`],
  ["user", { id: "+", scp: "+ 0 +" }, IMPLICIT, `${SCP}: every level must allow`],
  ["user", { id: "+", scp: "+ + -" }, NO, SCP],
  ["user", { scp: "+" }, IMPLICIT, `${SCP}: an SCP grants nothing`],
  [
    "user",
    { rp: "user", scp: "0" },
    IMPLICIT,
    `${SCP}: SCPs limit what resource policies grant to principals of the account`,
  ],
  ["session", { rp: "session", scp: "0" }, IMPLICIT, SCP],
  ["partner", { rp: "partner", id: "+", scp: "0" }, IMPLICIT, `${SCP}: the caller's account is limited`],
  ["anonymous", { rp: "*", scp: "0" }, YES, `${SCP}: SCPs limit principals of the organization only`],
  ["anonymous", { rp: "*", scp: "-" }, YES, `${SCP}: SCPs limit principals of the organization only`],
  ["service-linked", { id: "+", scp: "0" }, YES, `${SCP}: service-linked roles are not limited`],
  ["service", { rp: "service", scp: "-" }, YES, `${SCP}: SCPs limit principals of the organization only`],
]);

rows("A VPC endpoint policy", [
  ["user", { id: "+", vpce: "+" }, YES, "Use VPC endpoint policies for private APIs"],
  ["user", { id: "+", vpce: "0" }, IMPLICIT, "Use VPC endpoint policies for private APIs"],
  ["user", { id: "+", vpce: "-" }, NO, "Use VPC endpoint policies for private APIs"],
  ["user", { vpce: "+" }, IMPLICIT, "Use VPC endpoint policies for private APIs"],
  ["anonymous", { rp: "*", vpce: "+" }, YES, "Use VPC endpoint policies for private APIs"],
  ["anonymous", { rp: "*", vpce: "0" }, IMPLICIT, "Use VPC endpoint policies for private APIs"],
  ["root", { vpce: "0" }, IMPLICIT, "Use VPC endpoint policies for private APIs"],
]);

rows("Across accounts", [
  ["partner", { id: "+", rp: "partner" }, YES, FLOW],
  ["partner", { id: "+", rp: "partner's account" }, YES, FLOW],
  ["partner", { id: "+", rp: "partner's session" }, YES, FLOW],
  ["partner", { id: "+", rp: "*" }, YES, FLOW],
  ["partner", { id: "+", rp: "account" }, IMPLICIT, FLOW],
  ["partner", { id: "+" }, IMPLICIT, FLOW],
  ["partner", { id: "+", rp: "0" }, IMPLICIT, FLOW],
  ["partner", { id: "+", rp: "-" }, NO, FLOW],
  ["partner", { rp: "partner" }, IMPLICIT, FLOW],
  ["partner", { rp: "*" }, IMPLICIT, "All principals: others need permissions in their own account"],
  ["partner", { rp: "partner's session" }, IMPLICIT, "Cross-account policy evaluation logic"],
  ["partner", { id: "-", rp: "partner" }, NO, FLOW],
  ["partner", { id: "-" }, NO, FLOW],
  ["partner", { id: "+", rp: "partner", boundary: "0" }, IMPLICIT, "Cross-account policy evaluation logic"],
  ["partner", { id: "+", rp: "partner's session", session: "0" }, IMPLICIT, "Cross-account policy evaluation logic"],
  ["partner", { id: "+", rp: "partner", session: "+", boundary: "+" }, YES, "Cross-account policy evaluation logic"],
  ["partner's root", { rp: "partner's account" }, YES, "Cross-account policy evaluation logic"],
  ["partner's root", {}, IMPLICIT, "Cross-account policy evaluation logic"],
]);

rows("Without an IAM identity", [
  ["anonymous", {}, IMPLICIT, FLOW],
  ["anonymous", { rp: "*" }, YES, FLOW],
  ["anonymous", { rp: "0" }, IMPLICIT, "recorded: 403 without a matching Allow"],
  ["anonymous", { rp: "-" }, NO, "recorded: 403 with an explicit deny"],
  ["anonymous", { rp: "account" }, IMPLICIT, "Create and attach an API Gateway resource policy"],
  ["anonymous", { id: "+", rp: "0" }, IMPLICIT, "the anonymous caller has no identity policies"],
  ["service", { rp: "service" }, YES, "AWS service principals"],
  ["service", {}, IMPLICIT, "AWS service principals"],
]);

describe("A Deny for all but some, in the resource policy", () => {
  const NOT_PRINCIPAL = "AWS JSON policy elements: NotPrincipal";
  const WHATEVER = `${NOT_PRINCIPAL}: always denies principals with a permissions boundary, whatever it names`;
  it.each<[keyof typeof callers, Case, unknown, string, string]>([
    ["user", { id: "+" }, { AWS: [USER_ARN, ACCOUNT] }, YES, NOT_PRINCIPAL],
    ["user", { id: "+", boundary: "+" }, { AWS: [USER_ARN, ACCOUNT] }, NO, WHATEVER],
    ["session", { id: "+" }, { AWS: [SESSION_ARN, ROLE_ARN, ACCOUNT] }, YES, NOT_PRINCIPAL],
    ["session", { id: "+", boundary: "+" }, { AWS: [SESSION_ARN, ROLE_ARN, ACCOUNT] }, NO, WHATEVER],
    ["session", { id: "+", session: "+" }, { AWS: [ROLE_ARN, ACCOUNT] }, YES, "a session policy is no boundary"],
    ["user", { id: "+", boundary: "+" }, "*", NO, WHATEVER],
    ["service", { boundary: "+" }, { Service: "apigateway.amazonaws.com" }, YES, "a service has no boundary"],
  ])("%s with %j, spared by %j, is %s (%s)", (caller, given, NotPrincipal, expected) => {
    const allow = { ...statement("+"), Principal: "*" };
    const resourcePolicy = compiled([allow, { ...statement("-"), NotPrincipal }], "resource");
    expect(decideAccess({ ...input(caller, given), resourcePolicy }).decision).toBe(expected);
  });

  it(`of an endpoint policy too (${WHATEVER})`, () => {
    const policy = [
      { ...statement("+"), Principal: "*" },
      { ...statement("-"), NotPrincipal: { AWS: [USER_ARN, ACCOUNT] } },
    ];
    const asked = (given: Case) =>
      decideAccess({ ...input("user", given), vpcEndpointPolicy: compiled(policy, "vpc-endpoint") }).decision;
    expect([asked({ id: "+" }), asked({ id: "+", boundary: "+" })]).toEqual([YES, NO]);
  });

  it("is no reason to withhold what an Allow grants to all but others", () => {
    const Principal = { NotPrincipal: { AWS: `arn:aws:iam::${OTHER}:user/eve` } };
    const resourcePolicy = compiled({ ...statement("+"), ...Principal }, "resource");
    expect(decideAccess({ ...input("user", { boundary: "+" }), resourcePolicy }).decision).toBe(YES);
  });
});

describe("The answer", () => {
  it("names the layer whose silence denies", () => {
    const missing = (caller: keyof typeof callers, given: Case) => decideAccess(input(caller, given)).missing;
    expect(missing("user", {})).toBe("identity");
    expect(missing("user", { id: "+", boundary: "0" })).toBe("permissions-boundary");
    expect(missing("session", { id: "+", session: "0" })).toBe("session");
    expect(missing("session", { rp: "role", boundary: "0" })).toBe("permissions-boundary");
    expect(missing("user", { id: "+", scp: "+ 0" })).toBe("service-control");
    expect(missing("user", { id: "+", vpce: "0" })).toBe("vpc-endpoint");
    expect(missing("partner", { id: "+" })).toBe("resource");
    expect(missing("partner", { rp: "partner" })).toBe("identity");
    expect(missing("partner", { id: "+", rp: "partner", boundary: "0" })).toBe("permissions-boundary");
    expect(missing("session", { id: "+", boundary: "+", session: "0" })).toBe("session");
    expect(missing("user", { boundary: "0" })).toBe("identity");
    expect(missing("user", { rp: "user", boundary: "0", scp: "0" })).toBe("service-control");
    expect(missing("partner", { rp: "partner", boundary: "0" })).toBe("identity");
    expect(missing("federated", { id: "+" })).toBe("session");
    expect(missing("anonymous", {})).toBe("resource");
    expect(missing("user", { id: "+" })).toBeUndefined();
  });

  it("holds every layer that was asked, in order, with the statement that decided", () => {
    const decision = decideAccess(
      input("session", { id: "0+", rp: "role", boundary: "+", session: "0", scp: "+ +", vpce: "+" }),
    );
    expect(decision.layers.map(({ name, verdict, decidedBy }) => [name, verdict, decidedBy?.kind])).toEqual([
      ["service-control", "ALLOW", "service-control"],
      ["service-control", "ALLOW", "service-control"],
      ["vpc-endpoint", "ALLOW", "vpc-endpoint"],
      ["resource", "ALLOW", "resource"],
      ["identity", "ALLOW", "identity"],
      ["permissions-boundary", "ALLOW", "boundary"],
      ["session", "NEITHER", undefined],
    ]);
    expect(decision.crossAccount).toBe(false);
  });

  it("asks nothing of a caller without an account but the resource and endpoint policies", () => {
    const decision = decideAccess(input("anonymous", { id: "+", boundary: "+", session: "+", rp: "*", vpce: "+" }));
    expect(decision.layers.map(({ name }) => name)).toEqual(["vpc-endpoint", "resource"]);
    expect(decision.crossAccount).toBe(false);
  });

  it("lists the Denies of every layer, and no Allow beside them", () => {
    const { matched } = decideAccess(input("user", { id: "+-", rp: "-" }));
    expect(matched.map(({ kind, effect }) => [kind, effect])).toEqual([
      ["resource", "Deny"],
      ["identity", "Deny"],
    ]);
  });

  it("lists the Allows of an allowed request, and nothing for an implicit deny", () => {
    expect(decideAccess(input("user", { id: "+", rp: "*" })).matched.map(({ kind }) => kind)).toEqual([
      "resource",
      "identity",
    ]);
    expect(decideAccess(input("user", { id: "+", boundary: "0" })).matched).toEqual([]);
  });

  it("compares the caller's account with the owner of the resource", () => {
    expect(decideAccess({ ...input("user", { id: "+" }), resourceOwner: OTHER })).toMatchObject({
      decision: "implicitDeny",
      crossAccount: true,
    });
  });
});
