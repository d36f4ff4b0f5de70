import type { Problem } from "../constructs/problems";
import type { Environment } from "./schema";

/** An environment and the name of its file, without `.ts`: a copied file may still have the name of the other. */
export interface FiledEnvironment {
  readonly file: string;
  readonly environment: Environment;
}

/** Things there is one of: what an environment says, what it claims by that, and what to do where two claim it. */
const SINGLETONS: readonly {
  readonly field: string;
  /** What there is one of, in words; undefined where the environment claims none. */
  readonly claim: (environment: Environment) => string | undefined;
  readonly next: string;
}[] = [
  {
    field: "delivery.apiGatewayLogging",
    claim: ({ delivery, accountId, region }) =>
      delivery.apiGatewayLogging ? `account ${accountId} has one in ${region}` : undefined,
    next: "Set it to false in one of the two: they would undo each other.",
  },
  {
    field: "delivery.github.createProvider",
    claim: ({ delivery, accountId }) =>
      delivery.github?.createProvider === true ? `account ${accountId} has one` : undefined,
    next: "Set it to false in one of the two: they would undo each other.",
  },
  {
    // https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
    field: "cognito.domainPrefix",
    claim: ({ cognito, region }) => `AWS has one ${JSON.stringify(cognito.domainPrefix)} in ${region}`,
    next: "Choose another prefix in one of the two.",
  },
];

/** What is wrong with environments beside each other: two that claim what there is one of, or the same names. */
export function problemsBetween(environments: readonly FiledEnvironment[]): Problem[] {
  return [...problemsOfSingletons(environments), ...problemsOfPrefixes(environments)];
}

/**
 * The pipeline of an environment may write what begins with its prefix: beside `dev`, the roles and functions of `dev-eu`
 * as well. In one account that would hand it the other environment, its pipeline included.
 */
function problemsOfPrefixes(environments: readonly FiledEnvironment[]): Problem[] {
  const prefix = ({ project, name }: Environment): string => `${project}-${name}-`;
  const accounts = ({ accountId, partners }: Environment): string[] => [
    accountId,
    ...partners.filter(({ managed }) => managed).map((partner) => partner.accountId),
  ];
  return environments.flatMap(({ file, environment }) =>
    environments
      .map((other) => other.environment)
      // One of two with the same name has it from the other's file, which is told by itself.
      .filter((other) => other.name !== environment.name && prefix(environment).startsWith(prefix(other)))
      .flatMap((other): Problem[] => {
        const shared = accounts(environment).find((account) => accounts(other).includes(account));
        if (shared === undefined) return [];
        return [
          {
            where: `environments/${file}.ts: name`,
            what: `in account ${shared} its names begin with those of ${other.name} (${prefix(other)}…), whose pipeline could write them.`,
            next: `Choose a name that does not begin with ${JSON.stringify(other.name)} and a hyphen, or another account.`,
          },
        ];
      }),
  );
}

function problemsOfSingletons(environments: readonly FiledEnvironment[]): Problem[] {
  return SINGLETONS.flatMap(({ field, claim, next }) => {
    const owners = new Map<string, string>();
    return environments.flatMap(({ file, environment }): Problem[] => {
      const claimed = claim(environment);
      if (claimed === undefined) return [];
      const owner = owners.get(claimed);
      owners.set(claimed, owner ?? file);
      if (owner === undefined) return [];
      return [
        {
          where: `environments/${file}.ts: ${field}`,
          what: `${claimed}, and environments/${owner}.ts already claims it.`,
          next,
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
