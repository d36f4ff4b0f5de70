/** Names for classes of positions, as people say them. */
import { addressKey, complement, isAll, toCidrs, union, weight } from "./addresses";
import type { AddressSet } from "./addresses";
import type { EndpointPosition, Position, PublicPosition } from "./positions";

/** Positions of one answer, out of all there are. */
export interface Network {
  readonly name: string;
  /** Equal for equal positions, however they were cut. */
  readonly key: string;
  /** Where it is addresses alone. */
  readonly addresses?: AddressSet;
}

/** @param parts the positions of each answer; together they are all positions */
export function networksOf(parts: readonly (readonly Position[])[]): readonly Network[] {
  if (parts.length === 1) return [{ name: "any", key: "any" }];
  const sets = parts.map((positions) => union(positions.filter(isPublic).map(({ addresses }) => addresses)));
  if (parts.every((positions) => positions.every(isPublic))) {
    const heaviest = sets.reduce((best, set, index) => (weight(set) > weight(sets[best] ?? set) ? index : best), 0);
    return sets.map((set, index) => ({
      name: isAll(set) ? "any" : index === heaviest ? "any other address" : toCidrs(set).join(", "),
      key: addressKey(set),
      addresses: set,
    }));
  }
  const all = parts.flat().filter(isEndpoint);
  return parts.map((positions, index) => {
    const inside = positions.filter(isEndpoint);
    const rest = positions.filter((position) => !isEndpoint(position));
    const set = sets[index];
    const outside =
      rest.length === 0
        ? []
        : set === undefined || isAll(set) || rest.some(({ kind }) => kind === "outside")
          ? ["outside any VPC endpoint"]
          : toCidrs(set);
    const name = named(inside, all, outside);
    const key = [...outside, ...inside.map(endpointKey)].sort().join(" ");
    return { name, key };
  });
}

function isPublic(position: Position): position is PublicPosition {
  return position.kind === "public";
}

function isEndpoint(position: Position): position is EndpointPosition {
  return position.kind === "endpoint";
}

function endpointKey({ endpoint, vpc, addresses, rewritten }: EndpointPosition): string {
  return [endpoint ?? "*", vpc ?? "*", addressKey(addresses), addressKey(rewritten)].join("/");
}

function named(
  inside: readonly EndpointPosition[],
  all: readonly EndpointPosition[],
  outside: readonly string[],
): string {
  if (inside.length === 0) return outside.join(", ");
  if (inside.length === all.length) return [...outside, "any VPC endpoint"].join(", ");
  if (inside.some(({ endpoint, vpc }) => endpoint === undefined && vpc === undefined)) {
    const cut = all.some(({ addresses, rewritten }) => !isAll(addresses) || !isAll(rewritten));
    if (!cut) return outside.length > 0 ? "any other position" : "any other VPC endpoint";
  }
  // From these addresses it does not matter through which endpoint.
  const anywhere = inside.filter((position) =>
    all.every((other) => addressesKey(other) !== addressesKey(position) || inside.includes(other)),
  );
  const names = merged(anywhere, all, "any VPC endpoint");
  let left = inside.filter((position) => !anywhere.includes(position));
  for (const member of ["vpc", "endpoint"] as const) {
    for (const id of new Set(left.map((position) => position[member]))) {
      if (id === undefined) continue;
      const whole = all.filter((position) => position[member] === id);
      if (!whole.every((position) => inside.includes(position))) continue;
      // Of a VPC all endpoints are meant, and not only those that are known.
      if (member === "vpc" && !whole.some(({ endpoint }) => endpoint === undefined)) continue;
      names.push(id);
      left = left.filter((position) => position[member] !== id);
    }
  }
  return [...names, ...places(left, all), ...outside].join(", ");
}

function addressesKey({ addresses, rewritten }: EndpointPosition): string {
  return `${addressKey(addresses)} ${addressKey(rewritten)}`;
}

/** Positions of one endpoint and VPC are told together as far as they differ in one kind of address only. */
function places(left: readonly EndpointPosition[], all: readonly EndpointPosition[]): string[] {
  const groups = new Map<string, [EndpointPosition, ...EndpointPosition[]]>();
  const place = ({ endpoint, vpc }: EndpointPosition): string => `${endpoint} ${vpc}`;
  for (const position of left) {
    const group = groups.get(place(position));
    if (group === undefined) groups.set(place(position), [position]);
    else group.push(position);
  }
  return [...groups].flatMap(([key, group]) => {
    const [{ endpoint = "any other VPC endpoint", vpc }] = group;
    const here = all.filter((position) => place(position) === key);
    return merged(group, here, vpc === undefined ? endpoint : `${endpoint} in ${vpc}`);
  });
}

/** Positions of one place, out of all that are there, in as few names as can be. */
function merged(group: readonly EndpointPosition[], all: readonly EndpointPosition[], place: string): string[] {
  const [first] = group;
  if (first === undefined) return [];
  const sameClients = group.every(({ addresses }) => addressKey(addresses) === addressKey(first.addresses));
  const sameSeen = group.every(({ rewritten }) => addressKey(rewritten) === addressKey(first.rewritten));
  const parts =
    group.length === all.length || sameClients || sameSeen
      ? [{ addresses: union(group.map((one) => one.addresses)), rewritten: union(group.map((one) => one.rewritten)) }]
      : group;
  const names = parts.map(({ addresses, rewritten }) => {
    const from = isAll(addresses) ? "" : ` from ${inWords(addresses)}`;
    const seen = isAll(rewritten) ? "" : ` seen as ${inWords(rewritten)}`;
    return `${place}${from}${seen}`;
  });
  return [...new Set(names)];
}

/** A set of addresses in as few words as it takes. */
function inWords(set: AddressSet): string {
  const [within, without] = [toCidrs(set), toCidrs(complement(set))];
  return without.length < within.length ? `any address but ${without.join(" and ")}` : within.join(" or ");
}
