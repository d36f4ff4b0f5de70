import type { ContextKeys } from "../iam/types";
import type { EndpointType, VpcEndpoint } from "../model/types";
import type { NetworkPosition, WireRequest } from "./types";
import { headerValues } from "./wire";

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
  for (const [key, header] of [
    ["aws:referer", "referer"],
    ["aws:useragent", "user-agent"],
  ] as const) {
    // UNCONFIRMED which one AWS takes where a header is sent twice: with all of them an Allow wants each to pass, a Deny any.
    const values = headerValues(request, header);
    if (values.length > 0) keys.set(key, [...new Set(values)]);
  }
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
