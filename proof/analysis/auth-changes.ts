import type { LambdaAuthorizer, Route, RouteAuth, Source } from "../model/types";

/** What differs between two routes in how callers authenticate. */
export interface AuthChange {
  /** The field in the base; in the head where the base has no route. */
  readonly base: Source;
  readonly head: Source;
  readonly reason: string;
}

/** Equal for routes on which the same callers are trusted in the same way and for as long. */
export function authKey(route: Route | undefined): string {
  const auth = route?.auth;
  if (auth?.type !== "CUSTOM") return auth?.type ?? "none";
  const { functionArn, resultTtlSeconds: ttl, identitySources } = auth.authorizer;
  return ["CUSTOM", functionArn, ttl, ...(ttl > 0 ? [...identitySources].sort() : [])].join(" ");
}

/** The first field that differs, the most general first; undefined where callers authenticate alike. */
export function authChange(from: Route | undefined, to: Route | undefined): AuthChange | undefined {
  const here = to ?? from;
  if (here === undefined) return undefined;
  const at = (field: string, of: { readonly source: Source } | undefined): Source =>
    of === undefined ? here.source : { file: of.source.file, address: `${of.source.address}.${field}` };
  const change = (
    field: string,
    reason: string,
    base = from as { source: Source } | undefined,
    head = base,
  ): AuthChange => ({
    base: at(field, base),
    head: at(field, head ?? base),
    reason,
  });
  if (from === undefined || to === undefined || from.path !== to.path || from.method !== to.method) {
    return { base: (from ?? here).source, head: here.source, reason: servedBy(from, to) };
  }
  const [before, after] = [from.auth, to.auth];
  if (before.type !== after.type) {
    return change("authorization", `authorization was ${before.type} and is ${after.type}.`, from, to);
  }
  if (before.type === "COGNITO_USER_POOLS" && after.type === before.type) {
    if (!sameList(before.scopes, after.scopes)) {
      const words = `authorization_scopes were ${listed(before.scopes)} and are ${listed(after.scopes)}.`;
      return change("authorization_scopes", words, from, to);
    }
    const [was, is] = [before.authorizer, after.authorizer];
    if (!sameList(was.providerArns, is.providerArns)) {
      const words = `provider_arns were ${listed(was.providerArns)} and are ${listed(is.providerArns)}.`;
      return change("provider_arns", words, was, is);
    }
    if (was.identityValidationExpression !== is.identityValidationExpression) {
      return change("identity_validation_expression", expressions(was, is), was, is);
    }
  }
  if (before.type === "CUSTOM" && after.type === "CUSTOM") return lambdaChange(before.authorizer, after.authorizer);
  return undefined;
}

function lambdaChange(was: LambdaAuthorizer, is: LambdaAuthorizer): AuthChange | undefined {
  const change = (field: string, reason: string): AuthChange => ({
    base: { file: was.source.file, address: `${was.source.address}.${field}` },
    head: { file: is.source.file, address: `${is.source.address}.${field}` },
    reason,
  });
  if (was.functionArn !== is.functionArn) {
    return change("authorizer_uri", `The authorizer was ${was.functionArn} and is ${is.functionArn}.`);
  }
  if (!sameList(was.identitySources, is.identitySources)) {
    const words = `identity_source was ${listed(was.identitySources)} and is ${listed(is.identitySources)}`;
    const cached = is.resultTtlSeconds > 0 ? ", by which answers are kept and given again" : "";
    return change("identity_source", `${words}${cached}.`);
  }
  if (was.resultTtlSeconds !== is.resultTtlSeconds) {
    return change(
      "authorizer_result_ttl_in_seconds",
      `An answer of ${is.name} was kept for ${was.resultTtlSeconds} s and is kept for ${is.resultTtlSeconds} s: for so long a caller stays admitted.`,
    );
  }
  if (was.identityValidationExpression !== is.identityValidationExpression) {
    return change("identity_validation_expression", expressions(was, is));
  }
  return undefined;
}

function servedBy(from: Route | undefined, to: Route | undefined): string {
  const named = (route: Route | undefined): string =>
    route === undefined ? "no route" : `${route.method} ${route.path} (${authWords(route.auth)})`;
  return `It was served by ${named(from)} and is served by ${named(to)}.`;
}

function authWords(auth: RouteAuth): string {
  return "authorizer" in auth ? `${auth.type} ${auth.authorizer.name}` : auth.type;
}

interface Validated {
  readonly identityValidationExpression?: string;
}

function expressions(was: Validated, is: Validated): string {
  const [before, after] = [was.identityValidationExpression ?? "none", is.identityValidationExpression ?? "none"];
  return `identity_validation_expression was ${before} and is ${after}.`;
}

function listed(values: readonly string[]): string {
  return values.length === 0 ? "none" : values.join(", ");
}

function sameList(one: readonly string[], other: readonly string[]): boolean {
  return [...new Set(one)].sort().join("\n") === [...new Set(other)].sort().join("\n");
}
