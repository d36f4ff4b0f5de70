import { ownerOf } from "./owner";
import type { Reading } from "./reading";
import type { VpcEndpoint } from "./types";

export function buildVpcEndpoints(reading: Reading): VpcEndpoint[] {
  const separate = new Map(
    reading.resources("aws_vpc_endpoint_policy").flatMap((resource) => {
      const id = reading.text(resource, "vpc_endpoint_id");
      const policy = reading.policy(resource, "policy");
      return id === undefined || policy === undefined ? [] : [[id, policy] as const];
    }),
  );
  return reading.resources("aws_vpc_endpoint").map((resource) => {
    const id = reading.text(resource, "id") ?? "";
    const policy = separate.get(id) ?? reading.policy(resource, "policy");
    return {
      address: reading.address(resource),
      id,
      vpcId: reading.text(resource, "vpc_id", "warning") ?? "",
      accountId: ownerOf(resource).accountId,
      serviceName: reading.text(resource, "service_name") ?? "",
      ...(policy === undefined ? {} : { policy }),
      source: reading.source(resource),
    };
  });
}
