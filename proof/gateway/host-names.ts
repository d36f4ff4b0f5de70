import { isIP } from "node:net";
import type { Model } from "../model/types";

/** Names that no stranger can point at this machine: RFC 6761 and AWS alone give out what is under these. */
const ofNobodyElse = [".localhost", ".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazoncognito.com"];

/**
 * Tells the names by which a gateway is meant from all others. The page of a stranger can have its own name resolve to
 * this machine (DNS rebinding); to the browser it then shares an origin with the gateway, and could read every answer.
 * Such a page is known by its Host, which it cannot choose: it is the stranger's name. An address cannot be rebound.
 *
 * @returns whether a Host header, with or without a port, names a gateway that listens on the address or name `bound`
 */
export function hostNames(model: Pick<Model, "domainNames" | "userPools">): (host: string, bound: string) => boolean {
  const custom = model.userPools.flatMap(({ domain }) => (domain?.includes(".") ? [domain] : []));
  const known = new Set(["localhost", ...(model.domainNames ?? []), ...custom].map((name) => name.toLowerCase()));
  return (host, bound) => {
    const name = host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
    // HTTP/1.0 without a Host: no browser sends that.
    if (name === "" || name === bound.toLowerCase() || known.has(name)) return true;
    if (isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0) return true;
    return /^[\w.-]+$/.test(name) && ofNobodyElse.some((suffix) => name.endsWith(suffix));
  };
}
