/** Who may assume a role, and could not before, or no longer. */
import type { RequestAssumer } from "../decision/request-file";
import { sourceIpOf } from "../decision/wire-request";
import { principalGrant } from "../iam";
import type { CompiledPolicy, PrincipalEntry } from "../iam";
import { decideAssumption } from "../local/assumption";
import type { AssumedCaller, Assumption } from "../local/assumption";
import { assumeAction } from "../local/sts-trust";
import type { Role, Source } from "../model/types";
import type { Budget } from "./budget";
import { StateBudgetExceeded } from "./budget";
import { callersOf } from "./callers";
import type { DiffKind } from "./change";
import { externalIdsOf, joinedExternalIds } from "./external-ids";
import { conditionsText, isAbout, rulesOf } from "./rules";
import type { CallerSubject } from "./subject";
import { ANALYSIS_TIME } from "./view";
import type { Side } from "./view";
import { namedCallers } from "./who";

/** A class of those who assume a role. */
export interface Assumers {
  readonly kind: DiffKind;
  readonly who: string;
  readonly reason: string;
  /** One of them, as a request file names who assumed its role; absent where none is known that proves it. */
  readonly assumedBy?: RequestAssumer;
  /** Where it is not the trust policy that changed. */
  readonly because?: Source;
}

/**
 * Keys of a trust policy that an assumer is cut by; anything else leaves the answer open. Of these the call to STS says all
 * (`untoldOfAssuming`).
 */
const KEYS = new Set(["aws:principalarn", "aws:principalaccount", "aws:principalorgid", "sts:externalid"]);
const ANYBODY = "whoever may assume it";

type Two<T> = readonly [T, T];

/** The role as both configurations have it, in their order. */
export function changedAssumers(sides: Two<Side>, roles: Two<Role>, budget: Budget): readonly Assumers[] {
  if (roles.some(({ trustPolicy }) => trustPolicy.unresolved !== undefined)) {
    return [{ kind: "undecided", who: ANYBODY, reason: "The trust policy is not known on both sides." }];
  }
  const [base, head] = sides;
  const policies = [
    base.engine.policies.get(roles[0].trustPolicy, "trust"),
    head.engine.policies.get(roles[1].trustPolicy, "trust"),
  ] as const;
  return [...federated(sides, roles[1].arn, policies), ...accounts(sides, roles[1], policies, budget)];
}

/** Whether each configuration lets the caller of a request assume its role, as `explain` decides it. */
export function assumes(side: Side, caller: AssumedCaller): boolean {
  return assumption(side, caller).refusal === undefined;
}

/** What STS of a configuration answers to the caller of a request who assumes its role. */
export function assumption({ model }: Side, caller: AssumedCaller): Assumption {
  const call = { now: ANALYSIS_TIME, sourceIp: sourceIpOf({ method: "", path: "" }) };
  return decideAssumption(caller, { model, listed: [] }, "the witness", call);
}

/** Services and identity providers: newly trusted, trusted no more, or under other conditions. */
function federated(sides: Two<Side>, arn: string, policies: Two<CompiledPolicy>): readonly Assumers[] {
  const entries = policies.flatMap(({ statements }) => statements.flatMap(({ principal }) => principal?.entries ?? []));
  const named = new Map(entries.filter(isFederated).map((entry) => [nameOf(entry), entry]));
  return [...named].flatMap(([who, entry]): Assumers[] => {
    const [was, is] = [admission(policies[0], entry), admission(policies[1], entry)];
    if (was === is) return [];
    if (was !== undefined && is !== undefined) {
      const reason = `The conditions under which the trust policy admits the ${who} changed; ${UNTOLD}.`;
      return [{ kind: "undecided", who, reason }];
    }
    const gained = is !== undefined;
    const told = `The trust policy ${gained ? `now admits the ${who}` : `admits the ${who} no more`}`;
    const assumedBy = entry.kind === "service" ? { service: entry.service } : { federated: entry.provider };
    const answers = sides.map((side) => assumes(side, { arn, assumedBy }));
    const proven = answers[0] === !gained && answers[1] === gained;
    return [
      {
        kind: gained ? "gained" : "lost",
        who,
        reason: proven ? `${told}.` : `${told}, under conditions; ${UNTOLD}.`,
        ...(proven ? { assumedBy } : {}),
      },
    ];
  });
}

const UNTOLD = "nothing here says for whom they hold";

type FederatedEntry = Extract<PrincipalEntry, { kind: "service" | "federated" }>;

function isFederated(entry: PrincipalEntry): entry is FederatedEntry {
  return entry.kind === "service" || entry.kind === "federated";
}

function nameOf(entry: FederatedEntry): string {
  return entry.kind === "service" ? `service ${entry.service}` : `identities of ${entry.provider}`;
}

