import type { ContextKeys } from "../iam/types";
import type { EndpointType, VpcEndpoint } from "../model/types";
import type { NetworkPosition, WireRequest } from "./types";
import { lastHeader } from "./wire";

/**
 * The condition keys of a request that need no authentication (AWS condition keys that can be used in API Gateway
 * resource policies). A key that is not listed there is absent. The keys of a signed caller are added for AWS_IAM
 * only: on every other method nobody is signed.
 *
 * `aws:SourceVpc`, `aws:SourceVpce` and `aws:VpcSourceIp` exist on private APIs only, so a Deny on another endpoint
 * for a different VPC denies everybody there: a negated operator is true for an absent key.
 *
 * @param endpoints the endpoints that the configuration holds, by id: they know their VPC where the request names none
 * @param now milliseconds since the epoch
 */
export function requestKeys(
  request: WireRequest,
  endpointType: EndpointType,
  endpoints: ReadonlyMap<string, VpcEndpoint>,
  now: number,
): ContextKeys {
  const keys = new Map<string, readonly string[]>([
    ["aws:currenttime", [new Date(now).toISOString()]],
    ["aws:epochtime", [String(Math.floor(now / 1000))]],
    // An endpoint of API Gateway speaks TLS only.
    ["aws:securetransport", ["true"]],
    ["aws:sourceip", [request.network.sourceIp]],
  ]);
  const set = (key: string, value: string | undefined): void => {
    if (value !== undefined) keys.set(key, [value]);
  };
  set("aws:referer", lastHeader(request, "referer"));
  set("aws:useragent", lastHeader(request, "user-agent"));
  if (endpointType === "PRIVATE") addVpc(set, request.network, endpoints);
  return keys;
}

function addVpc(
  set: (key: string, value: string | undefined) => void,
  { vpc }: NetworkPosition,
  endpoints: ReadonlyMap<string, VpcEndpoint>,
): void {
  if (vpc === undefined) return;
  set("aws:sourcevpc", vpc.id ?? (vpc.endpoint === undefined ? undefined : endpoints.get(vpc.endpoint)?.vpcId));
  set("aws:sourcevpce", vpc.endpoint);
  set("aws:vpcsourceip", vpc.sourceIp);
}
