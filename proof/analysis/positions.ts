import type { Condition } from "../iam";
import type { VpcEndpoint } from "../model/types";
import type { RequestVpc } from "../decision/request-file";
import { ALL_ADDRESSES, addressKey, addressesOf, complement, overlay, witnessAddress } from "./addresses";
import type { AddressSet } from "./addresses";
import { isIdCharacter, textPattern, textPatterns, valueClasses } from "./values";
import type { TextPattern, ValueClass } from "./values";

/** Where a request comes from: a class of positions that no live condition tells apart. */
export type Position = PublicPosition | EndpointPosition | OutsidePosition;

export interface PublicPosition {
  readonly kind: "public";
  readonly addresses: AddressSet;
  readonly sourceIp: string;
}

/** Through an interface endpoint, to a private API. */
export interface EndpointPosition {
  readonly kind: "endpoint";
  /** An id, or in words what ids; undefined for every one that is not named. */
  readonly endpoint: string | undefined;
  readonly vpc: string | undefined;
  /** Of the client in its VPC. */
  readonly addresses: AddressSet;
  /** What `aws:SourceIp` holds behind the endpoint. */
  readonly rewritten: AddressSet;
  readonly sourceIp: string;
  readonly vpcPosition: RequestVpc;
}

/** A private API, and a request that does not come through an endpoint. */
export interface OutsidePosition {
  readonly kind: "outside";
  readonly sourceIp: string;
}

const sets = new WeakMap<Condition, AddressSet>();

/** The addresses for which a condition of type ip holds. */
function addressesWhere(condition: Condition): AddressSet {
  let set = sets.get(condition);
  if (set === undefined) {
    const listed = addressesOf(condition.values.map(({ source }) => source));
    sets.set(condition, (set = condition.operator.negated ? complement(listed) : listed));
  }
  return set;
}

const cuts = new WeakMap<Condition, readonly PublicPosition[]>();

/** Classes of addresses by the conditions on one key. */
export function addressClasses(conditions: readonly Condition[]): readonly PublicPosition[] {
  const [only] = conditions;
  if (only === undefined) return EVERYWHERE;
  const known = conditions.length === 1 ? cuts.get(only) : undefined;
  if (known !== undefined) return known;
  const distinct = new Map(conditions.map(addressesWhere).map((set) => [addressKey(set), set]));
  const classes = overlay([...distinct.values()]).flatMap(({ addresses }): PublicPosition[] => {
    const sourceIp = witnessAddress(addresses);
    return sourceIp === undefined ? [] : [{ kind: "public", addresses, sourceIp }];
  });
  if (conditions.length === 1) cuts.set(only, classes);
  return classes;
}

const EVERYWHERE: readonly PublicPosition[] = [{ kind: "public", addresses: ALL_ADDRESSES, sourceIp: "203.0.113.7" }];

const ID = { fresh: "0", allowed: isIdCharacter };

/** From where a private API cannot be reached. */
export const OUTSIDE: OutsidePosition = { kind: "outside", sourceIp: "203.0.113.7" };

/**
 * Every class of positions from which a private API can be reached.
 *
 * @param endpoints those of the configurations: each belongs to its VPC
 */
export function endpointPositions(
  conditions: readonly Condition[],
  endpoints: readonly VpcEndpoint[],
): readonly EndpointPosition[] {
  const of = (key: string): Condition[] => conditions.filter(({ lowerKey }) => lowerKey === key);
  const ids = (key: string, prefix: string, known: readonly TextPattern[] = []) =>
    valueClasses(
      [...textPatterns(of(key)), ...known],
      [{ kind: "text", value: `${prefix}-` }, { kind: "segment" }],
      key,
      ID,
    ).filter(({ value }) => value !== undefined);
  // What stands for endpoints that are not known must be none that is.
  const mine = endpoints.map(({ id }) => textPattern(id));
  const named = ids("aws:sourcevpce", "vpce", mine);
  const vpcs = ids("aws:sourcevpc", "vpc");
  const places = [
    ...endpoints.map(({ id, vpcId }) => ({ id, vpcId, endpoint: id, vpc: vpcId })),
    ...named
      .filter(({ value }) => !endpoints.some(({ id }) => id === value))
      .flatMap((one) =>
        vpcs.map((vpc) => ({
          id: one.value ?? "",
          vpcId: vpc.value ?? "",
          endpoint: inWords(one, named, "VPC endpoint"),
          vpc: inWords(vpc, vpcs, "VPC"),
        })),
      ),
  ];
  const clients = addressClasses(of("aws:vpcsourceip"));
  const rewritten = addressClasses(of("aws:sourceip"));
  return places.flatMap(({ id, vpcId, endpoint, vpc }) =>
    clients.flatMap((client) =>
      rewritten.map((seen): EndpointPosition => {
        const vpcSource = client.addresses === ALL_ADDRESSES ? "10.0.0.7" : client.sourceIp;
        const sourceIp = seen.addresses === ALL_ADDRESSES ? vpcSource : seen.sourceIp;
        return {
          kind: "endpoint",
          endpoint,
          vpc,
          addresses: client.addresses,
          rewritten: seen.addresses,
          sourceIp,
          vpcPosition: { id: vpcId, endpoint: id, sourceIp: vpcSource },
        };
      }),
    ),
  );
}

/** An id, or the ids that the same patterns match and no others of all; undefined for those that none matches. */
function inWords({ value = "", like }: ValueClass, all: readonly ValueClass[], kind: string): string | undefined {
  if (like.length === 0) return undefined;
  if (like.includes(value)) return value;
  const more = all.some((other) => other.value !== value && like.every((pattern) => other.like.includes(pattern)));
  return `${more ? "any other " : ""}${kind} like ${like.join(" and ")}`;
}
