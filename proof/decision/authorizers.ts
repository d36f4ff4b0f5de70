import type { InputProblem } from "../errors";
import type { Api, CognitoAuthorizer, LambdaAuthorizer, Model, Route, Stage } from "../model/types";
import { issuerOfUserPool } from "../tokens/verify";
import type { IdentitySource } from "./identity-source";
import { compileIdentitySource } from "./identity-source";
import type { Matcher } from "./java-regex";
import { translateJavaRegex } from "./java-regex";
import { withStageVariables } from "./stage-variables";

/** The authorizers of one API, by Terraform address. */
export interface PreparedAuthorizers {
  readonly lambda: ReadonlyMap<string, PreparedLambdaAuthorizer>;
  readonly cognito: ReadonlyMap<string, PreparedCognitoAuthorizer>;
}

export interface PreparedLambdaAuthorizer {
  readonly authorizer: LambdaAuthorizer;
  readonly sources: readonly IdentitySource[];
  readonly regex?: Matcher | undefined;
}

export interface PreparedCognitoAuthorizer {
  readonly authorizer: CognitoAuthorizer;
  readonly source: IdentitySource;
  readonly regex?: Matcher | undefined;
  /** Issuer URLs of its user pools, for one stage: an ARN may hold a stage variable. */
  issuers(stage: Stage): readonly string[];
}

/** Makes the authorizers of an API ready; what cannot be enforced with AWS's meaning is added to `problems`. */
export function prepareAuthorizers(api: Api, model: Model, problems: InputProblem[]): PreparedAuthorizers {
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
  return { authorizer, sources, regex };
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
    regex,
    issuers: (stage) =>
      authorizer.providerArns.flatMap((arn) => {
        const resolved = withStageVariables(arn, stage);
        return resolved === undefined ? [] : (issuerOf(resolved) ?? []);
      }),
  };
}

function readRegex(authorizer: LambdaAuthorizer | CognitoAuthorizer, problems: InputProblem[]): Matcher | undefined {
  const expression = authorizer.identityValidationExpression;
  if (expression === undefined || expression === "") return undefined;
  const translated = translateJavaRegex(expression);
  if ("regex" in translated) return translated.regex;
  problems.push({
    what: `The expression '${expression}' cannot be enforced as Java reads it, because of ${translated.refused}.`,
    where: where(authorizer, "identity_validation_expression"),
    next: "Write it with literals, classes, groups and plain quantifiers.",
  });
  return undefined;
}

function isHeader(expression = ""): boolean {
  return expression.trim().startsWith("method.request.header.");
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
