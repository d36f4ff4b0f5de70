/** An address as unsigned 32-bit words: one for IPv4, four for IPv6. The families never match each other. */
export type IpAddress = readonly number[];

/** An address range. Bits behind the prefix are ignored, as in `203.0.113.7/24`. */
export interface Cidr {
  readonly words: IpAddress;
  readonly prefix: number;
}

const V4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-f]{1,4}$/i;

/**
 * `203.0.113.7` or `2001:db8::1`. An IPv4 address written as IPv6 (`::ffff:203.0.113.7`) is an IPv6 address:
 * IAM knows no mapping between the two.
 */
export function parseIp(text: string): IpAddress | undefined {
  return text.includes(":") ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): IpAddress | undefined {
  const match = V4.exec(text);
  if (match === null) return undefined;
  let word = 0;
  for (const octet of match.slice(1).map(Number)) {
    if (octet > 255) return undefined;
    word = ((word << 8) | octet) >>> 0;
  }
  return [word];
}

function parseV6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const front = groupsOf(halves[0] ?? "", halves.length === 1);
  const back = halves.length === 2 ? groupsOf(halves[1] ?? "", true) : [];
  if (front === undefined || back === undefined) return undefined;
  const missing = 8 - front.length - back.length;
  // `::` stands for at least one group.
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...front, ...Array<number>(missing).fill(0), ...back];
  return [0, 2, 4, 6].map((i) => (((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)) >>> 0);
}

/** The 16-bit groups of one side of `::`; the last may be a dotted IPv4 address. */
function groupsOf(text: string, mayEndInV4: boolean): number[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    const v4 = mayEndInV4 && i === parts.length - 1 ? parseV4(part)?.[0] : undefined;
    if (v4 !== undefined) groups.push(v4 >>> 16, v4 & 0xffff);
    else if (GROUP.test(part)) groups.push(parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

/** `203.0.113.0/24`, `2001:db8::/32`, or a single address. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  const words = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (words === undefined) return undefined;
  const bits = words.length * 32;
  if (slash < 0) return { words, prefix: bits };
  const prefix = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bits) return undefined;
  return { words, prefix: Number(prefix) };
}

export function cidrContains(cidr: Cidr, address: IpAddress): boolean {
  if (cidr.words.length !== address.length) return false;
  let left = cidr.prefix;
  for (let i = 0; left > 0; i++, left -= 32) {
    // A shift by 32 is a shift by 0, so a word that counts whole is not shifted.
    const shift = left >= 32 ? 0 : 32 - left;
    if ((cidr.words[i] ?? 0) >>> shift !== (address[i] ?? 0) >>> shift) return false;
  }
  return true;
}
