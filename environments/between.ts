import type { Problem } from "../constructs/problems";
import type { Environment } from "./schema";

/** Things an AWS account has one of: by what an environment says, and where they are one. */
const SINGLETONS: readonly {
  readonly field: string;
  readonly claimed: (environment: Environment) => boolean;
  readonly place: (environment: Environment) => string;
}[] = [
  {
    field: "delivery.apiGatewayLogging",
    claimed: ({ delivery }) => delivery.apiGatewayLogging,
    place: ({ accountId, region }) => `account ${accountId} in ${region}`,
  },
  {
    field: "delivery.github.createProvider",
    claimed: ({ delivery }) => delivery.github?.createProvider === true,
    place: ({ accountId }) => `account ${accountId}`,
  },
];

/** What is wrong with environments beside each other: two that claim what an account has one of. */
export function problemsBetween(environments: readonly Environment[]): Problem[] {
  return SINGLETONS.flatMap(({ field, claimed, place }) => {
    const first = new Map<string, string>();
    return environments.filter(claimed).flatMap((environment): Problem[] => {
      const where = place(environment);
      const owner = first.get(where);
      if (owner === undefined) {
        first.set(where, environment.name);
        return [];
      }
      return [
        {
          where: `environments/${environment.name}.ts: ${field}`,
          what: `${where} has one, and ${owner} already claims it: the two would undo each other.`,
          next: "Set it to false in one of the two.",
        },
      ];
    });
  });
}

/** A file that describes another environment than its name says. */
export function problemsOfName(file: string, { name }: Environment): Problem[] {
  return name === file
    ? []
    : [
        {
          where: `environments/${file}.ts: name`,
          what: `${JSON.stringify(name)} is not accepted.`,
          next: `Allowed: ${JSON.stringify(file)}, the name of the file.`,
        },
      ];
}
