import type { Api } from "../model/types";

/** One API as both configurations have it, as far as they do. */
export interface ApiPair {
  readonly base: Api | undefined;
  readonly head: Api | undefined;
}

/**
 * Which API of one configuration is which of the other: by name, and by Terraform address where the name is new or
 * several APIs have it. Renaming both at once is one API gone and another come.
 */
export function pairApis(base: readonly Api[], head: readonly Api[]): readonly ApiPair[] {
  const left = [...base];
  const pairs = head.map((api): ApiPair => {
    const named = left.filter(({ name }) => name === api.name);
    const same =
      (named.length === 1 && head.filter(({ name }) => name === api.name).length === 1 ? named[0] : undefined) ??
      left.find((other) => other.address === api.address && (other.name === api.name || !isNamed(other, head)));
    if (same !== undefined) left.splice(left.indexOf(same), 1);
    return { base: same, head: api };
  });
  return [...pairs, ...left.map((api) => ({ base: api, head: undefined }))];
}

function isNamed({ name }: Api, among: readonly Api[]): boolean {
  return among.some((other) => other.name === name);
}
