import type { CompiledPolicy, PatternToken } from "../iam";
import type { RequestCaller } from "../decision/request-file";
import type { Api, Model } from "../model/types";
import { globMachine } from "./automata/glob-machine";
import { languageMachine } from "./automata/language";
import { DEAD, run } from "./automata/machine";
import type { State } from "./automata/machine";
import { partition as cut } from "./automata/partition";
import { wordsMachine } from "./automata/words-machine";
import type { Budget } from "./budget";
import { StateBudgetExceeded } from "./budget";
import { accountPart, callerTests } from "./caller-tests";
import type { CallerTests } from "./caller-tests";
import { personsOf } from "./persons";
import { credentialTraits } from "./credential-traits";
import type { Person } from "./persons";
import type { CallerSubject, Trait } from "./subject";
import { isIdCharacter, valueClasses } from "./values";

/** What a caller's own policy says who may do anything, as an administrator's does. */
export const OWN_ALLOW = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
} as const;

export interface CallerWorld {
  /** What is called, in every configuration. */
  readonly apis: readonly Pick<Api, "partition" | "accountId">[];
  readonly models: readonly Pick<Model, "roles" | "users">[];
  /** Resource policies and policies of interface endpoints. */
  readonly policies: readonly CompiledPolicy[];
  /** The policies of the roles and users in the models. */
  readonly own: readonly CompiledPolicy[];
}

/**
 * Every class of callers that sign, cut by what the policies ask of callers: each role and user of the configuration,
 * everybody whom a policy tells apart, the rest of each account, and any other account. A caller's keys (ARN, account,
 * organization, tags) are one dimension: each class stands for callers that can exist.
 *
 * @throws StateBudgetExceeded
 */
export function callersOf(world: CallerWorld, budget: Budget): readonly CallerSubject[] {
  const tests = callerTests(world.policies, world.own);
  const known = [...new Set(world.models.flatMap(({ roles, users }) => [...roles, ...users]).map(({ arn }) => arn))];
  const accounts = new Set([
    ...world.apis.map(({ accountId }) => accountId),
    ...tests.accounts,
    ...known.map((arn) => arn.split(":")[4] ?? ""),
  ]);
  const partition = world.apis[0]?.partition ?? "aws";
  const circles = [
    ...[...accounts].map((account) => ({ account, other: false, words: "" })),
    ...otherAccounts(partition, accounts, tests),
  ];
  const organizations = organizationTraits(tests);
  const tooMany = (count: number): void => {
    if (count <= budget.callers) return;
    throw new StateBudgetExceeded(`the policies tell more than ${budget.callers} classes of callers apart`);
  };
  const tags = tagTraits(tests, tooMany);
  const subjects: CallerSubject[] = [];
  for (const { account, other, words } of circles) {
    for (const person of personsOf(partition, account, tests, known)) {
      const free = person.grants === "known" ? [{ traits: [], asked: {} }] : tags;
      const credentials = credentialTraits(tests, person.asked);
      tooMany(subjects.length + organizations.length * free.length * credentials.length);
      for (const organization of organizations) {
        for (const own of free.flatMap((tag) => credentials.map((one) => [organization, tag, one]))) {
          for (const grants of grantsOf(person)) {
            subjects.push(subjectOf({ account, other, words }, person, grants, own));
            tooMany(subjects.length);
          }
        }
      }
    }
  }
  return subjects;
}

function grantsOf(person: Person): readonly CallerSubject["grants"][] {
  if (person.grants === "known") return ["known"];
  return person.root ? ["allowed"] : ["allowed", "silent"];
}

interface Traits {
  readonly traits: readonly Trait[];
  readonly asked: Partial<RequestCaller>;
}

function subjectOf(
  circle: { readonly account: string; readonly other: boolean; readonly words: string },
  person: Person,
  grants: CallerSubject["grants"],
  own: readonly Traits[],
): CallerSubject {
  const policies = grants === "known" || person.root ? {} : { policies: grants === "allowed" ? [OWN_ALLOW] : [] };
  return {
    kind: "caller",
    account: circle.account,
    otherAccount: circle.other,
    ...(person.arn === undefined || circle.other ? {} : { person: person.arn }),
    ...(person.like !== undefined
      ? { personLike: person.like }
      : circle.other && person.root
        ? { personLike: "root user" }
        : {}),
    grants,
    traits: [
      ...(circle.words === "" ? [] : [{ of: "account", words: circle.words }]),
      ...own.flatMap(({ traits }) => traits),
    ],
    asked: Object.assign({}, person.asked, policies, ...own.map(({ asked }) => asked)) as RequestCaller,
  };
}

