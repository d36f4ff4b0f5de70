import fc from "fast-check";
import { contextKeys } from "../../proof/iam";
import type { AccessInput, AccessRequest, Principal } from "../../proof/iam";
import { ACCOUNT, ANONYMOUS, API, OTHER, aws, compiled } from "./helpers";

/** Runs of each property; CI may ask for more. All properties of policies together run at least 100,000 times. */
export const RUNS = { numRuns: Number(process.env["PROPERTY_RUNS"] ?? 10_000) };

// Properties are many runs of little work: on a busy machine they take their time.
jest.setTimeout(180_000);

/** Small worlds, so that patterns and requests meet often. */
const PRINCIPALS: readonly Principal[] = [
  ANONYMOUS,
  aws(`arn:aws:iam::${ACCOUNT}:user/alice`),
  aws(`arn:aws:sts::${ACCOUNT}:assumed-role/caller/one`),
  aws(`arn:aws:iam::${ACCOUNT}:root`),
  aws(`arn:aws:sts::${OTHER}:assumed-role/partner/one`),
  { kind: "service", service: "apigateway.amazonaws.com" },
];

const PRINCIPAL_ELEMENTS: readonly unknown[] = [
  "*",
  { AWS: "*" },
  { AWS: ACCOUNT },
  { AWS: `arn:aws:iam::${ACCOUNT}:user/alice` },
  { AWS: [`arn:aws:iam::${ACCOUNT}:role/caller`, OTHER] },
  { AWS: `arn:aws:sts::${ACCOUNT}:assumed-role/caller/one` },
  { AWS: `arn:aws:iam::${OTHER}:role/partner` },
  { Service: "apigateway.amazonaws.com" },
];

const CONDITIONS: readonly unknown[] = [
  { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
  { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
  { StringEquals: { "aws:SourceVpce": ["vpce-1", "vpce-2"] } },
  { StringNotEqualsIfExists: { "aws:SourceVpce": "vpce-1" } },
  { Bool: { "aws:SecureTransport": "true" }, Null: { "aws:SourceVpce": "true" } },
  { "ForAllValues:StringLike": { "aws:TagKeys": ["a*", "b"] } },
  { "ForAnyValue:StringNotEquals": { "aws:TagKeys": "a" } },
  { StringEquals: { "aws:SourceVpce": "${aws:PrincipalTag/vpce}" } },
  { NumericLessThan: { "aws:MultiFactorAuthAge": "60" } },
  { DateLessThan: { "aws:CurrentTime": "2026-06-01T00:00:00Z" } },
  { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } },
];

const oneOrMore = <T>(values: readonly T[]) =>
  fc.oneof(fc.constantFrom(...values), fc.subarray([...values], { minLength: 1, maxLength: 3 }));

const action = oneOrMore(["execute-api:Invoke", "execute-api:*", "*", "s3:GetObject", "execute-api:Inv?lid*"]);
const resource = oneOrMore([
  "*",
  `${API}/*`,
  `${API}/dev/GET/*`,
  `${API}/*/GET/orders`,
  `${API}/dev/*/orders?`,
  `${API}/dev/GET/\${aws:PrincipalTag/vpce}`,
  "arn:aws:s3:::bucket/*",
]);

export type StatementJson = Record<string, unknown>;

/** A valid statement of a policy with or without principals. */
export function statements(
  principals: boolean,
  effect = fc.constantFrom("Allow", "Deny"),
): fc.Arbitrary<StatementJson> {
  return fc
    .record({
      effect,
      action,
      notAction: fc.boolean(),
      resource,
      notResource: fc.boolean(),
      principal: fc.constantFrom(...PRINCIPAL_ELEMENTS),
      notPrincipal: fc.boolean(),
      condition: fc.option(fc.constantFrom(...CONDITIONS), { nil: undefined, freq: 1 }),
    })
    .map((drawn) => ({
      Effect: drawn.effect,
      ...(principals ? { [drawn.notPrincipal ? "NotPrincipal" : "Principal"]: drawn.principal } : {}),
      [drawn.notAction ? "NotAction" : "Action"]: drawn.action,
      [drawn.notResource ? "NotResource" : "Resource"]: drawn.resource,
      ...(drawn.condition === undefined ? {} : { Condition: drawn.condition }),
    }));
}

const context = fc.record(
  {
    "aws:SourceIp": fc.constantFrom("203.0.113.7", "198.51.100.7", "2001:db8::1", "nonsense"),
    "aws:SourceVpce": fc.constantFrom("vpce-1", "vpce-2", "vpce-3"),
    "aws:SecureTransport": fc.constantFrom("true", "false"),
    "aws:TagKeys": fc.array(fc.constantFrom("a", "ab", "b", ""), { maxLength: 3 }),
    "aws:PrincipalTag/vpce": fc.constantFrom("vpce-1", "orders"),
    "aws:MultiFactorAuthAge": fc.constantFrom("10", "100"),
    "aws:CurrentTime": fc.constantFrom("2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"),
    "aws:PrincipalArn": fc.constantFrom(`arn:aws:iam::${ACCOUNT}:role/caller`, `arn:aws:iam::${ACCOUNT}:user/alice`),
  },
  { requiredKeys: [] },
);

export const requests: fc.Arbitrary<AccessRequest> = fc.record({
  principal: fc.constantFrom(...PRINCIPALS),
  action: fc.constantFrom("execute-api:Invoke", "execute-api:InvalidateCache", "s3:GetObject"),
  resource: fc.constantFrom(
    `${API}/dev/GET/orders`,
    `${API}/dev/GET/`,
    `${API}/prod/GET/orders`,
    `${API}/dev/POST/orders1`,
  ),
  context: context.map((entries) => contextKeys(entries as Record<string, string | string[]>)),
});

const layer = (principals: boolean) => fc.array(statements(principals), { minLength: 1, maxLength: 3 });

/** The layers of a decision as JSON, so that a property can change one of them. */
export const layers = fc.record({
  request: requests,
  identity: layer(false),
  resource: fc.option(layer(true), { nil: undefined, freq: 4 }),
  boundary: fc.option(layer(false), { nil: undefined, freq: 1 }),
  session: fc.option(layer(false), { nil: undefined, freq: 1 }),
  serviceControl: fc.option(layer(false), { nil: undefined, freq: 1 }),
  vpcEndpoint: fc.option(layer(true), { nil: undefined, freq: 1 }),
});

export type Layers = typeof layers extends fc.Arbitrary<infer T> ? T : never;

export const LAYER_NAMES = ["identity", "resource", "boundary", "session", "serviceControl", "vpcEndpoint"] as const;

export function inputOf(given: Layers): AccessInput {
  const { boundary, session, serviceControl, vpcEndpoint } = given;
  return {
    request: given.request,
    resourceOwner: ACCOUNT,
    identityPolicies: [compiled(given.identity)],
    resourcePolicy: given.resource && compiled(given.resource, "resource"),
    permissionsBoundaries: boundary && [compiled(boundary, "boundary")],
    sessionPolicies: session && [compiled(session, "session")],
    serviceControlPolicies: serviceControl && [[compiled(serviceControl, "service-control")]],
    vpcEndpointPolicy: vpcEndpoint && compiled(vpcEndpoint, "vpc-endpoint"),
  };
}
