import type { RequestCaller } from "../decision/request-file";
import { globMachine } from "./automata/glob-machine";
import { languageMachine } from "./automata/language";
import { DEAD } from "./automata/machine";
import { partition } from "./automata/partition";
import { StateBudgetExceeded } from "./budget";
import type { CallerTests } from "./caller-tests";

/** A class of the callers of one account. */
export interface Person {
  /** Where it is one role, user or session, or the root user. */
  readonly arn?: string;
  /** Where it is those whose ARN is like this, or of this type. */
  readonly like?: string;
  readonly root: boolean;
  readonly grants: "known" | "free";
  readonly asked: RequestCaller;
}

const NAME = /^[A-Za-z0-9+=,.@_/-]$/;
/** The role or user that stands for everybody whom nothing tells apart. */
const ANYBODY = "anybody";

/**
 * The callers of an account, told apart by what policies ask: each of its known roles and users, those named or matched
 * by a pattern, and everybody else.
 *
 * @param known ARNs of the roles and users of the configurations
 */
export function personsOf(
  awsPartition: string,
  account: string,
  tests: CallerTests,
  known: readonly string[],
): readonly Person[] {
  const own = `arn:${awsPartition}:iam::${account}:`;
  const mine = known.filter((arn) => arn.startsWith(own));
  const persons: Person[] = mine.map((arn) => ({ arn, root: false, grants: "known", asked: { arn } }));
  const users = tests.types || tests.userNamePatterns.length > 0;
  for (const type of ["role", "user"] as const) {
    for (const { name, like, literal } of cellsOf(`${own}${type}/`, type === "user", tests, mine)) {
      const arn = `${own}${type}/${name === "" ? ANYBODY : name}`;
      if (mine.includes(arn)) continue;
      const nobodySpecial = like.length === 0;
      if (nobodySpecial && type === "user" && !users) continue;
      persons.push({
        ...(literal ? { arn } : {}),
        ...(nobodySpecial
          ? users
            ? { like: `${type}s` }
            : {}
          : literal
            ? {}
            : { like: `${type} with an ARN like ${like.join(" and ")}` }),
        root: false,
        grants: "free",
        asked: { arn },
      });
    }
  }
  const root = `${own}root`;
  if (users || tests.arnPatterns.length > 0)
    persons.push({ arn: root, root: true, grants: "free", asked: { arn: root } });
  return [...persons, ...sessionsOf(awsPartition, account, tests, mine)];
}

interface NameCell {
  readonly name: string;
  readonly like: readonly string[];
  /** Whether it is this one name. */
  readonly literal: boolean;
}

function cellsOf(prefix: string, user: boolean, tests: CallerTests, known: readonly string[]): readonly NameCell[] {
  const literal = [...tests.arns, ...known].filter((arn) => arn.startsWith(prefix));
  const machines = [
    ...[...new Set(literal)].map((arn) => ({
      source: arn,
      machine: globMachine([{ kind: "text", value: arn }], { prefix }),
    })),
    ...tests.arnPatterns.map(({ pattern, lower }) => ({
      source: pattern.source,
      machine: globMachine(pattern.tokens, { prefix, lower }),
    })),
    ...(user ? tests.userNamePatterns : []).map(({ pattern, lower }) => ({
      source: `user/${pattern.source}`,
      machine: globMachine(pattern.tokens, { lower }),
    })),
  ].filter(({ machine }) => machine.start !== DEAD);
  if (machines.length === 0) return [{ name: ANYBODY, like: [], literal: false }];
  // An IAM path in front of a user's name would not be part of `aws:username`.
  const parts = [{ kind: user && tests.userNamePatterns.length > 0 ? "segment" : "segments" } as const];
  const cells = partition(
    languageMachine(parts, (character) => NAME.test(character)),
    machines.map(({ machine }) => machine),
    { budget: 20_000 },
  );
  if (cells === undefined) throw new StateBudgetExceeded("the patterns for aws:PrincipalArn overlap in too many ways");
  return cells.map(({ witness, accepted }) => {
    const like = machines.filter((_, index) => accepted[index] === true).map(({ source }) => source);
    return { name: like.length === 0 ? ANYBODY : witness, like, literal: like.includes(prefix + witness) };
  });
}

/** Sessions that a policy names as principals: callers of their role, who answer to a name of their own as well. */
function sessionsOf(
  awsPartition: string,
  account: string,
  { sessions }: CallerTests,
  known: readonly string[],
): readonly Person[] {
  const prefix = `arn:${awsPartition}:sts::${account}:assumed-role/`;
  return [...sessions]
    .filter((arn) => arn.startsWith(prefix))
    .map((arn) => {
      const [role = ""] = arn.slice(prefix.length).split("/");
      const isKnown = known.some((other) => other.includes(":role/") && other.split("/").at(-1) === role);
      return { arn, root: false, grants: isKnown ? "known" : "free", asked: { arn } };
    });
}
