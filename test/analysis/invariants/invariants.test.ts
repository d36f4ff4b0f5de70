import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareChecks } from "../../../proof/analysis/checks/run";
import {
  accounts,
  anonymous,
  atStage,
  endpoints,
  everyPrivateApi,
  itsOwnVpcs,
  noAddressIn,
  nobody,
  only,
  theApiAccount,
  tokensWithScope,
  whomever,
} from "../../../proof/analysis/invariants";
import type { Invariant } from "../../../proof/analysis/invariants";
import { proveInvariants } from "../../../proof/analysis/invariants/prove";
import { readInvariants } from "../../../proof/analysis/invariants/read";
import type { Api, RouteAuth, VpcEndpoint } from "../../../proof/model/types";
import { api, model } from "../../decision/support";
import {
  ACCOUNT,
  PARTNER,
  cognitoAuthorizer,
  resourcePolicy,
  route,
  source,
  statement,
  tokenAuthorizer,
} from "../checks/support";

const STRANGER = "999988887777";
const IAM: RouteAuth = { type: "AWS_IAM" };
const LAMBDA: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer({ name: "oauth" }) };
const SCOPED: RouteAuth = { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: ["orders/read"] };
const endpoint: VpcEndpoint = {
  address: "aws_vpc_endpoint.api",
  id: "vpce-0a1b2c3d",
  vpcId: "vpc-0a1b2c3d",
  accountId: ACCOUNT,
  serviceName: "com.amazonaws.us-east-1.execute-api",
  source: source("aws_vpc_endpoint.api"),
};

function prove(invariant: Invariant, world: Partial<Api>) {
  const configuration = model([api(world)], { vpcEndpoints: [endpoint] });
  return proveInvariants(prepareChecks(configuration, { paths: invariant.paths }), [invariant], "invariants.ts");
}

const partners = (...ids: string[]) => resourcePolicy(statement("Allow", { Principal: { AWS: ids } }));
const orders = [route("GET", "/orders", IAM)];
const health = [route("GET", "/health"), ...orders];
const onlyPartners = only(accounts(PARTNER), theApiAccount()).reach("/orders");
const NOT_DENIED = resourcePolicy(
  statement("Allow"),
  statement("Deny", { Condition: { IpAddress: { "aws:SourceIp": "198.51.100.0/25" } } }),
);
const fromVpc = (id: string) =>
  resourcePolicy(statement("Allow", { Condition: { StringEquals: { "aws:SourceVpc": id } } }));

const truths: readonly [string, Invariant, Partial<Api>][] = [
  ["only partners", onlyPartners, { routes: orders, policy: partners(PARTNER) }],
  ["nobody anonymous but health", nobody(anonymous()).reachesAnythingBut("GET /health"), { routes: health }],
  ["nobody anonymous at all", nobody(anonymous()).reachesAnything(), { routes: orders }],
  [
    "no denied address",
    noAddressIn("198.51.100.0/26", "198.51.100.64/26").reachesAnything(),
    { routes: [route("GET", "/health")], policy: NOT_DENIED },
  ],
  [
    "holders of a scope",
    only(tokensWithScope("orders/read")).reach("GET /orders"),
    { routes: [route("GET", "/orders", SCOPED)] },
  ],
  [
    "whomever the authorizer allows",
    only(whomever("oauth").allows()).reach("/orders"),
    { routes: [route("GET", "/orders", LAMBDA)] },
  ],
  [
    "the VPCs of the configuration",
    everyPrivateApi().isReachedOnlyFrom(itsOwnVpcs()),
    { endpointType: "PRIVATE", routes: [route("GET", "/orders")], policy: fromVpc(endpoint.vpcId) },
  ],
];

