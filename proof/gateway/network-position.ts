import { isIP } from "node:net";
import type { NetworkPosition } from "../decision/types";
import type { HeaderList } from "./wire";

export interface Peer {
  /** Address of the TCP peer. */
  readonly address: string;
  readonly loopback: boolean;
}

export interface Position {
  readonly network: NetworkPosition;
  /** Without the `x-portcullis-*` headers. */
  readonly headers: HeaderList;
  /** The `x-portcullis-*` headers, which only a signature may still cover. */
  readonly stripped: HeaderList;
  /** What is wrong with the position that was asked for. */
  readonly invalid?: string;
  /** A position was asked for and is not honoured. */
  readonly ignored: boolean;
}

const prefix = "x-portcullis-";

/**
 * Where a request comes from. Only a client on this machine may claim another position, and only where simulation is
 * switched on; the headers that ask for it are taken out in every case. `X-Forwarded-For` never counts: AWS takes the
 * TCP peer (docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html).
 *
 * @param vpcOf the VPC of an endpoint that the configuration knows
 */
export function networkPosition(
  headers: HeaderList,
  peer: Peer,
  simulate: boolean,
  vpcOf: (endpoint: string) => string | undefined,
): Position {
  const stripped = headers.filter(([name]) => name.length > prefix.length && name.toLowerCase().startsWith(prefix));
  const sourceIp = plainAddress(peer.address);
  if (stripped.length === 0) return { network: { sourceIp }, headers, stripped, ignored: false };
  const kept = headers.filter((header) => !stripped.includes(header));
  const base = { network: { sourceIp }, headers: kept, stripped };
  if (!simulate || !peer.loopback) return { ...base, ignored: true };

  const claimed = new Map<string, string>();
  for (const [name, value] of stripped) {
    const key = name.toLowerCase().slice(prefix.length);
    const invalid = claimed.has(key) ? `The header ${name} was sent twice.` : problemOf(key, value, name);
    if (invalid !== undefined) return { ...base, invalid, ignored: false };
    claimed.set(key, value);
  }
  const endpoint = claimed.get("vpce");
  const id = claimed.get("vpc") ?? (endpoint === undefined ? undefined : vpcOf(endpoint));
  const claimedIp = claimed.get("source-ip") ?? sourceIp;
  const vpc = {
    ...(id === undefined ? {} : { id }),
    ...(endpoint === undefined ? {} : { endpoint }),
    sourceIp: claimedIp,
  };
  const inVpc = id !== undefined || endpoint !== undefined;
  return { ...base, network: { sourceIp: claimedIp, ...(inVpc ? { vpc } : {}) }, ignored: false };
}

function problemOf(key: string, value: string, name: string): string | undefined {
  if (key === "source-ip")
    return isIP(value) === 0 ? `${name} must be an IPv4 or IPv6 address, not '${value}'.` : undefined;
  if (key === "vpc")
    return /^vpc-[0-9A-Za-z]+$/.test(value)
      ? undefined
      : `${name} must be a VPC id such as vpc-0a1b2c3d, not '${value}'.`;
  if (key === "vpce") {
    return /^vpce-[0-9A-Za-z]+$/.test(value)
      ? undefined
      : `${name} must be a VPC endpoint id such as vpce-0a1b2c3d, not '${value}'.`;
  }
  return `There is no header ${name}; ${prefix}source-ip, ${prefix}vpc and ${prefix}vpce set a simulated network position.`;
}

/** An IPv4 address without the IPv6 form that a dual-stack socket gives it. */
export function plainAddress(address: string): string {
  return address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

export function isLoopback(address: string): boolean {
  const plain = plainAddress(address);
  return plain === "::1" || (isIP(plain) === 4 && plain.startsWith("127."));
}
