import { ApiGatewayGatewayResponse } from "@cdktf/provider-aws/lib/api-gateway-gateway-response";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface GatewayResponsesProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  /** Origin whose browsers may read the errors. */
  readonly corsOrigin?: string | undefined;
}

/**
 * One body for every error API Gateway answers itself. `messageString` brings its own quotes; the request id finds
 * the line in the access log.
 */
const BODY =
  '{"message":$context.error.messageString,"type":"$context.error.responseType","requestId":"$context.requestId"}';

/** The errors API Gateway answers itself, in one form, readable by browsers of the CORS origin. */
export class GatewayResponses extends Construct {
  constructor(scope: Construct, id: string, props: GatewayResponsesProps) {
    super(scope, id);
    const cors =
      props.corsOrigin === undefined
        ? {}
        : {
            "gatewayresponse.header.Access-Control-Allow-Origin": `'${props.corsOrigin}'`,
            "gatewayresponse.header.Vary": "'Origin'",
          };
    const add = (
      responseType: string,
      statusCode?: string,
      parameters: Readonly<Record<string, string>> = {},
    ): void => {
      new ApiGatewayGatewayResponse(this, responseType, {
        provider: props.provider,
        restApiId: props.api.id,
        responseType,
        ...(statusCode === undefined ? {} : { statusCode }),
        responseTemplates: { "application/json": BODY },
        responseParameters: { ...cors, ...parameters },
      });
    };
    // Without a status code each type of the class keeps its own.
    add("DEFAULT_4XX");
    add("DEFAULT_5XX");
    // RFC 9110, 11.6.1: a 401 names the scheme to authenticate with. API Gateway does not by itself.
    add("UNAUTHORIZED", "401", { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" });
  }
}
