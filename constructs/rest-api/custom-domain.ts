import { ApiGatewayBasePathMapping } from "@cdktf/provider-aws/lib/api-gateway-base-path-mapping";
import { ApiGatewayDomainName } from "@cdktf/provider-aws/lib/api-gateway-domain-name";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { RestApi } from "./rest-api";

export interface CustomDomainProps {
  readonly provider: AwsProvider;
  readonly api: RestApi;
  readonly name: string;
  /** Certificate in ACM, in the API's region. */
  readonly certificateArn: string;
  readonly mutualTls?: { readonly truststoreUri: string; readonly truststoreVersion: string } | undefined;
}

/**
 * A name of our own, TLS 1.2 or newer, with client certificates where asked. The API's default endpoint has to be
 * switched off with it: it would answer the same calls without a client certificate.
 */
export class CustomDomain extends Construct {
  readonly domain: ApiGatewayDomainName;

  constructor(scope: Construct, id: string, props: CustomDomainProps) {
    super(scope, id);
    const { provider } = props;
    this.domain = new ApiGatewayDomainName(this, "domain", {
      provider,
      domainName: props.name,
      regionalCertificateArn: props.certificateArn,
      endpointConfiguration: { types: ["REGIONAL"] },
      securityPolicy: "TLS_1_2",
      ...(props.mutualTls === undefined ? {} : { mutualTlsAuthentication: { ...props.mutualTls } }),
    });
    new ApiGatewayBasePathMapping(this, "mapping", {
      provider,
      apiId: props.api.api.id,
      stageName: props.api.stage.stage.stageName,
      domainName: this.domain.domainName,
    });
  }
}
