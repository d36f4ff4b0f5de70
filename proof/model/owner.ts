import type { Resource } from "../terraform/resource";

export interface Owner {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
}

/**
 * Whose a resource is: what its own ARN says where it is known (in a state or a plan), else what its provider says.
 */
export function ownerOf(resource: Resource): Owner {
  const { provider } = resource;
  for (const name of ["execution_arn", "arn"]) {
    const arn = resource.configured(name);
    if (typeof arn !== "string") continue;
    const [, partition, , region, accountId] = arn.split(":");
    if (partition !== undefined && accountId !== undefined && /^[0-9]{12}$/.test(accountId)) {
      return { accountId, partition, region: region === undefined || region === "" ? provider.region : region };
    }
  }
  return { accountId: provider.accountId, region: provider.region, partition: provider.partition };
}
