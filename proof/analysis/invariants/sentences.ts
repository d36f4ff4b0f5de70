import { addressesOf, complement, isEmpty, union, witnessAddress } from "../addresses";
import type { AddressSet } from "../addresses";
import type { Group } from "./groups";
import type { Admission, Invariant } from "./invariant";
import type { Place } from "./places";
import type { Target } from "./targets";
import { target } from "./targets";

const EVERYWHERE = { concerns: () => true } as const;
const BROKEN = {} as const;

/** `only(accounts("222222222222")).reach("/orders")` */
export function only(...groups: readonly Group[]): { reach(...paths: readonly string[]): Invariant } {
  return {
    reach(...paths) {
      const targets = paths.map(target);
      return {
        ...EVERYWHERE,
        sentence: `Only ${list(groups.map(({ words }) => words))} reach ${list(paths)}.`,
        paths: targets.map(({ path }) => path),
        covers: ({ request }) => targets.some((one) => one.has(request)),
        brokenBy: (admission) => (groups.some((group) => group.has(admission)) ? undefined : BROKEN),
      };
    },
  };
}

/** `nobody(anonymous()).reachesAnythingBut("GET /health")` */
export function nobody(group: Group): {
  reachesAnything(): Invariant;
  reachesAnythingBut(...paths: readonly string[]): Invariant;
} {
  const but = (targets: readonly Target[], sentence: string): Invariant => ({
    ...EVERYWHERE,
    sentence,
    paths: targets.map(({ path }) => path),
    covers: ({ request }) => !targets.some((one) => one.has(request)),
    brokenBy: (admission) => (group.has(admission) ? BROKEN : undefined),
  });
  return {
    reachesAnything: () => but([], `Of ${group.words}, nobody reaches anything.`),
    reachesAnythingBut: (...paths) =>
      but(paths.map(target), `Of ${group.words}, nobody reaches anything but ${list(paths)}.`),
  };
}

/**
 * `noAddressIn("198.51.100.0/24").reachesAnything()`: of what can be called from the internet. A private API sees no
 * public address; say of it where it is reached from.
 */
export function noAddressIn(...cidrs: readonly string[]): { reachesAnything(): Invariant } {
  const refused = addressesOf(cidrs);
  return {
    reachesAnything: () => ({
      sentence: `No address in ${list(cidrs)} reaches anything.`,
      paths: [],
      concerns: ({ endpointType }) => endpointType !== "PRIVATE",
      covers: ({ request: { position } }) => position.kind === "public",
      brokenBy: ({ request: { position } }) => {
        if (position.kind !== "public") return undefined;
        const both = intersection(position.addresses, refused);
        const sourceIp = isEmpty(both) ? undefined : witnessAddress(both);
        return sourceIp === undefined ? undefined : { sourceIp };
      },
    }),
  };
}

/** `everyPrivateApi().isReachedOnlyFrom(itsOwnEndpoints())` */
export function everyPrivateApi(): { isReachedOnlyFrom(...places: readonly Place[]): Invariant } {
  return {
    isReachedOnlyFrom: (...places) => ({
      sentence: `Every private API is reached only from ${list(places.map(({ words }) => words))}.`,
      paths: [],
      concerns: ({ endpointType }) => endpointType === "PRIVATE",
      covers: () => true,
      brokenBy: (admission) => (places.some((place) => place.has(admission)) ? undefined : BROKEN),
    }),
  };
}

/** The same sentence of the stages with this name alone. */
export function atStage(stage: string, invariant: Invariant): Invariant {
  return {
    ...invariant,
    sentence: `At stage ${stage}: ${invariant.sentence}`,
    concerns: (api, name) => name === stage && invariant.concerns(api, name),
    covers: (admission: Admission) => admission.stage === stage && invariant.covers(admission),
  };
}

function intersection(one: AddressSet, other: AddressSet): AddressSet {
  return complement(union([complement(one), complement(other)]));
}

function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
