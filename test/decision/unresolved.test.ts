import type { PolicyDocument, RouteAuth } from "../../proof/model/types";
import {
  ACCOUNT,
  allowAll,
  allowing,
  answer,
  ask,
  caller,
  policy,
  request,
  returned,
  route,
  source,
  tokenAuthorizer,
} from "./support";

const unknown: PolicyDocument = {
  document: null,
  source: source("somewhere.policy"),
  unresolved: "a variable has no value",
};
const CLOSED = "500 Internal server error";
const own = caller({ identityPolicies: [allowing("*")] });
const anything = returned([{ Effect: "Allow", Action: "*", Resource: "*" }]);
const auths: readonly [string, RouteAuth][] = [
  ["NONE", { type: "NONE" }],
  ["AWS_IAM", { type: "AWS_IAM" }],
  ["CUSTOM", { type: "CUSTOM", authorizer: tokenAuthorizer() }],
];
const sent = request("GET", "/dev/orders", {
  headers: [["Authorization", "t"]],
  network: { sourceIp: "10.0.0.1", vpc: { endpoint: "vpce-a" } },
});

describe("what the configuration leaves unknown refuses everything that depends on it, and only that", () => {
  it.each(auths)("a resource policy that cannot be read: %s", async (_, auth) => {
    const decision = await ask({ routes: [route("GET", "/orders", auth)], policy: unknown }, sent, {
      caller: own,
      authorizerResult: anything,
    });
    expect(answer(decision)).toBe(CLOSED);
    expect(decision.trace.at(-1)).toMatchObject({ result: "unresolved", source: { address: "somewhere.policy" } });
    expect(decision.trace.at(-1)?.because).toContain("a variable has no value");
  });

  it("a route whose authorization is not known, but not the route beside it", async () => {
    const refused = { ...route("GET", "/orders"), refused: "its authorizer is not known" };
    const world = { routes: [refused, route("GET", "/health"), route("GET", "/{proxy+}")] };
    const decision = await ask(world, sent);
    expect(answer(decision)).toBe(CLOSED);
    expect(decision.trace.at(-1)?.because).toContain("its authorizer is not known");
    expect(answer(await ask(world, request("GET", "/dev/health")))).toBe("allow");
  });

  it.each<[string, Parameters<typeof caller>[0]]>([
    ["an identity policy", { identityPolicies: [allowing("*"), unknown] }],
    ["a boundary", { identityPolicies: [allowing("*")], permissionsBoundary: unknown }],
    ["a session policy", { identityPolicies: [allowing("*")], sessionPolicies: [unknown] }],
    ["a service control policy", { identityPolicies: [allowing("*")], serviceControlPolicies: [[unknown]] }],
  ])("a caller with %s that cannot be read, even where the resource policy allows", async (_, more) => {
    const world = { routes: [route("GET", "/orders", { type: "AWS_IAM" })], policy: policy([allowAll]) };
    const decision = await ask(world, sent, { caller: caller(more) });
    expect(answer(decision)).toBe(CLOSED);
    expect(decision.trace.at(-1)).toMatchObject({
      step: "identity-policy",
      result: "unresolved",
      source: unknown.source,
    });
    expect(decision.trace.at(-1)?.because).toContain("a variable has no value");
    expect(answer(await ask(world, sent, { caller: own }))).toBe("allow");
  });

  it("an interface endpoint whose policy cannot be read, but not another one", async () => {
    const endpoint = {
      address: "aws_vpc_endpoint.a",
      id: "vpce-a",
      vpcId: "vpc-a",
      accountId: ACCOUNT,
      serviceName: "s",
      policy: unknown,
      source: source("e"),
    };
    const world = {
      endpointType: "PRIVATE" as const,
      routes: [route("GET", "/orders")],
      policy: policy([allowAll]),
      models: { vpcEndpoints: [endpoint] },
    };
    expect(answer(await ask(world, sent))).toBe(CLOSED);
    const elsewhere = { sourceIp: "10.0.0.1", vpc: { endpoint: "vpce-b" } };
    expect(answer(await ask(world, { ...sent, network: elsewhere }))).toBe("allow");
    expect(answer(await ask({ ...world, endpointType: "REGIONAL" }, sent))).toBe("allow");
  });

  it("a role that is not asked for refuses nobody else", async () => {
    const role = {
      address: "aws_iam_role.x",
      name: "x",
      arn: `arn:aws:iam::${ACCOUNT}:role/x`,
      accountId: ACCOUNT,
      trustPolicy: unknown,
      identityPolicies: [unknown],
      tags: {},
      maxSessionSeconds: 3600,
      source: source("r"),
    };
    const world = { routes: [route("GET", "/orders", { type: "AWS_IAM" as const })], models: { roles: [role] } };
    expect(answer(await ask(world, sent, { caller: own }))).toBe("allow");
  });
});
