import { isIPv4, isIPv6 } from "node:net";

/** What a range has to look like. */
const FORM = "a range in CIDR notation such as 192.0.2.0/24 or 2001:db8::/32";

/**
 * What is wrong with an IPv4 or IPv6 range, or nothing.
 *
 * Host bits are refused, with the range that was probably meant: `10.0.0.1/8` reads like one address and denies
 * sixteen million.
 */
export function problemOfRange(text: string): string | undefined {
  const [address = "", prefix = "", ...rest] = text.split("/");
  const family = isIPv4(address) ? IPV4 : isIPv6(address) && !address.includes("%") ? IPV6 : undefined;
  if (family === undefined || rest.length > 0 || !/^(0|[1-9]\d*)$/.test(prefix)) return FORM;
  const { parts, width, write } = family;
  const written = parts(address);
  if (Number(prefix) > written.length * width) return FORM;
  const network = written.map((part, index) => {
    const kept = Math.min(Math.max(Number(prefix) - index * width, 0), width);
    return part - (part % 2 ** (width - kept));
  });
  return network.every((part, index) => part === written[index])
    ? undefined
    : `a range without host bits; the one around it is ${write(network)}/${prefix}`;
}

interface Family {
  readonly parts: (address: string) => number[];
  /** Bits in a part. */
  readonly width: number;
  readonly write: (parts: readonly number[]) => string;
}

const IPV4: Family = {
  parts: (address) => address.split(".").map(Number),
  width: 8,
  write: (parts) => parts.join("."),
};

const IPV6: Family = {
  parts: (address) => {
    // The URL parser writes any IPv6 address in its shortest form, an embedded IPv4 address as two groups.
    const [head = "", tail = ""] = shortest(address).split("::");
    const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
    const missing = 8 - groups(head).length - groups(tail).length;
    return [...groups(head), ...Array<string>(missing).fill("0"), ...groups(tail)].map((group) => parseInt(group, 16));
  },
  width: 16,
  write: (parts) => shortest(parts.map((part) => part.toString(16)).join(":")),
};

function shortest(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}
