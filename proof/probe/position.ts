import { BlockList, isIPv4 } from "node:net";
import type { RequestFile } from "../decision/request-file";
import type { Row } from "./types";

/** Where the probe speaks from. */
export interface Standpoint {
  /** The address the API sees; undefined where it was not said. */
  readonly sourceIp?: string;
  /** Whether the serving side takes the position of a witness from headers (`serve --simulate-network`). */
  readonly simulated: boolean;
}

/** Why a row cannot be probed from here, or nothing. */
export function outOfReach(
  { network, otherNetworks, entry }: Row,
  { sourceIp, simulated }: Standpoint,
): string | undefined {
  if (simulated || network === "any") return undefined;
  if (entry.witness?.vpc !== undefined) return `It has to come from ${network}.`;
  if (network.startsWith("any other")) {
    const inOther = sourceIp !== undefined && otherNetworks.some((other) => holds(other, sourceIp));
    return inOther ? `${sourceIp} is not ${network}.` : undefined;
  }
  if (sourceIp === undefined) return `It has to come from ${network}; --source-ip says where the probe speaks from.`;
  return holds(network, sourceIp)
    ? undefined
    : `It has to come from ${network}, and the probe speaks from ${sourceIp}.`;
}

/** What the local gateway is told of where a request comes from. */
export function positionHeaders({ sourceIp, vpc }: RequestFile): Record<string, string> {
  const from = vpc?.sourceIp ?? sourceIp;
  return {
    ...(from === undefined ? {} : { "x-portcullis-source-ip": from }),
    ...(vpc?.id === undefined ? {} : { "x-portcullis-vpc": vpc.id }),
    ...(vpc?.endpoint === undefined ? {} : { "x-portcullis-vpce": vpc.endpoint }),
  };
}

/** Whether a list of ranges, as the matrix writes it, holds an address. */
function holds(network: string, address: string): boolean {
  const list = new BlockList();
  for (const range of network.split(",").map((part) => part.trim())) {
    const [base = "", prefix] = range.split("/");
    if (!/^[0-9a-f:.]+$/i.test(base) || !/[.:]/.test(base)) continue;
    const family = isIPv4(base) ? "ipv4" : "ipv6";
    if (prefix === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(prefix), family);
  }
  return list.check(address, isIPv4(address) ? "ipv4" : "ipv6");
}
