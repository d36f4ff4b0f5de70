import type { RequestCaller } from "../decision/request-file";
import { globMachine } from "./automata/glob-machine";
import { languageMachine } from "./automata/language";
import { DEAD, run } from "./automata/machine";
import { partition } from "./automata/partition";
import { lastSegment, wordsMachine } from "./automata/words-machine";
import { StateBudgetExceeded } from "./budget";
import type { CallerTests } from "./caller-tests";
import { textOf } from "./values";
import type { TextPattern } from "./values";

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

/**
 * The callers of an account, cut by all that policies ask of ARNs and names: each known role and user, each that a policy
 * names, those that the same patterns match, everybody else, and the sessions that are named. Each class is stood for by
 * one of it, who is no other's: nothing matches it that does not match all of the class.
 *
 * @param known ARNs of the roles and users of the configurations
 * @throws StateBudgetExceeded
 */
export function personsOf(
  awsPartition: string,
  account: string,
  tests: CallerTests,
  known: readonly string[],
): readonly Person[] {
  const own = `arn:${awsPartition}:iam::${account}:`;
  const mine = known.filter((arn) => arn.startsWith(own));
  const sessions = sessionsOf(`arn:${awsPartition}:sts::${account}:assumed-role/`, tests);
  const roles = cellsOf(`${own}role/`, tests, mine, [...sessions.keys()]);
  const users = cellsOf(`${own}user/`, tests, mine, []);
  // Who is neither named nor like any pattern is one class, unless something tells users from roles.
  const told = tests.types || tests.userNamePatterns.length > 0;
  const both = roles.some(isRest) && users.some(isRest);
  const words = (type: string) => (told || !both ? type : undefined);
  const root: Person = { arn: `${own}root`, root: true, grants: "free", asked: { arn: `${own}root` } };
  return [
    ...roles.filter(({ again }) => !again).map((cell) => personOf(cell, words("roles"), sessions)),
    ...users.filter((cell) => told || !both || !isRest(cell)).map((cell) => personOf(cell, words("users"))),
    ...(told || tests.arnPatterns.length > 0 ? [root] : []),
    ...namedSessions(roles, sessions, tests.arns),
  ];
}

/** Roles or users of one account that the same patterns match. */
interface NameCell {
  readonly arn: string;
  /** IAM path and name. */
  readonly name: string;
  /** Patterns that match, as written. */
  readonly like: readonly string[];
  /** Where it is this one alone: of a configuration, or named by a policy. */
  readonly one?: "known" | "named";
  /** Whether another cell, told from it by the name of a role with sessions alone, stands for the same callers. */
  readonly again: boolean;
}

function isRest({ one, like }: NameCell): boolean {
  return one === undefined && like.length === 0;
}

const NAME = /^[A-Za-z0-9+=,.@_/-]$/;
/** Of the names of roles and users. */
const LONGEST = 64;
const NAMES = languageMachine([{ kind: "segments" }], (character) => NAME.test(character));

function cellsOf(
  prefix: string,
  tests: CallerTests,
  known: readonly string[],
  sessionRoles: readonly string[],
): readonly NameCell[] {
  const mine = known.filter((arn) => arn.startsWith(prefix));
  const written = [...tests.arns, ...mine, ...tests.arnPatterns.flatMap((pattern) => textOf(pattern) ?? [])];
  const literals = [...new Set(written)]
    .filter((arn) => arn.startsWith(prefix))
    .map((arn) => arn.slice(prefix.length))
    .filter((name) => NAMES.accepts(run(NAMES, name)) && lastOf(name).length <= LONGEST);
  const patterns = [
    ...tests.arnPatterns
      .filter((one) => textOf(one) === undefined && canMatch(one, prefix))
      .map(({ pattern, lower }) => ({ ...pattern, machine: globMachine(pattern.tokens, { prefix, lower }) })),
    ...(prefix.endsWith(":user/") ? tests.userNamePatterns : []).map(({ pattern, lower }) => ({
      source: `user/${pattern.source}`,
      machine: lastSegment(globMachine(pattern.tokens, { lower })),
    })),
  ].filter(({ machine }) => machine.start !== DEAD);
  const names = lastSegment(wordsMachine(sessionRoles));
  const cells = partition(NAMES, [wordsMachine(literals), names, ...patterns.map(({ machine }) => machine)], {
    budget: 20_000,
    also: ([, name = DEAD]) => (names.accepts(name) ? String(name) : ""),
  });
  if (cells === undefined) throw new StateBudgetExceeded("the patterns for aws:PrincipalArn overlap in too many ways");
  const seen = new Set<string>();
  return [
    ...literals.map((name): NameCell => {
      const like = patterns.filter(({ machine }) => machine.accepts(run(machine, name))).map(({ source }) => source);
      return { arn: prefix + name, name, like, one: mine.includes(prefix + name) ? "known" : "named", again: false };
    }),
    ...cells.flatMap(({ witness: name, accepted: [isLiteral, , ...accepted] }): NameCell[] => {
      if (isLiteral === true) return [];
      if (lastOf(name).length > LONGEST) {
        throw new StateBudgetExceeded(
          `a pattern for aws:PrincipalArn asks for names of more than ${LONGEST} characters`,
        );
      }
      const like = patterns.filter((_, index) => accepted[index] === true).map(({ source }) => source);
      const key = accepted.map(Number).join("");
      const again = seen.has(key);
      seen.add(key);
      return [{ arn: prefix + name, name, like, again }];
    }),
  ];
}

