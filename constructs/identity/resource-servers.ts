import { CognitoResourceServer } from "@cdktf/provider-aws/lib/cognito-resource-server";
import type { CognitoUserPool } from "@cdktf/provider-aws/lib/cognito-user-pool";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface ResourceServersProps {
  readonly provider: AwsProvider;
  readonly pool: CognitoUserPool;
  /** Full scopes, `<resource server>/<scope>`. */
  readonly scopes: readonly string[];
}

/** The resource servers that own the scopes of the contract, one per identifier. */
export class ResourceServers extends Construct {
  readonly servers: readonly CognitoResourceServer[];

  constructor(scope: Construct, id: string, props: ResourceServersProps) {
    super(scope, id);
    this.servers = [...scopesByServer(props.scopes)].map(
      ([identifier, scopes]) =>
        new CognitoResourceServer(this, identifier, {
          provider: props.provider,
          userPoolId: props.pool.id,
          identifier,
          name: identifier,
          scope: scopes.map((scopeName) => ({ scopeName, scopeDescription: `${identifier}/${scopeName}` })),
        }),
    );
  }
}

/** `profile/read`, `profile/write` → `profile` with `read` and `write`; the last slash divides. */
export function scopesByServer(scopes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const servers = new Map<string, string[]>();
  for (const scope of [...new Set(scopes)].sort()) {
    const cut = scope.lastIndexOf("/");
    const identifier = scope.slice(0, cut);
    servers.set(identifier, [...(servers.get(identifier) ?? []), scope.slice(cut + 1)]);
  }
  return servers;
}
