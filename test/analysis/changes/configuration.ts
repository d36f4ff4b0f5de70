/** A configuration as a team would write it, and changes to it. */
import type { Api, Authorizer, Model, PolicyDocument, Role, Route } from "../../../proof/model/types";
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
} from "../../decision/support";

export { ACCOUNT, ARN, PARTNER };
export const STRANGER = "777788889999";

type Json = Readonly<Record<string, unknown>>;

/** What a change may touch. */
export interface Parts {
  readonly name: string;
  readonly statements: readonly Json[] | undefined;
  readonly routes: readonly Route[];
  readonly roles: readonly Role[];
  readonly endpointType: Api["endpointType"];
  readonly more: Partial<Api>;
}

export const resource = (path: string): string => `${ARN}/dev/${path}`;
export const allow = (Principal: unknown, Resource: unknown, Condition?: Json): Json => ({
  Effect: "Allow",
  Principal,
  Action: "execute-api:Invoke",
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
export const deny = (Principal: unknown, Resource: unknown, Condition?: Json): Json => ({
  ...allow(Principal, Resource, Condition),
  Effect: "Deny",
});
export const ipDeny = (...cidrs: string[]): Json => deny("*", `${ARN}/*`, { IpAddress: { "aws:SourceIp": cidrs } });
export const partnerRoot = { AWS: `arn:aws:iam::${PARTNER}:root` };

export const partner: Role = {
  address: "aws_iam_role.partner",
  name: "partner",
  arn: `arn:aws:iam::${PARTNER}:role/partner`,
  accountId: PARTNER,
  trustPolicy: policy(
    [
      {
        Effect: "Allow",
        Principal: partnerRoot,
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": "orders-7c1f" } },
      },
    ],
    "aws_iam_role.partner.assume_role_policy",
  ),
  identityPolicies: [invoking("GET/orders", "GET/orders/*")],
  tags: {},
  maxSessionSeconds: 3600,
  source: source("aws_iam_role.partner"),
};

/** An identity policy that allows these. */
export function invoking(...paths: string[]): PolicyDocument {
  const statement = { Effect: "Allow", Action: "execute-api:Invoke", Resource: paths.map(resource) };
  return policy([statement], "aws_iam_role_policy.partner.policy");
}

export const pool = cognitoAuthorizer();
export const cached = tokenAuthorizer({ resultTtlSeconds: 300 });
export const request = tokenAuthorizer({
  type: "REQUEST",
  address: "aws_api_gateway_authorizer.signed",
  name: "signed",
  functionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:signed`,
  identitySources: ["method.request.header.X-Client-Id", "method.request.header.X-Signature"],
  resultTtlSeconds: 60,
});

export const orders: Parts = {
  name: "orders",
  endpointType: "REGIONAL",
  more: {},
  statements: [
    ipDeny("198.51.100.0/24"),
    allow("*", ["GET/health", "GET/profile"].map(resource)),
    allow(partnerRoot, ["GET/orders", "GET/orders/*"].map(resource)),
  ],
  routes: [
    route("GET", "/health"),
    route("GET", "/orders", { type: "AWS_IAM" }),
    route("GET", "/orders/{id}", { type: "AWS_IAM" }),
    route("POST", "/orders", { type: "AWS_IAM" }),
    route("GET", "/profile", { type: "COGNITO_USER_POOLS", authorizer: pool, scopes: ["profile/read"] }),
    route("GET", "/reports/{id}", { type: "CUSTOM", authorizer: cached }),
    route("POST", "/hooks", { type: "CUSTOM", authorizer: request }),
  ],
  roles: [partner],
};

/** A private API, reachable from one VPC. */
export const internal: Parts = {
  ...orders,
  name: "internal",
  endpointType: "PRIVATE",
  statements: [deny("*", `${ARN}/*`, { StringNotEquals: { "aws:SourceVpc": "vpc-0a1b" } }), allow("*", `${ARN}/*`)],
  routes: [route("GET", "/ledger", { type: "AWS_IAM" }), route("GET", "/status")],
};

export function modelOf({ name, statements, routes, roles, endpointType, more }: Parts): Model {
  const authorizers = new Map<string, Authorizer>(
    routes.flatMap(({ auth }) => ("authorizer" in auth ? [[auth.authorizer.address, auth.authorizer]] : [])),
  );
  return model(
    [
      api({
        name,
        endpointType,
        routes,
        authorizers: [...authorizers.values()],
        ...(statements === undefined ? {} : { policy: policy(statements) }),
        ...more,
      }),
    ],
    { roles },
  );
}

/** The routes with one of them changed. */
export function withRoute(parts: Parts, method: string, path: string, more: Partial<Route>): Parts {
  return {
    ...parts,
    routes: parts.routes.map((one) => (one.method === method && one.path === path ? { ...one, ...more } : one)),
  };
}

export { route, tokenAuthorizer, cognitoAuthorizer, policy, source };