/** Whether the text that a pattern begins with agrees with what every ARN in question begins with. */
function canMatch({ pattern, lower }: TextPattern, prefix: string): boolean {
  const [first] = pattern.tokens;
  const given = lower ? prefix.toLowerCase() : prefix;
  return first?.kind !== "text" || first.value.startsWith(given) || given.startsWith(first.value);
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** @param rest words for those who are like no pattern @param sessions none for users */
function personOf({ arn, name, like, one }: NameCell, rest: string | undefined, sessions?: Sessions): Person {
  const type = sessions === undefined ? "user" : "role";
  const words = like.length === 0 ? rest : `${type} with an ARN like ${like.join(" and ")}`;
  return {
    ...(one !== undefined ? { arn } : words === undefined ? {} : { like: words }),
    root: false,
    grants: one === "known" ? "known" : "free",
    asked: { arn, ...otherSession(sessions?.get(lastOf(name)) ?? []) },
  };
}

/** A role signs as a session of itself: as one that no policy names. */
function otherSession(taken: readonly string[]): Pick<RequestCaller, "session"> {
  let session = USUAL_SESSION;
  while (taken.includes(session)) session += "x";
  return session === USUAL_SESSION ? {} : { session };
}

/** What a request file means that names a role alone. */
const USUAL_SESSION = "local";

/** Names of sessions that policies name as principals, by the name of their role. */
type Sessions = ReadonlyMap<string, readonly string[]>;

function sessionsOf(prefix: string, { sessions }: CallerTests): Sessions {
  const found = new Map<string, string[]>();
  for (const arn of sessions) {
    if (!arn.startsWith(prefix)) continue;
    const [role = "", session = ""] = arn.slice(prefix.length).split("/");
    found.set(role, [...(found.get(role) ?? []), session]);
  }
  return found;
}

/**
 * Sessions that a policy names as principals: callers of their role, who answer to a name of their own as well. The name
 * does not tell the role's IAM path, but a name is that of one role of an account, whatever its path (IAM identifiers): of
 * the configuration's, else of one that is a principal, since AWS saves no policy whose principals do not exist; else any.
 */
function namedSessions(
  roles: readonly NameCell[],
  sessions: Sessions,
  principals: CallerTests["arns"],
): readonly Person[] {
  return [...sessions].flatMap(([role, names]) => {
    const named = roles.filter(({ name }) => lastOf(name) === role);
    const known = named.filter(({ one }) => one === "known");
    const saved = named.filter(({ arn }) => principals.has(arn));
    const cells = [known, saved].find((some) => some.length > 0) ?? named;
    return cells.flatMap((cell) =>
      names.map((session): Person => {
        const { arn, name, like, one } = cell;
        const own = arn.replace(":iam:", ":sts:").replace(/:role\/.*$/, `:assumed-role/${role}/${session}`);
        const path = one === undefined ? `a role with an ARN like ${like.join(" and ")}` : arn;
        return {
          arn: own,
          ...(cells.length === 1 || isRest(cell) ? {} : { like: `session of ${path}` }),
          root: false,
          grants: one === "known" ? "known" : "free",
          asked: name.includes("/") ? { arn, session } : { arn: own },
        };
      }),
    );
  });
}
