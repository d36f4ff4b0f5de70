import { resolveCaller } from "../local/named-caller";
import type { CompiledPolicy } from "../iam";
import { mayAssume } from "../local/sts-trust";
import type { RequestFile } from "../decision/request-file";
import type { Model, Role, Source } from "../model/types";
import type { Budget } from "./budget";
import { StateBudgetExceeded } from "./budget";
import { callersOf } from "./callers";
import type { CallerClass } from "./cell-classes";
import type { DiffKind, FoundChange } from "./change";
import { analyze } from "./matrix";
import type { AnalyzedRoute } from "./matrix";
import { networksOf } from "./networks";
import { conditionsText, rulesOf } from "./rules";
import type { CallerSubject } from "./subject";
import { textPatterns, valueClasses } from "./values";
import { ANALYSIS_TIME } from "./view";
import type { Side } from "./view";
import { namedCallers } from "./who";

/** Keys of a trust policy that an assumer is cut by; anything else leaves the answer open. */
const KEYS = new Set(["aws:principalarn", "aws:principalaccount", "aws:principalorgid", "sts:externalid"]);

/**
 * What changed trust policies do to who reaches the routes of a role: whoever may assume it now, and could not before,
 * gained them.
 */
export function trustChanges([base, head]: readonly [Side, Side], budget: Budget): readonly FoundChange[] {
  const changed = head.model.roles.flatMap((role) => {
    const before = base.model.roles.find(({ arn }) => arn === role.arn);
    const same = before !== undefined && textOf(before) === textOf(role);
    return before === undefined || same ? [] : [{ before, after: role }];
  });
  const reaches = {
    gained: reach(head.model, changed.length > 0, budget),
    lost: reach(base.model, changed.length > 0, budget),
  };
  return changed.flatMap(({ before, after }) =>
    assumersOf(base, head, before, after, budget).flatMap(({ kind, who, reason }) => {
      const routes = reaches[kind === "lost" ? "lost" : "gained"](after.arn);
      return routes.map(({ route, words, network, witness }): FoundChange => {
        const [open, shut] = [{ outcome: "allow", status: 200 } as const, { outcome: "deny", status: 403 } as const];
        const unknown = { outcome: "undecided", status: null } as const;
        const { api, stage, method, path, paths } = route;
        const sides = {
          gained: [shut, open],
          lost: [open, shut],
          changed: [open, open],
          undecided: [unknown, unknown],
        };
        const [was = unknown, is = unknown] = sides[kind];
        const role = kind === "lost" ? before : after;
        return {
          kind,
          api,
          stage,
          method,
          path,
          ...(paths === undefined ? {} : { paths }),
          host: hostOf(head.model, api),
          who: [`${who} as ${after.arn}`, ...words].join(" "),
          network,
          before: was,
          after: is,
          witness,
          because: kind === "changed" ? withField(role.source, "max_session_duration") : role.trustPolicy.source,
          reason,
        };
      });
    }),
  );
}

function withField({ file, address }: Source, field: string): Source {
  return { file, address: `${address}.${field}` };
}

function textOf({ trustPolicy: { document, unresolved }, maxSessionSeconds }: Role): string {
  return `${unresolved ?? JSON.stringify(document)} ${maxSessionSeconds}`;
}

function hostOf({ apis }: Model, name: string): string {
  const api = apis.find((one) => one.name === name);
  return api === undefined ? "" : `${api.id}.execute-api.${api.region}.amazonaws.com`;
}

/** Requests by which a role reaches a route. */
interface Admission {
  readonly route: AnalyzedRoute;
  readonly words: readonly string[];
  readonly network: string;
  readonly witness: RequestFile;
}

/** Where a role of the model is admitted. Worked out only where a role changed. */
function reach(model: Model, needed: boolean, budget: Budget) {
  const routes = needed ? analyze(model, budget).routes : [];
  return (arn: string): readonly Admission[] =>
    routes.flatMap((route) => {
      const found = route.cells.flatMap(({ classes }) => classes.flatMap((one) => admissionsIn(route, one, arn)));
      // Paths and organizations that are answered alike.
      return [...new Map(found.map((one) => [[...one.words, one.network].join("\n"), one])).values()];
    });
}

