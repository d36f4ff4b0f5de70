import type { Admission } from "./invariant";

/** Some network positions from which a private API can be reached. */
export interface Place {
  readonly words: string;
  /** Whether all positions of a class are among them. */
  has(admission: Admission): boolean;
}

/** The interface endpoints that the configuration itself makes. */
export function itsOwnEndpoints(): Place {
  return {
    words: "the endpoints of this configuration",
    has: ({ model, request: { position } }) =>
      position.kind === "endpoint" && model.vpcEndpoints.some(({ id }) => id === position.endpoint),
  };
}

/** The VPCs in which the configuration makes interface endpoints, by any endpoint in them. */
export function itsOwnVpcs(): Place {
  return {
    words: "the VPCs of this configuration",
    has: ({ model, request: { position } }) =>
      position.kind === "endpoint" && model.vpcEndpoints.some(({ vpcId }) => vpcId === position.vpc),
  };
}

/** The interface endpoints with these ids. */
export function endpoints(...ids: readonly string[]): Place {
  return {
    words: ids.join(", "),
    has: ({ request: { position } }) => position.kind === "endpoint" && ids.includes(position.endpoint ?? ""),
  };
}

/** Every endpoint of the VPCs with these ids. */
export function vpcs(...ids: readonly string[]): Place {
  return {
    words: ids.join(", "),
    has: ({ request: { position } }) => position.kind === "endpoint" && ids.includes(position.vpc ?? ""),
  };
}