/** What the statements about a service or an identity provider ask of it; undefined where it is not admitted at all. */
function admission({ statements }: CompiledPolicy, who: FederatedEntry): string | undefined {
  const about = statements.filter(
    (one) => isAbout(one, assumeAction(who)) && one.principal && principalGrant(one.principal, one.effect, who),
  );
  const refused = about.some(({ effect, conditions }) => effect === "Deny" && conditions.length === 0);
  if (refused || !about.some(({ effect }) => effect === "Allow")) return undefined;
  return [...new Set(about.map(({ effect, conditions }) => `${effect} ${conditionsText(conditions)}`))]
    .sort()
    .join("\n");
}

function accounts(sides: Two<Side>, role: Role, policies: Two<CompiledPolicy>, budget: Budget): readonly Assumers[] {
  const forAccounts = policies.map((policy) =>
    rulesOf(policy).filter(
      ({ statement }) =>
        isAbout(statement, "sts:AssumeRole") && statement.principal?.entries.some((entry) => !isFederated(entry)),
    ),
  );
  const conditions = forAccounts.flat().flatMap(({ statement }) => statement.conditions);
  const other = conditions.find(({ lowerKey }) => !KEYS.has(lowerKey) && !lowerKey.startsWith("aws:principaltag/"));
  const [before, after] = forAccounts.map((rules) =>
    rules
      .map(({ statement }) =>
        JSON.stringify([statement.effect, statement.principal?.written, conditionsText(statement.conditions)]),
      )
      .sort()
      .join(),
  );
  if (before === after) return [];
  if (other !== undefined) {
    const reason = `The trust policy changed, and has a condition on ${other.key}, of which nothing here says what it holds.`;
    return [{ kind: "undecided", who: ANYBODY, reason }];
  }
  try {
    const api = { partition: role.arn.split(":")[1] ?? "aws", accountId: role.accountId };
    const models = sides.map(({ model }) => model);
    const subjects = callersOf({ apis: [api], models, policies, own: [] }, budget);
    const found = externalIdsOf(conditions).map((one) => ({
      ...one,
      changed: changedAmong(sides, role.arn, subjects, one.externalId),
    }));
    return joinedExternalIds(found).flatMap(({ words, changed }) =>
      changed.map(({ kind, who, assumedBy, undecided }): Assumers => {
        if (undecided !== undefined) return { kind, who: `${who}${words}`, reason: `${undecided}.` };
        const may = kind === "gained" ? "now lets" : "no longer lets";
        const reason = `The trust policy of ${role.arn} ${may} ${who}${words} assume it.`;
        return { kind, who: `${who}${words}`, reason, assumedBy };
      }),
    );
  } catch (error) {
    if (!(error instanceof StateBudgetExceeded)) throw error;
    return [{ kind: "undecided", who: ANYBODY, reason: error.message }];
  }
}

interface Changed {
  readonly kind: "gained" | "lost" | "undecided";
  readonly who: string;
  readonly assumedBy: RequestAssumer;
  /** Why it cannot be told. */
  readonly undecided?: string | undefined;
}

/** Callers who assume the role on one side alone, or may do so, those named together who are answered alike. */
function changedAmong(
  sides: Two<Side>,
  arn: string,
  subjects: readonly CallerSubject[],
  externalId: string | undefined,
): readonly Changed[] {
  const answered = subjects.map((subject) => {
    const caller = { arn, assumedBy: assumerOf(subject, externalId) };
    const [was, is] = [assumption(sides[0], caller), assumption(sides[1], caller)];
    const undecided = is.undecided ?? was.undecided;
    const kind = undecided === undefined ? kindOf(was, is) : ("undecided" as const);
    return { subject, profile: `${kind ?? "same"} ${undecided ?? ""}`, of: { subject, kind, undecided } };
  });
  return namedCallers(answered).flatMap(({ who, of: { subject, kind, undecided } }): Changed[] =>
    kind === undefined ? [] : [{ kind, who, assumedBy: assumerOf(subject, externalId), undecided }],
  );
}

function kindOf({ refusal: was }: Assumption, { refusal: is }: Assumption): "gained" | "lost" | undefined {
  if ((was === undefined) === (is === undefined)) return undefined;
  return is === undefined ? "gained" : "lost";
}

/** An assumer whose own policies let it assume any role, where they are not known. */
const OWN_ASSUME = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }] };

function assumerOf({ asked, grants }: CallerSubject, externalId: string | undefined): RequestAssumer {
  const { issuedAt: _issued, mfaAgeSeconds: _mfa, userId: _id, assumedBy: _by, ...said } = asked;
  return {
    ...said,
    ...(grants === "allowed" && said.policies !== undefined ? { policies: [OWN_ASSUME] } : {}),
    ...(externalId === undefined ? {} : { externalId }),
  };
}
