import type { JsonObject } from "../../terraform/json";
import { isJsonObject } from "../../terraform/json";
import type { Authorizer, Route, RouteAuth, Source } from "../types";
import type { OpenApiDocument } from "./document";
import { entriesOf, textOf } from "./document";
import type { Schemes } from "./schemes";

type Security = Pick<Route, "auth" | "apiKeyRequired" | "refused">;

interface Requirement {
  readonly auth: RouteAuth;
  readonly name: string;
}

/**
 * How callers of an operation authenticate: `x-amazon-apigateway-auth`, else the schemes that its `security` names. A
 * method of API Gateway has one authorizer, and an API key besides; anything else refuses the route.
 */
export function operationSecurity(
  document: OpenApiDocument,
  schemes: Schemes,
  operation: JsonObject,
  source: Source,
): Security {
  const requirements: Requirement[] = [];
  const refusals: string[] = [];
  let apiKeyRequired = false;
  const security = operation["security"];
  const named = Array.isArray(security) ? security.filter(isJsonObject).flatMap((one) => Object.entries(one)) : [];
  for (const [name, scopes] of named) {
    const scheme = schemes.byName.get(name);
    if (scheme === undefined) refusals.push(`security scheme "${name}" is not defined`);
    else if (scheme.kind === "refused") refusals.push(scheme.reason);
    else if (scheme.kind === "api-key") apiKeyRequired = true;
    else if (scheme.kind === "iam") requirements.push({ auth: { type: "AWS_IAM" }, name });
    else requirements.push({ auth: authOf(scheme.authorizer, scopes), name });
  }
  const explicit = textOf(entriesOf(operation["x-amazon-apigateway-auth"])["type"])?.toUpperCase();
  if (explicit === "AWS_IAM" && requirements.length === 0)
    requirements.push({ auth: { type: "AWS_IAM" }, name: "AWS_IAM" });
  const explicitFits = explicit === undefined || requirements.every(({ auth }) => auth.type === explicit);
  if (!explicitFits || (explicit !== undefined && explicit !== "NONE" && requirements.length === 0)) {
    refusals.push(`x-amazon-apigateway-auth of type "${String(explicit)}" does not fit the operation's security`);
  }
  const distinct = new Set(requirements.map(({ name }) => name));
  if (distinct.size > 1) {
    refusals.push(`a method has one authorizer, and this operation names several: ${[...distinct].join(", ")}`);
  }
  const [reason] = refusals;
  if (reason === undefined) return { auth: requirements[0]?.auth ?? { type: "NONE" }, apiKeyRequired };
  for (const refusal of refusals) document.reading.report(refusal, source);
  return { auth: { type: "AWS_IAM" }, apiKeyRequired, refused: reason };
}

function authOf(authorizer: Authorizer, scopes: unknown): RouteAuth {
  if (authorizer.type !== "COGNITO_USER_POOLS") return { type: "CUSTOM", authorizer };
  const listed = Array.isArray(scopes) ? scopes.flatMap((scope) => textOf(scope) ?? []) : [];
  return { type: "COGNITO_USER_POOLS", authorizer, scopes: listed };
}
