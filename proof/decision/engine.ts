import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import type { PolicyKind } from "../iam/types";
import type {
  Api,
  CognitoAuthorizer,
  LambdaAuthorizer,
  Model,
  PolicyDocument,
  Route,
  Stage,
  VpcEndpoint,
} from "../model/types";
import { issuerOfUserPool } from "../tokens/verify";
import { AuthorizerCache } from "./authorizer-cache";
import type { Wording } from "./denials";
import type { IdentitySource } from "./identity-source";
import { compileIdentitySource } from "./identity-source";
import { translateJavaRegex } from "./java-regex";
import type { CompiledPolicy } from "../iam";
import { compileApiPolicy, PolicyStore } from "./policies";
import type { RouteTree } from "./routes";
import { compileRoutes } from "./routes";

export interface EngineOptions {
  /** Which generation of AWS's words denials carry. Default `current`. */
  readonly wording?: Wording;
  /** Answers of Lambda authorizers kept at most. Default 10,000. */
  readonly cacheEntries?: number;
}

/** Everything of a model that a decision needs, compiled once. */
export interface Engine {
  readonly model: Model;
  readonly wording: Wording;
  readonly cache: AuthorizerCache;
  readonly policies: PolicyStore;
  readonly vpcEndpoints: ReadonlyMap<string, VpcEndpoint>;
  readonly endpointPolicies: ReadonlyMap<string, CompiledPolicy>;
  /** By Terraform address. */
  readonly apis: ReadonlyMap<string, PreparedApi>;
}

export interface PreparedApi {
  readonly api: Api;
  readonly stages: ReadonlyMap<string, Stage>;
  readonly routes: RouteTree;
  readonly policy?: CompiledPolicy;
  readonly lambda: ReadonlyMap<string, PreparedLambdaAuthorizer>;
  readonly cognito: ReadonlyMap<string, PreparedCognitoAuthorizer>;
}

export interface PreparedLambdaAuthorizer {
  readonly authorizer: LambdaAuthorizer;
  readonly sources: readonly IdentitySource[];
  readonly regex?: RegExp;
}

export interface PreparedCognitoAuthorizer {
  readonly authorizer: CognitoAuthorizer;
  readonly source: IdentitySource;
  readonly regex?: RegExp;
  /** Issuer URLs of its user pools, for one stage: an ARN may hold a stage variable. */
  issuers(stage: Stage): readonly string[];
}

/**
 * Compiles a model: policies, routes, identity sources, validation expressions. Nothing is left to fail at a request.
 *
 * @throws InputError with every problem at once: policies that AWS would not take or that cannot be evaluated exactly
 *   (file, address, statement), identity sources and expressions that cannot be enforced with AWS's meaning
 */
export function prepareEngine(model: Model, options: EngineOptions = {}): Engine {
  const problems: InputProblem[] = [];
  const policies = new PolicyStore();
  // What could not be read is a problem of the model already, and refuses what depends on it.
  const checked = (policy: PolicyDocument, kind: PolicyKind): CompiledPolicy | undefined =>
    policy.unresolved === undefined ? collect(problems, () => policies.get(policy, kind)) : undefined;
  for (const holder of [...model.roles, ...model.users]) {
    holder.identityPolicies.forEach((policy) => checked(policy, "identity"));
    if (holder.permissionsBoundary !== undefined) checked(holder.permissionsBoundary, "boundary");
  }
  const apis = model.apis.map((api): PreparedApi => {
    const { policy: found } = api;
    const readable = found !== undefined && found.unresolved === undefined;
    const policy = readable ? collect(problems, () => compileApiPolicy(found, api)) : undefined;
    return {
      api,
      stages: new Map(api.stages.map((stage) => [stage.name, stage])),
      routes: compileRoutes(api.routes),
      ...(policy === undefined ? {} : { policy }),
      ...prepareAuthorizers(api, model, problems),
    };
  });
  const endpointPolicies = model.vpcEndpoints.flatMap((endpoint): [string, CompiledPolicy][] => {
    const policy = endpoint.policy === undefined ? undefined : checked(endpoint.policy, "vpc-endpoint");
    return policy === undefined ? [] : [[endpoint.id, policy]];
  });
  if (problems.length > 0) throw new InputError(problems);
  return {
    model,
    wording: options.wording ?? "current",
    cache: new AuthorizerCache(options.cacheEntries ?? 10_000),
    policies,
    vpcEndpoints: new Map(model.vpcEndpoints.map((endpoint) => [endpoint.id, endpoint])),
    endpointPolicies: new Map(endpointPolicies),
    apis: new Map(apis.map((prepared) => [prepared.api.address, prepared])),
  };
}

