import { parseCidr } from "../iam";
import type { Cidr } from "../iam";

/** Addresses from `first` to `last`, both included. */
interface Range {
  readonly first: bigint;
  readonly last: bigint;
}

/** A set of IPv4 and IPv6 addresses: ranges in rising order that neither overlap nor touch. */
export interface AddressSet {
  readonly v4: readonly Range[];
  readonly v6: readonly Range[];
}

type Family = "v4" | "v6";
const BITS: Readonly<Record<Family, number>> = { v4: 32, v6: 128 };
const LAST: Readonly<Record<Family, bigint>> = { v4: (1n << 32n) - 1n, v6: (1n << 128n) - 1n };
const FAMILIES: readonly Family[] = ["v4", "v6"];

export const ALL_ADDRESSES: AddressSet = {
  v4: [{ first: 0n, last: LAST.v4 }],
  v6: [{ first: 0n, last: LAST.v6 }],
};

/** The addresses of a list of CIDRs. @throws Error for what is none; policies are checked before */
export function addressesOf(cidrs: readonly string[]): AddressSet {
  const ranges: Record<Family, Range[]> = { v4: [], v6: [] };
  for (const text of cidrs) {
    const cidr = parseCidr(text);
    if (cidr === undefined) throw new Error(`${text} is no CIDR.`);
    ranges[cidr.words.length === 1 ? "v4" : "v6"].push(rangeOf(cidr));
  }
  return { v4: joined(ranges.v4), v6: joined(ranges.v6) };
}

function rangeOf({ words, prefix }: Cidr): Range {
  const bits = words.length * 32;
  const value = words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const open = BigInt(bits - prefix);
  const first = (value >> open) << open;
  return { first, last: first + (1n << open) - 1n };
}

function joined(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const result: { first: bigint; last: bigint }[] = [];
  for (const { first, last } of sorted) {
    const before = result.at(-1);
    if (before === undefined || first > before.last + 1n) result.push({ first, last });
    else if (last > before.last) before.last = last;
  }
  return result;
}

export function union(sets: readonly AddressSet[]): AddressSet {
  return { v4: joined(sets.flatMap(({ v4 }) => v4)), v6: joined(sets.flatMap(({ v6 }) => v6)) };
}

export function complement(set: AddressSet): AddressSet {
  const rest = (family: Family): readonly Range[] => {
    const ranges: Range[] = [];
    let from = 0n;
    for (const { first, last } of set[family]) {
      if (first > from) ranges.push({ first: from, last: first - 1n });
      from = last + 1n;
    }
    if (from <= LAST[family]) ranges.push({ first: from, last: LAST[family] });
    return ranges;
  };
  return { v4: rest("v4"), v6: rest("v6") };
}

export function isEmpty({ v4, v6 }: AddressSet): boolean {
  return v4.length === 0 && v6.length === 0;
}

/** One text for one set of addresses, however it was written. */
export function addressKey(set: AddressSet): string {
  return FAMILIES.map((family) => set[family].map(({ first, last }) => `${first}-${last}`).join()).join(";");
}

/** Addresses that lie in exactly the same ones of some sets. */
export interface AddressClass {
  readonly addresses: AddressSet;
  /** For each set, in their order. */
  readonly within: readonly boolean[];
}

/** Cuts all addresses by sets: every class that is not empty. */
export function overlay(sets: readonly AddressSet[]): readonly AddressClass[] {
  const classes = new Map<string, { readonly within: boolean[]; readonly ranges: Record<Family, Range[]> }>();
  for (const family of FAMILIES) {
    const edges = new Map<bigint, number[]>([[0n, []]]);
    const at = (place: bigint): number[] => {
      let found = edges.get(place);
      if (found === undefined) edges.set(place, (found = []));
      return found;
    };
    sets.forEach((set, index) => {
      for (const { first, last } of set[family]) {
        at(first).push(index);
        if (last < LAST[family]) at(last + 1n).push(index);
      }
    });
    const places = [...edges.keys()].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const within = sets.map(() => false);
    places.forEach((first, position) => {
      for (const index of edges.get(first) ?? []) within[index] = within[index] !== true;
      const next = places[position + 1];
      const key = within.map(Number).join("");
      let found = classes.get(key);
      if (found === undefined) classes.set(key, (found = { within: [...within], ranges: { v4: [], v6: [] } }));
      found.ranges[family].push({ first, last: next === undefined ? LAST[family] : next - 1n });
    });
  }
  return [...classes.values()].map(({ within, ranges }) => ({
    within,
    addresses: { v4: joined(ranges.v4), v6: joined(ranges.v6) },
  }));
}

/** Whether no address but the unspecified ones is missing. */
export function isAll(set: AddressSet): boolean {
  return addressKey(set) === addressKey(ALL_ADDRESSES);
}

/** How many addresses there are, IPv4 first: to tell which class is the one of everybody else. */
export function weight({ v4, v6 }: AddressSet): bigint {
  const count = (ranges: readonly Range[]): bigint =>
    ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
  return (count(v4) << 130n) + count(v6);
}

/** The least list of CIDRs with exactly these addresses; single addresses without a prefix length. */
export function toCidrs(set: AddressSet): readonly string[] {
  return FAMILIES.flatMap((family) => set[family].flatMap((range) => cidrsOf(range, family)));
}

function cidrsOf({ first, last }: Range, family: Family): string[] {
  const bits = BITS[family];
  const cidrs: string[] = [];
  let from = first;
  while (from <= last) {
    let open = 0;
    while (open < bits) {
      const size = 1n << BigInt(open + 1);
      if (from % size !== 0n || from + size - 1n > last) break;
      open++;
    }
    cidrs.push(`${toText(from, family)}${open === 0 ? "" : `/${bits - open}`}`);
    from += 1n << BigInt(open);
  }
  return cidrs;
}

/** An address as text; IPv6 with its longest run of zeros left out (RFC 5952). */
function toText(address: bigint, family: Family): string {
  if (family === "v4") return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
  const groups = [7, 6, 5, 4, 3, 2, 1, 0].map((group) => ((address >> BigInt(group * 16)) & 0xffffn).toString(16));
  const runs = [...groups.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  if (longest === "") return groups.join(":");
  const text = groups.join(":");
  const at = text.search(new RegExp(`(?<![0-9a-f])${longest}(?![0-9a-f])`));
  return `${text.slice(0, at).replace(/:$/, "")}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}

/**
 * One address of a set, as a caller could have it: not the first of a network where there is another, and a
 * documentation address (RFC 5737, RFC 3849) where the set holds one.
 */
export function witnessAddress(set: AddressSet): string | undefined {
  for (const example of EXAMPLES) if (holds(set, example.range)) return example.text;
  const [family, range] =
    set.v4[0] === undefined ? (["v6", set.v6[0]] as const) : (["v4", set.v4.find(isRoutable) ?? set.v4[0]] as const);
  if (range === undefined) return undefined;
  return toText(range.first === range.last ? range.first : range.first + 1n, family);
}

const EXAMPLES = ["203.0.113.7", "198.51.100.7", "192.0.2.7", "2001:db8::7"].map((text) => ({
  text,
  range: addressesOf([text]),
}));

function isRoutable({ last }: Range): boolean {
  return last >= 1n << 24n;
}

function holds(set: AddressSet, wanted: AddressSet): boolean {
  return FAMILIES.every((family) =>
    wanted[family].every(({ first, last }) => set[family].some((range) => range.first <= first && last <= range.last)),
  );
}