/** The role may be treated as everybody else of its account, so it is looked for in the classes, not by its name. */
function admissionsIn(route: AnalyzedRoute, { subjects, points, by }: CallerClass, arn: string): readonly Admission[] {
  const subject = subjects.find((one) => one.kind === "caller" && one.grants === "known" && one.person === arn);
  if (subject === undefined) return [];
  const words = new Map(points.map(({ circumstance }) => [circumstance.words.join("\n"), circumstance.words]));
  return [...words].flatMap(([text, told]): readonly Admission[] => {
    const here = points.filter(({ circumstance }) => circumstance.words.join("\n") === text);
    const admitted = here.filter(({ verdicts: [verdict] }) => verdict?.outcome === "allow");
    const [first] = admitted;
    if (first === undefined) return [];
    const rest = here.filter((point) => !admitted.includes(point));
    const parts = [admitted, rest].filter((part) => part.length > 0);
    const [network] = networksOf(parts.map((part) => part.map(({ position }) => position)));
    const { witness, verdicts } = by(subject, first);
    if (verdicts[0]?.outcome !== "allow") throw new Error(`${arn} was decided as ${verdicts[0]?.outcome}, not allow.`);
    return [{ route, words: words.size > 1 ? told : [], network: network?.name ?? "any", witness }];
  });
}

interface Assumers {
  readonly kind: DiffKind;
  readonly who: string;
  readonly reason: string;
}

function assumersOf(base: Side, head: Side, before: Role, after: Role, budget: Budget): readonly Assumers[] {
  return [...sessionChange(before, after), ...trusted(base, head, before, after, budget)];
}

/** For how long a session stays admitted. */
function sessionChange({ maxSessionSeconds: was }: Role, { maxSessionSeconds: is }: Role): readonly Assumers[] {
  if (was === is) return [];
  return [
    { kind: "changed", who: "sessions", reason: `A session lasted for up to ${was} s and lasts for up to ${is} s.` },
  ];
}

function trusted(base: Side, head: Side, before: Role, after: Role, budget: Budget): readonly Assumers[] {
  if (before.trustPolicy.unresolved !== undefined || after.trustPolicy.unresolved !== undefined) {
    return [
      { kind: "undecided", who: "whoever may assume it", reason: "The trust policy is not known on both sides." },
    ];
  }
  const policies = [
    base.engine.policies.get(before.trustPolicy, "trust"),
    head.engine.policies.get(after.trustPolicy, "trust"),
  ] as const;
  return [...federated(policies), ...accounts(base, head, before, after, policies, budget)];
}

