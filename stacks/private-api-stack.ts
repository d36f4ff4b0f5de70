import type { Construct } from "constructs";
import type { Environment } from "../environments/schema";
import { ApiStack, type ApiStackProps } from "./api-stack";
import type { NetworkStack } from "./network-stack";

/** The PRIVATE REST API: reachable only from our VPC and from the endpoints partners have named. */
export class PrivateApiStack extends ApiStack {
  constructor(scope: Construct, environment: Environment, props: ApiStackProps & { readonly network: NetworkStack }) {
    const { network, apiEndpoint } = props.network;
    super(scope, environment, "private", props, {
      endpoint: { type: "PRIVATE", vpcEndpointIds: [apiEndpoint.endpoint.id] },
      network: {
        kind: "only-from",
        vpcs: [network.vpc.id],
        // Endpoints of other accounts cannot be associated with the API; its policy admits them.
        endpoints: environment.partners.flatMap(({ vpcEndpointIds }) => vpcEndpointIds),
      },
      disableDefaultEndpoint: false,
      canary: undefined,
    });
  }
}