/** Accounts that nothing names, told apart by the patterns of account ids, and by those of ARNs. */
function otherAccounts(awsPartition: string, taken: ReadonlySet<string>, tests: CallerTests) {
  const { accountPatterns } = tests;
  const arnPatterns = tests.arnPatterns.filter(({ pattern: { tokens } }) => !namesAccount(tokens[0]));
  const ids = accountPatterns.map(({ pattern, lower }) => globMachine(pattern.tokens, { lower }));
  const arns = arnPatterns.map(({ pattern, lower }) =>
    globMachine(pattern.tokens, { lower, prefix: `arn:${awsPartition}:iam::` }),
  );
  if (ids.length + arns.length === 0) return [{ account: freshId(taken), other: true, words: "" }];
  // How a pattern can go on behind the id is what matters, not whether it ends there.
  const left = (states: readonly State[]): readonly State[] => arns.map((one, at) => one.step(states[at] ?? DEAD, ":"));
  const digits = languageMachine([{ kind: "characters", count: 12 }], (character) => /\d/.test(character));
  const cells = cut(digits, [wordsMachine(taken), ...ids, ...arns.map((one) => ({ ...one, accepts: () => false }))], {
    budget: 20_000 + 12 * taken.size,
    fresh: "9876543210",
    also: (states) => left(states.slice(1 + ids.length)).join(),
  });
  if (cells === undefined) throw new StateBudgetExceeded("the patterns of account ids overlap in too many ways");
  const free = cells.filter(({ accepted: [isTaken] }) => isTaken !== true);
  const behind = (id: string) => left(arns.map((one) => run(one, id)));
  const usual = behind(free[0]?.witness ?? "");
  const told = new Set<string>();
  return free.map(({ witness, accepted: [, ...accepted] }) => {
    const own = behind(witness);
    const like = [
      ...accountPatterns.filter((_, index) => accepted[index] === true).map(({ pattern }) => pattern.source),
      ...arnPatterns.filter((_, index) => own[index] !== usual[index]).map(accountPart),
    ];
    const words = like.length === 0 ? "" : `with an id like ${[...new Set(like)].join(" and ")}`;
    const again = told.has(words) ? ` (such as ${witness})` : "";
    told.add(words);
    return { account: witness, other: true, words: words + again };
  });
}

function freshId(taken: ReadonlySet<string>): string {
  let id = 999_999_999_999;
  while (taken.has(String(id))) id--;
  return String(id);
}

/** Whether a pattern of ARNs begins with one account, so that it matches in no other. */
function namesAccount(first: PatternToken | undefined): boolean {
  return first?.kind === "text" && /^[^:]*:[^:]*:[^:]*:[^:]*:\d{12}:/.test(first.value);
}

function organizationTraits({ organizationPatterns }: CallerTests): readonly Traits[] {
  if (organizationPatterns === undefined) return [{ traits: [], asked: {} }];
  const parts = [{ kind: "text", value: "o-" } as const, { kind: "anything" } as const];
  return valueClasses(organizationPatterns, parts, "aws:PrincipalOrgID", { allowed: isIdCharacter }).map(
    ({ value, like }) => ({
      traits: [{ of: "organization", words: organizationWords(value, like) }],
      asked: value === undefined ? {} : { organizationId: value },
    }),
  );
}

function organizationWords(value: string | undefined, like: readonly string[]): string {
  if (value === undefined) return "in no organization";
  if (like.length === 0) return "in any other organization";
  return `in organization ${like.includes(value) ? value : `like ${like.join(" and ")}`}`;
}

/** Every combination of the tags that policies ask for. */
function tagTraits({ tagPatterns }: CallerTests, tooMany: (count: number) => void): readonly Traits[] {
  let combinations: Traits[] = [{ traits: [], asked: {} }];
  for (const [key, patterns] of tagPatterns) {
    const classes = valueClasses(patterns, [{ kind: "anything" }], `the tag ${key}`);
    tooMany(combinations.length * classes.length);
    combinations = combinations.flatMap(({ traits, asked }) =>
      classes.map(({ value, like }) => ({
        traits: [...traits, { of: `tag ${key}`, words: tagWords(key, value, like) }],
        asked: value === undefined ? asked : { ...asked, tags: { ...asked.tags, [key]: value } },
      })),
    );
  }
  return combinations;
}

function tagWords(key: string, value: string | undefined, like: readonly string[]): string {
  if (value === undefined) return `without the tag ${key}`;
  if (value === "" && like.includes("")) return `with an empty tag ${key}`;
  if (like.length === 0) return `with another tag ${key}`;
  return `with the tag ${key} ${like.includes(value) ? value : `like ${like.join(" and ")}`}`;
}