function collect<T>(problems: InputProblem[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}

type Authorizers = Pick<PreparedApi, "lambda" | "cognito">;

function prepareAuthorizers(api: Api, model: Model, problems: InputProblem[]): Authorizers {
  const lambda = new Map<string, PreparedLambdaAuthorizer>();
  const cognito = new Map<string, PreparedCognitoAuthorizer>();
  for (const authorizer of authorizersOf(api)) {
    if (authorizer.type === "COGNITO_USER_POOLS") {
      const prepared = prepareCognito(authorizer, model, problems);
      if (prepared !== undefined) cognito.set(authorizer.address, prepared);
    } else {
      lambda.set(authorizer.address, prepareLambda(authorizer, problems));
    }
  }
  return { lambda, cognito };
}

/** Those of the API and those that only a route refers to. */
function authorizersOf(api: Api): readonly (LambdaAuthorizer | CognitoAuthorizer)[] {
  const routed = api.routes.flatMap(({ auth }: Route) => ("authorizer" in auth ? [auth.authorizer] : []));
  return [...new Map([...api.authorizers, ...routed].map((found) => [found.address, found])).values()];
}

function prepareLambda(authorizer: LambdaAuthorizer, problems: InputProblem[]): PreparedLambdaAuthorizer {
  const sources = authorizer.identitySources.flatMap((expression) => {
    const source = compileIdentitySource(expression);
    if (source === undefined) problems.push(badSource(authorizer, expression));
    return source === undefined ? [] : [source];
  });
  if (authorizer.type === "TOKEN") {
    const header = authorizer.identitySources.length === 1 && isHeader(authorizer.identitySources[0]);
    if (!header) problems.push(badTokenSources(authorizer));
  } else if (authorizer.resultTtlSeconds > 0 && sources.length === 0) {
    problems.push({
      what: `A REQUEST authorizer that caches (${authorizer.resultTtlSeconds} s) has no identity source, so every caller would get the first one's answer.`,
      where: where(authorizer, "identity_source"),
      next: "Name the headers or query strings that identify a caller, or set authorizer_result_ttl_in_seconds to 0.",
    });
  }
  // REQUEST authorizers ignore the expression (API reference of Authorizer).
  const regex = authorizer.type === "TOKEN" ? readRegex(authorizer, problems) : undefined;
  return { authorizer, sources, ...(regex === undefined ? {} : { regex }) };
}

function prepareCognito(
  authorizer: CognitoAuthorizer,
  model: Model,
  problems: InputProblem[],
): PreparedCognitoAuthorizer | undefined {
  const source = isHeader(authorizer.identitySource) ? compileIdentitySource(authorizer.identitySource) : undefined;
  if (source === undefined) problems.push(badSource(authorizer, authorizer.identitySource));
  const regex = readRegex(authorizer, problems);
  const issuerOf = (arn: string): string | undefined =>
    model.userPools.find((pool) => pool.arn === arn)?.issuer ?? issuerOfUserPool(arn);
  for (const arn of authorizer.providerArns) {
    if (arn.includes("${stageVariables.") || issuerOf(arn) !== undefined) continue;
    problems.push({
      what: `'${arn}' is not the ARN of a user pool.`,
      where: where(authorizer, "provider_arns"),
      next: "Write arn:<partition>:cognito-idp:<region>:<account>:userpool/<id>.",
    });
  }
  if (source === undefined) return undefined;
  return {
    authorizer,
    source,
    ...(regex === undefined ? {} : { regex }),
    issuers: (stage) =>
      authorizer.providerArns.flatMap((arn) => {
        const resolved = arn.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stage.variables[name] ?? "");
        return issuerOf(resolved) ?? [];
      }),
  };
}

function readRegex(authorizer: LambdaAuthorizer | CognitoAuthorizer, problems: InputProblem[]): RegExp | undefined {
  const expression = authorizer.identityValidationExpression;
  if (expression === undefined || expression === "") return undefined;
  const translated = translateJavaRegex(expression);
  if ("regex" in translated) return translated.regex;
  problems.push({
    what: `The expression '${expression}' uses ${translated.refused}, which means something else outside Java's regular expressions.`,
    where: where(authorizer, "identity_validation_expression"),
    next: "Write it with literals, classes, groups and plain quantifiers.",
  });
  return undefined;
}

function isHeader(expression: string | undefined): boolean {
  return expression !== undefined && /^\s*method\.request\.header\.\S+\s*$/.test(expression);
}

function badSource(authorizer: LambdaAuthorizer | CognitoAuthorizer, expression: string): InputProblem {
  return {
    what: `'${expression}' is not an identity source that can be read.`,
    where: where(authorizer, "identity_source"),
    next:
      authorizer.type === "REQUEST"
        ? "Use method.request.header.<name>, method.request.querystring.<name>, stageVariables.<name> or context.<name>."
        : "Use exactly one method.request.header.<name>.",
  };
}

function badTokenSources(authorizer: LambdaAuthorizer): InputProblem {
  return {
    what: `A TOKEN authorizer reads exactly one header; its identity source is '${authorizer.identitySources.join(", ")}'.`,
    where: where(authorizer, "identity_source"),
    next: "Use method.request.header.<name>, or a REQUEST authorizer.",
  };
}

function where(authorizer: LambdaAuthorizer | CognitoAuthorizer, field: string): string {
  return `${authorizer.source.file}: ${authorizer.source.address}.${field}`;
}
