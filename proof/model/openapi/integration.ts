import type { JsonObject } from "../../terraform/json";
import { functionArnOf } from "../function-uri";
import { defaultTimeoutMs } from "../integrations";
import type { IntegrationResponse, Route, Source } from "../types";
import type { OpenApiDocument } from "./document";
import { entriesOf, textMapOf, textOf } from "./document";

type RouteIntegration = Pick<Route, "integration" | "integrationRefused">;

/** `x-amazon-apigateway-integration` of an operation. */
export function operationIntegration(
  document: OpenApiDocument,
  operation: JsonObject,
  route: Source,
): RouteIntegration {
  const extension = document.resolve(operation["x-amazon-apigateway-integration"]);
  const source = { file: route.file, address: `${route.address}.x-amazon-apigateway-integration` };
  if (extension === undefined) return {};
  const refuse = (reason: string): RouteIntegration => {
    document.reading.report(reason, source);
    return { integrationRefused: reason };
  };
  if (textOf(extension["connectionType"])?.toUpperCase() === "VPC_LINK") {
    return refuse("an integration through a VPC link is not supported");
  }
  const type = textOf(extension["type"])?.toUpperCase();
  const uri = textOf(extension["uri"]);
  const timeoutMs = Number(textOf(extension["timeoutInMillis"]) ?? defaultTimeoutMs);
  switch (type) {
    case "AWS_PROXY": {
      const functionArn = uri === undefined ? undefined : functionArnOf(uri);
      if (functionArn === undefined)
        return refuse(`AWS_PROXY integration of "${String(uri)}" is not supported: only Lambda functions are`);
      const credentials = textOf(extension["credentials"]);
      return {
        integration: {
          type,
          functionArn,
          ...(credentials === undefined ? {} : { credentialsArn: credentials }),
          timeoutMs,
          source,
        },
      };
    }
    case "HTTP_PROXY": {
      if (uri === undefined) return refuse("an HTTP_PROXY integration has no uri");
      const httpMethod = (textOf(extension["httpMethod"]) ?? "ANY").toUpperCase();
      return {
        integration: {
          type,
          httpMethod,
          uri,
          requestParameters: textMapOf(extension["requestParameters"]),
          timeoutMs,
          source,
        },
      };
    }
    case "MOCK":
      return {
        integration: {
          type,
          requestTemplates: textMapOf(extension["requestTemplates"]),
          responses: Object.entries(entriesOf(extension["responses"])).map(([pattern, response]) =>
            mapped(pattern, entriesOf(response)),
          ),
          source,
        },
      };
    default:
      return refuse(`integration type ${String(type)} is not supported: only aws_proxy, http_proxy and mock are`);
  }
}

/** The key `default` is the response without a pattern. */
function mapped(pattern: string, response: JsonObject): IntegrationResponse {
  return {
    statusCode: textOf(response["statusCode"]) ?? "200",
    ...(pattern === "default" ? {} : { selectionPattern: pattern }),
    responseParameters: textMapOf(response["responseParameters"]),
    responseTemplates: textMapOf(response["responseTemplates"]),
  };
}
