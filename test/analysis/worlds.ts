/** Small configurations at random, with everything that the analysis tells apart. */
import fc from "fast-check";
import type { Api, LambdaAuthorizer, Model, Role, Route } from "../../proof/model/types";
import {
  ACCOUNT,
  api,
  ARN,
  cognitoAuthorizer,
  model,
  PARTNER,
  policy,
  route,
  source,
  tokenAuthorizer,
} from "../decision/support";
import { conditions, maybe, some } from "./world-conditions";
import type { Json } from "./world-conditions";

export { ORGANIZATION, STRANGER } from "./world-conditions";

export const SCOPES = ["orders/read", "orders/write"] as const;

const TEMPLATES = ["/a", "/a/{id}", "/a/b", "/{proxy+}", "/a/{id}/c", "/b/{rest+}", "/"];
export const PATHS = ["/", "/a", "/a/b", "/a/1", "/a/12", "/a/1/c", "/a/b/c", "/b/x/y", "/b/1", "/c", "/c/admin"];
export const VERBS = ["GET", "POST", "DELETE"];
const RESOURCES = [
  "execute-api:/*",
  "execute-api:/dev/GET/a",
  "execute-api:/dev/*/a/*",
  "execute-api:/dev/GET/a/1*",
  "execute-api:/*/*/*/c",
  "execute-api:/dev/?OST/*",
  "execute-api:/dev/*/b/??*",
  "execute-api:/dev/GET/",
  "*",
];
export const ADDRESSES = ["10.1.2.3", "10.9.9.9", "203.0.113.7", "203.0.113.9", "192.0.2.1", "2001:db8::9", "2a00::1"];
export const REFERERS = [undefined, "https://example.com/", "https://example.com/admin", "https://evil.example/", ""];
export const TIMES = ["2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"];

/** What nobody expects to be named, and what a class could be stood for by. */
const NAMED = [
  `arn:aws:iam::${PARTNER}:role/anybody`,
  `arn:aws:iam::${PARTNER}:role/x`,
  `arn:aws:iam::${PARTNER}:user/reader`,
  `arn:aws:sts::${PARTNER}:assumed-role/reader/local`,
  `arn:aws:sts::${ACCOUNT}:assumed-role/known/local`,
];

const principals: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ Principal: "*" }) },
  {
    weight: 3,
    arbitrary: some([
      PARTNER,
      `arn:aws:iam::${ACCOUNT}:root`,
      `arn:aws:iam::${PARTNER}:role/reader`,
      `arn:aws:iam::${ACCOUNT}:role/team/known`,
      `arn:aws:iam::${ACCOUNT}:user/bob`,
      `arn:aws:sts::${PARTNER}:assumed-role/reader/night`,
      ...NAMED,
    ]).map((AWS) => ({ Principal: { AWS } })),
  },
  {
    weight: 1,
    arbitrary: some([`arn:aws:iam::${PARTNER}:root`, `arn:aws:iam::${PARTNER}:role/reader`]).map((AWS) => ({
      NotPrincipal: { AWS },
    })),
  },
);

const resources = fc.oneof(
  { weight: 5, arbitrary: some(RESOURCES).map((Resource) => ({ Resource })) },
  { weight: 1, arbitrary: some(RESOURCES.slice(1, 5)).map((NotResource) => ({ NotResource })) },
);

const statement = (isPrivate: boolean): fc.Arbitrary<Json> =>
  fc
    .tuple(
      fc.constantFrom("Allow", "Allow", "Deny"),
      principals,
      resources,
      conditions(isPrivate),
      fc.constantFrom("execute-api:Invoke", "execute-api:*", "*"),
    )
    .map(([Effect, who, what, Condition, Action]) => ({
      Effect,
      Action,
      ...who,
      ...what,
      ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
    }));

const POOLS = ["us-east-1_Pool00001", "us-east-1_Pool00002"].map(
  (id) => `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/${id}`,
);

/** One authorizer of each kind for a configuration, as it would declare them. */
const authorizers = fc.record({
  pools: some(POOLS),
  ttl: fc.constantFrom(0, 300),
  sources: some(["method.request.header.X-One", "method.request.querystring.two"]),
  token: fc.boolean(),
});

const auths = fc.constantFrom(
  "NONE" as const,
  "AWS_IAM" as const,
  "AWS_IAM" as const,
  "COGNITO" as const,
  "CUSTOM" as const,
);