const falsehoods: readonly [string, Invariant, Partial<Api>, Record<string, unknown>][] = [
  [
    "a second account in the policy",
    onlyPartners,
    { routes: orders, policy: partners(PARTNER, STRANGER) },
    { caller: expect.objectContaining({ arn: expect.stringContaining(STRANGER) }) },
  ],
  [
    "a greedy route that serves other verbs of the path",
    onlyPartners,
    { routes: [...orders, route("ANY", "/{proxy+}")] },
    { path: "/orders", caller: null },
  ],
  [
    "a greedy route that serves a path which no route has",
    only(whomever("oauth").allows()).reach("/internal/{rest+}"),
    { routes: [route("ANY", "/{proxy+}")] },
    { path: expect.stringMatching(/^\/internal\/./), caller: null },
  ],
  [
    "a second public route",
    nobody(anonymous()).reachesAnythingBut("GET /health"),
    { routes: [...health, route("POST", "/health")] },
    { method: "POST", path: "/health" },
  ],
  [
    "half of a denied range left open",
    noAddressIn("198.51.100.0/24").reachesAnything(),
    { routes: [route("GET", "/health")], policy: NOT_DENIED },
    { sourceIp: expect.stringMatching(/^198\.51\.100\.(12[89]|1[3-9]\d|2\d\d)$/) },
  ],
  [
    "another scope that the method takes",
    only(tokensWithScope("orders/read")).reach("/orders"),
    { routes: [route("GET", "/orders", { ...SCOPED, scopes: ["orders/read", "orders/list"] })] },
    { claims: expect.objectContaining({ scope: "orders/list" }) },
  ],
  [
    "a resource policy that admits whom the authorizer does not allow",
    only(whomever("oauth").allows()).reach("/orders"),
    { routes: [route("GET", "/orders", LAMBDA)], policy: resourcePolicy(statement("Allow")) },
    { authorizerResult: expect.objectContaining({ policyDocument: expect.objectContaining({ Statement: [] }) }) },
  ],
  [
    "an endpoint of somebody else",
    everyPrivateApi().isReachedOnlyFrom(endpoints(endpoint.id)),
    { endpointType: "PRIVATE", routes: [route("GET", "/orders")], policy: resourcePolicy(statement("Allow")) },
    { vpc: expect.objectContaining({ endpoint: expect.not.stringContaining(endpoint.id) }) },
  ],
];

describe("an invariant", () => {
  it.each(truths)("is proven where it holds: %s", (_, invariant, world) => {
    expect(prove(invariant, world)).toEqual([]);
  });

  it.each(falsehoods)("is refuted by a request: %s", (_, invariant, world, witness) => {
    const found = prove(invariant, world);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ rule: "invariant", severity: "error", where: { file: "invariants.ts" }, witness });
    expect(found[0]?.message.startsWith(invariant.sentence)).toBe(true);
  });

  it("is not proven by speaking of no request", () => {
    expect(prove(only(accounts(PARTNER)).reach("/ordres"), { routes: orders })).toMatchObject([
      { severity: "error", witness: null, message: expect.stringContaining("no request") },
    ]);
  });

  it("is not proven where it cannot be told what the policy says", () => {
    const condition = { StringEquals: { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-1/" } };
    const found = prove(onlyPartners, {
      routes: orders,
      policy: resourcePolicy(statement("Allow", { Condition: condition })),
    });
    expect(found).toMatchObject([
      { severity: "error", witness: null, message: expect.stringContaining("cannot be told") },
    ]);
  });

  it("of one stage leaves the others alone", () => {
    const world = { routes: orders, policy: partners(STRANGER) };
    expect(prove(atStage("prod", onlyPartners), world)).toEqual([]);
    expect(prove(atStage("dev", onlyPartners), world)).toHaveLength(1);
  });

  it("reads as a sentence", () => {
    expect(atStage("dev", onlyPartners).sentence).toBe(
      `At stage dev: Only account ${PARTNER} and callers of the API's own account whom their own policy allows reach /orders.`,
    );
  });

  it.each(["orders", "FETCH /orders", "GET orders"])("names a path or a verb and a path, not %j", (path) => {
    expect(() => only().reach(path)).toThrow(path);
  });
});

describe("a file of invariants", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "portcullis-test-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = (text: string): string => {
    const path = join(folder, "invariants.ts");
    writeFileSync(path, text);
    return path;
  };

  it("gives the list that it exports by default", () => {
    const words = join(__dirname, "../../../proof/analysis/invariants");
    const text = `import { anonymous, nobody } from ${JSON.stringify(words)};\nexport default [nobody(anonymous()).reachesAnything()];\n`;
    expect(readInvariants(file(text))).toMatchObject([{ sentence: "Of anonymous callers, nobody reaches anything." }]);
  });

  it.each([
    ["nothing by default", "export const x = 1;\n"],
    ["an empty list", "export default [];\n"],
    ["something else", "export default ['/orders'];\n"],
  ])("that exports %s is refused", (_, text) => {
    expect(() => readInvariants(file(text))).toThrow(/does not export a list of invariants/);
  });

  it("that cannot be loaded is refused with the reason", () => {
    expect(() => readInvariants(file("throw new Error('on purpose');\n"))).toThrow(/on purpose/);
  });
});
