import { ApiGatewayModel } from "@cdktf/provider-aws/lib/api-gateway-model";
import { ApiGatewayRequestValidator } from "@cdktf/provider-aws/lib/api-gateway-request-validator";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { routeHash, routeName, type Route } from "../routes/route";

/** The arguments of a method that say what a request has to look like. */
export interface MethodRequest {
  readonly requestParameters: { [name: string]: boolean };
  readonly requestModels?: { [contentType: string]: string };
  readonly requestValidatorId?: string;
}

/** Validators and models of an API: one validator for each combination that a route needs. */
export class RequestChecks extends Construct {
  private readonly validators = new Map<string, ApiGatewayRequestValidator>();

  constructor(
    scope: Construct,
    id: string,
    private readonly api: ApiGatewayRestApi,
    private readonly provider: AwsProvider,
  ) {
    super(scope, id);
  }

  requestOf(route: Route): MethodRequest {
    const { query = {}, headers = {}, body } = route.request ?? {};
    const requestParameters = {
      ...Object.fromEntries(pathVariables(route.path).map((name) => [`method.request.path.${name}`, true])),
      ...parameters("querystring", query),
      ...parameters("header", headers),
    };
    if (route.request === undefined) return { requestParameters };
    return {
      requestParameters,
      requestValidatorId: this.validator(body !== undefined).id,
      // Any other content type would reach the function unchecked, so only JSON is modelled and the rest is refused there.
      ...(body === undefined ? {} : { requestModels: { "application/json": this.model(route, body).name } }),
    };
  }

  private validator(body: boolean): ApiGatewayRequestValidator {
    const name = body ? "parameters-and-body" : "parameters";
    const made =
      this.validators.get(name) ??
      new ApiGatewayRequestValidator(this, name, {
        provider: this.provider,
        restApiId: this.api.id,
        name,
        validateRequestParameters: true,
        validateRequestBody: body,
      });
    this.validators.set(name, made);
    return made;
  }

  private model(route: Route, schema: Readonly<Record<string, unknown>>): ApiGatewayModel {
    return new ApiGatewayModel(this, `body of ${routeName(route)}`, {
      provider: this.provider,
      restApiId: this.api.id,
      // Letters and digits only.
      name: `${routeName(route).replace(/[^A-Za-z0-9]/g, "")}${routeHash(route)}`,
      contentType: "application/json",
      schema: JSON.stringify({ $schema: "http://json-schema.org/draft-04/schema#", ...schema }),
    });
  }
}

function parameters(place: string, rules: Readonly<Record<string, "required" | "optional">>): Record<string, boolean> {
  return Object.fromEntries(
    Object.entries(rules).map(([name, rule]) => [`method.request.${place}.${name}`, rule === "required"]),
  );
}

function pathVariables(path: string): string[] {
  return [...path.matchAll(/\{([^}+]+)\+?\}/g)].flatMap(([, name]) => name ?? []);
}