const routes: fc.Arbitrary<Route[]> = fc
  .tuple(
    authorizers,
    fc.uniqueArray(
      fc.tuple(
        fc.constantFrom("GET", "GET", "GET", "GET", "POST", "ANY"),
        fc.constantFrom(...TEMPLATES),
        auths,
        fc.subarray([...SCOPES]),
      ),
      { minLength: 1, maxLength: 3, selector: ([method, path]) => `${method} ${path}` },
    ),
  )
  .map(([{ pools, ttl, sources, token }, list]) => {
    const common: Partial<LambdaAuthorizer> = { resultTtlSeconds: ttl };
    const lambda = tokenAuthorizer(token ? common : { ...common, type: "REQUEST", identitySources: sources });
    const cognito = cognitoAuthorizer({ providerArns: pools });
    return list.map(([method, path, type, scopes]) => {
      if (type === "CUSTOM") return route(method, path, { type, authorizer: lambda });
      if (type !== "COGNITO") return route(method, path, { type });
      return route(method, path, { type: "COGNITO_USER_POOLS", scopes, authorizer: cognito });
    });
  });

const own = fc
  .array(
    fc
      .tuple(
        fc.constantFrom("Allow", "Allow", "Deny"),
        some(["dev/GET/a", "dev/*/a/*", "*", "dev/GET/a/${aws:PrincipalTag/team}"]),
        conditions(false),
      )
      .map(([Effect, list, Condition]) => ({
        Effect,
        Action: "execute-api:Invoke",
        Resource: list.map((path) => `${ARN}/${path}`),
        ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
      })),
    { maxLength: 2 },
  )
  .map((statements) => (statements.length === 0 ? [] : [policy(statements, "aws_iam_role_policy.known.policy")]));

export interface World {
  readonly isPrivate: boolean;
  readonly statements: readonly Json[] | undefined;
  readonly routes: Route[];
  readonly role: Role;
}

const role = (identityPolicies: Role["identityPolicies"], account: string, tags: Role["tags"]): Role => ({
  address: "aws_iam_role.known",
  name: "known",
  arn: `arn:aws:iam::${account}:role/team/known`,
  accountId: account,
  trustPolicy: policy([{ Effect: "Allow", Principal: { AWS: PARTNER }, Action: "sts:AssumeRole" }], "trust"),
  identityPolicies,
  tags,
  maxSessionSeconds: 3600,
  source: source("aws_iam_role.known"),
});

const worldOf = (isPrivate: boolean): fc.Arbitrary<World> =>
  fc
    .tuple(
      maybe(fc.array(statement(isPrivate), { minLength: 1, maxLength: 3 })),
      routes,
      own,
      fc.constantFrom({ team: "blue" }, { team: "blue" }, { team: "" }, {}),
    )
    .map(([statements, list, policies, tags]) => ({
      isPrivate,
      statements,
      routes: list,
      role: role(policies, ACCOUNT, tags),
    }));

export const world = fc
  .boolean()
  .chain((flag) => fc.integer({ min: 0, max: 3 }).chain((n) => worldOf(flag && n === 0)));

/** Two configurations of one API: the second is the first with something else in some of its parts. */
export const pair: fc.Arbitrary<readonly [World, World]> = fc.integer({ min: 0, max: 4 }).chain((n) => {
  const isPrivate = n === 0;
  return fc
    .tuple(worldOf(isPrivate), worldOf(isPrivate), fc.boolean(), fc.boolean(), fc.boolean())
    .map(([base, other, a, b, c]) => [
      base,
      {
        isPrivate,
        statements: a ? other.statements : base.statements,
        routes: b ? other.routes : base.routes,
        role: c ? other.role : base.role,
      },
    ]);
});

export function modelOf({ isPrivate, statements, routes: list, role: known }: World, more: Partial<Api> = {}): Model {
  const endpoint = {
    address: "aws_vpc_endpoint.api",
    id: "vpce-0b1",
    vpcId: "vpc-0a1",
    accountId: ACCOUNT,
    serviceName: "com.amazonaws.us-east-1.execute-api",
    source: source("aws_vpc_endpoint.api"),
  };
  return model(
    [
      api({
        routes: list,
        endpointType: isPrivate ? "PRIVATE" : "REGIONAL",
        ...(statements === undefined ? {} : { policy: policy(statements) }),
        ...more,
      }),
    ],
    { roles: [known], vpcEndpoints: isPrivate ? [endpoint] : [] },
  );
}
