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

/** What is wrong with environments beside each other: two that claim what an account has one of, or the same names. */
export function problemsBetween(environments: readonly Environment[]): Problem[] {
  return [...problemsOfSingletons(environments), ...problemsOfPrefixes(environments)];
}

/**
 * The pipeline of an environment may write what begins with its prefix: beside `dev`, the roles and functions of `dev-eu`
 * as well. In one account that would hand it the other environment, its pipeline included.
 */
function problemsOfPrefixes(environments: readonly Environment[]): Problem[] {
  const prefix = ({ project, name }: Environment): string => `${project}-${name}-`;
  const accounts = ({ accountId, partners }: Environment): string[] => [
    accountId,
    ...partners.filter(({ managed }) => managed).map((partner) => partner.accountId),
  ];
  return environments.flatMap((environment) =>
    environments
      .filter((other) => other !== environment && prefix(environment).startsWith(prefix(other)))
      .flatMap((other): Problem[] => {
        const shared = accounts(environment).find((account) => accounts(other).includes(account));
        if (shared === undefined) return [];
        return [
          {
            where: `environments/${environment.name}.ts: name`,
            what: `in account ${shared} its names begin with those of ${other.name} (${prefix(other)}…), whose pipeline could write them.`,
            next: `Choose a name that does not begin with ${JSON.stringify(other.name)} and a hyphen, or another account.`,
          },
        ];
      }),
  );
}

function problemsOfSingletons(environments: readonly Environment[]): Problem[] {
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
