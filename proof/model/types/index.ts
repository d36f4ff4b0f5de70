/**
 * What a directory of Terraform JSON says about its REST APIs, with every reference resolved.
 *
 * This is the only vocabulary the rest of `proof/` speaks: the loader writes it, `decision` decides on it,
 * `gateway` serves it, `analysis` enumerates it. It is plain data: no classes, no functions, no Terraform.
 */

import type { Api } from "./api";
import type { LambdaFunction } from "./function";
import type { OidcIssuer, UserPool } from "./identity";
import type { PolicyDocument } from "./policy";
import type { Role, User } from "./principal";
import type { Source } from "./source";
import type { ApiKey, UsagePlan } from "./usage";

export type { Api, Deployment, EndpointType, GatewayResponse, Route, RouteAuth, Stage } from "./api";
export type { Authorizer, CognitoAuthorizer, LambdaAuthorizer } from "./authorizer";
export type { LambdaFunction, LambdaPermission } from "./function";
export type { OidcIssuer, UserPool, UserPoolClient } from "./identity";
export type { Integration, IntegrationResponse } from "./integration";
export type { PolicyDocument } from "./policy";
export type { Role, User } from "./principal";
export type { Source } from "./source";
export type { ApiKey, MethodSettings, Throttle, UsagePlan, UsagePlanStage } from "./usage";

export interface Model {
  readonly apis: readonly Api[];
  readonly functions: readonly LambdaFunction[];
  readonly userPools: readonly UserPool[];
  /** OIDC issuers that authorizer functions trust (see `OidcIssuer`). */
  readonly oidcIssuers: readonly OidcIssuer[];
  readonly roles: readonly Role[];
  readonly users: readonly User[];
  readonly secrets: readonly Secret[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly problems: readonly Problem[];
  readonly usagePlans?: readonly UsagePlan[];
  readonly apiKeys?: readonly ApiKey[];
  /** Custom domain names of APIs. */
  readonly domainNames?: readonly string[];
}

/** Something in the input that cannot be served or proven. What depends on it is refused, never opened. */
export interface Problem {
  readonly message: string;
  readonly source: Source;
  /** `error` stops `serve`; `warning` is printed. */
  readonly severity: "error" | "warning";
}

export interface Secret {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  /** Version stages to values where the configuration holds a value; most hold none, and a local one is made. */
  readonly versions: readonly { readonly stages: readonly string[]; readonly value?: string }[];
  /** Its resource policy, where it has one. */
  readonly policy?: PolicyDocument;
  readonly tags?: Readonly<Record<string, string>>;
  readonly source: Source;
}

export interface VpcEndpoint {
  readonly address: string;
  readonly id: string;
  readonly vpcId: string;
  readonly accountId: string;
  readonly serviceName: string;
  readonly policy?: PolicyDocument;
  readonly source: Source;
}