/** Services and identity providers: newly trusted, trusted no more, or under other conditions. */
function federated([before, after]: readonly [CompiledPolicy, CompiledPolicy]): readonly Assumers[] {
  const admits = (policy: CompiledPolicy): Map<string, string> => {
    const found = new Map<string, string[]>();
    for (const { statement } of rulesOf(policy)) {
      if (statement.effect !== "Allow") continue;
      for (const entry of statement.principal?.entries ?? []) {
        const name =
          entry.kind === "service"
            ? `service ${entry.service}`
            : entry.kind === "federated"
              ? `identities of ${entry.provider}`
              : undefined;
        if (name !== undefined) found.set(name, [...(found.get(name) ?? []), conditionsText(statement.conditions)]);
      }
    }
    return new Map([...found].map(([name, texts]) => [name, [...new Set(texts)].sort().join("\n")]));
  };
  const [was, is] = [admits(before), admits(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((who): Assumers[] => {
    if (was.get(who) === is.get(who)) return [];
    if (!was.has(who)) return [{ kind: "gained", who, reason: `The trust policy now admits the ${who}.` }];
    if (!is.has(who)) return [{ kind: "lost", who, reason: `The trust policy admits the ${who} no more.` }];
    const reason = `The conditions under which the trust policy admits the ${who} changed; nothing here says for whom they hold.`;
    return [{ kind: "undecided", who, reason }];
  });
}

function accounts(
  base: Side,
  head: Side,
  before: Role,
  after: Role,
  policies: readonly [CompiledPolicy, CompiledPolicy],
  budget: Budget,
): readonly Assumers[] {
  const forAccounts = policies.map((policy) =>
    rulesOf(policy).filter(({ statement }) =>
      statement.principal?.entries.some(({ kind }) => kind !== "service" && kind !== "federated"),
    ),
  );
  const conditions = forAccounts.flat().flatMap(({ statement }) => statement.conditions);
  const other = conditions.find(({ lowerKey }) => !KEYS.has(lowerKey) && !lowerKey.startsWith("aws:principaltag/"));
  const texts = forAccounts.map((rules) =>
    rules
      .map(({ statement }) =>
        JSON.stringify([statement.effect, statement.principal?.written, conditionsText(statement.conditions)]),
      )
      .sort()
      .join(),
  );
  if (texts[0] === texts[1]) return [];
  if (other !== undefined) {
    const reason = `The trust policy changed, and has a condition on ${other.key}, of which nothing here says what it holds.`;
    return [{ kind: "undecided", who: "whoever may assume it", reason }];
  }
  const externalIds = valueClasses(
    textPatterns(conditions.filter(({ lowerKey }) => lowerKey === "sts:externalid")),
    // STS takes two characters at least.
    [{ kind: "characters", count: 2 }, { kind: "anything" }],
    "sts:ExternalId",
  );
  let subjects: readonly CallerSubject[];
  try {
    const api = { partition: after.arn.split(":")[1] ?? "aws", accountId: after.accountId };
    subjects = callersOf({ apis: [api], models: [base.model, head.model], policies, own: [] }, budget);
  } catch (error) {
    if (!(error instanceof StateBudgetExceeded)) throw error;
    return [{ kind: "undecided", who: "whoever may assume it", reason: error.message }];
  }
  const asked = conditions.some(({ lowerKey }) => lowerKey === "sts:externalid");
  const found = externalIds.map(({ value, like }) => {
    const answered = subjects.map((subject) => {
      const [was, is] = [assumes(base, before, subject, value), assumes(head, after, subject, value)];
      return { subject, profile: was === is ? "same" : is ? "gained" : "lost", of: was === is ? undefined : is };
    });
    const all = namedCallers(answered).flatMap(({ who, of }): Assumers[] => {
      if (of === undefined) return [];
      return [{ kind: of ? "gained" : "lost", who, reason: "" }];
    });
    return { words: asked ? externalIdWords(value, like) : "", assumers: all };
  });
  // None and another are told at once where both are answered alike, as where the condition goes.
  const [none, another] = found.filter(({ words }) => words === NONE || words === ANOTHER);
  const alike = JSON.stringify(none?.assumers) === JSON.stringify(another?.assumers);
  return found
    .filter(({ words }) => !alike || words !== ANOTHER)
    .flatMap(({ words, assumers }) =>
      assumers.map(({ kind, who }) => {
        const named = `${who}${alike && words === NONE ? " without that external id" : words}`;
        const may = kind === "gained" ? "now lets" : "no longer lets";
        return { kind, who: named, reason: `The trust policy of ${after.arn} ${may} ${named} assume it.` };
      }),
    );
}

const NONE = " without an external id";
const ANOTHER = " with another external id";

function externalIdWords(value: string | undefined, like: readonly string[]): string {
  if (value === undefined) return NONE;
  return like.length === 0 ? ANOTHER : ` with the external id ${like.join(" and ")}`;
}

/** An assumer whose own policies let it assume any role, where they are not known. */
const OWN_ASSUME = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }] };

function assumes({ model }: Side, role: Role, subject: CallerSubject, externalId: string | undefined): boolean {
  const policies = subject.grants === "allowed" ? { policies: [OWN_ASSUME] } : {};
  const { caller } = resolveCaller(
    { ...subject.asked, ...policies },
    { model, listed: [] },
    "the assumer",
    ANALYSIS_TIME,
  );
  const asked = { role, sessionName: "session", now: ANALYSIS_TIME };
  return mayAssume(caller, { ...asked, ...(externalId === undefined ? {} : { externalId }) }).outcome === "allow";
}
