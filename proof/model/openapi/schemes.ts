import { lowerAlphanumeric, standIn } from "../../terraform/stand-in";
import type { JsonObject } from "../../terraform/json";
import { splitSources } from "../authorizers";
import { functionArnOf } from "../function-uri";
import type { Authorizer, CognitoAuthorizer, LambdaAuthorizer } from "../types";
import type { OpenApiDocument } from "./document";
import { entriesOf, textOf } from "./document";

/** What a security scheme means to API Gateway. */
export type Scheme =
  | { readonly kind: "iam" }
  | { readonly kind: "api-key" }
  | { readonly kind: "authorizer"; readonly authorizer: Authorizer }
  | { readonly kind: "refused"; readonly reason: string };

export interface Schemes {
  readonly byName: ReadonlyMap<string, Scheme>;
  readonly authorizers: readonly Authorizer[];
}

/** The default of an authorizer imported without a time to live, as recorded from AWS. */
const defaultTtlSeconds = 300;

export function buildSchemes(document: OpenApiDocument, apiAddress: string, apiId: string): Schemes {
  const byName = new Map<string, Scheme>();
  for (const [name, value] of Object.entries(document.component("securitySchemes"))) {
    byName.set(name, buildScheme(document, document.resolve(value) ?? {}, name, apiAddress, apiId));
  }
  const authorizers = [...byName.values()].flatMap((scheme) =>
    scheme.kind === "authorizer" ? [scheme.authorizer] : [],
  );
  return { byName, authorizers };
}

function buildScheme(
  document: OpenApiDocument,
  scheme: JsonObject,
  name: string,
  apiAddress: string,
  apiId: string,
): Scheme {
  const authType = textOf(scheme["x-amazon-apigateway-authtype"])?.toLowerCase();
  if (authType === "awssigv4") return { kind: "iam" };
  const extension = scheme["x-amazon-apigateway-authorizer"];
  if (extension !== undefined) {
    const base: AuthorizerBase = {
      address: `${apiAddress}.body.${name}`,
      id: standIn(`${apiId}/authorizers/${name}`, 10, lowerAlphanumeric),
      name,
      source: document.source(...schemePath(document, name)),
    };
    const built = buildAuthorizer(scheme, entriesOf(extension), base);
    if (typeof built !== "string") return { kind: "authorizer", authorizer: built };
    document.reading.report(built, base.source);
    return { kind: "refused", reason: built };
  }
  const header = textOf(scheme["name"])?.toLowerCase();
  if (scheme["type"] === "apiKey" && scheme["in"] === "header" && header === "x-api-key") return { kind: "api-key" };
  return {
    kind: "refused",
    reason: `security scheme "${name}" has none of API Gateway's extensions, so the import would leave the route open`,
  };
}

function schemePath(document: OpenApiDocument, name: string): string[] {
  return document.root["swagger"] === undefined
    ? ["components", "securitySchemes", name]
    : ["securityDefinitions", name];
}

type AuthorizerBase = Pick<Authorizer, "address" | "id" | "name" | "source">;

/** The authorizer, or why there is none. */
function buildAuthorizer(scheme: JsonObject, extension: JsonObject, base: AuthorizerBase): Authorizer | string {
  const type = textOf(extension["type"])?.toUpperCase();
  const expression = textOf(extension["identityValidationExpression"]);
  const common = {
    ...base,
    ...(expression === undefined || expression === "" ? {} : { identityValidationExpression: expression }),
  };
  const header = `method.request.header.${textOf(scheme["name"]) ?? "Authorization"}`;
  const identitySource = textOf(extension["identitySource"]);
  if (type === "COGNITO_USER_POOLS") {
    const arns = extension["providerARNs"];
    const providerArns = Array.isArray(arns) ? arns.flatMap((arn) => textOf(arn) ?? []) : [];
    if (providerArns.length === 0) return `authorizer "${base.name}" names no user pool in providerARNs`;
    return { ...common, type, providerArns, identitySource: identitySource ?? header } satisfies CognitoAuthorizer;
  }
  if (type !== "TOKEN" && type !== "REQUEST") {
    return `authorizer "${base.name}" is of type "${String(type)}", not token, request or cognito_user_pools`;
  }
  const uri = textOf(extension["authorizerUri"]);
  const functionArn = uri === undefined ? undefined : functionArnOf(uri);
  if (functionArn === undefined) return `authorizerUri of "${base.name}" names no Lambda function`;
  const credentials = textOf(extension["authorizerCredentials"]);
  return {
    ...common,
    type,
    functionArn,
    ...(credentials === undefined || credentials === "" ? {} : { credentialsArn: credentials }),
    // A REQUEST authorizer names its sources itself; a TOKEN authorizer reads the scheme's header.
    identitySources: type === "REQUEST" ? splitSources(identitySource ?? "") : [identitySource ?? header],
    resultTtlSeconds: Number(textOf(extension["authorizerResultTtlInSeconds"]) ?? defaultTtlSeconds),
  } satisfies LambdaAuthorizer;
}
