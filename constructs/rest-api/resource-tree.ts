import { ApiGatewayResource } from "@cdktf/provider-aws/lib/api-gateway-resource";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

/** The path tree of an API: one resource per path part, made when a route first needs it. */
export class ResourceTree extends Construct {
  private readonly resources = new Map<string, ApiGatewayResource>();

  constructor(
    scope: Construct,
    id: string,
    private readonly api: ApiGatewayRestApi,
    private readonly provider: AwsProvider,
  ) {
    super(scope, id);
  }

  /** The resource id of a path template such as `/orders/{orderId}`. */
  idOf(path: string): string {
    if (path === "/") return this.api.rootResourceId;
    const existing = this.resources.get(path);
    if (existing) return existing.id;
    const cut = path.lastIndexOf("/");
    const resource = new ApiGatewayResource(this, path, {
      provider: this.provider,
      restApiId: this.api.id,
      parentId: this.idOf(path.slice(0, cut) || "/"),
      pathPart: path.slice(cut + 1),
    });
    this.resources.set(path, resource);
    return resource.id;
  }
}
