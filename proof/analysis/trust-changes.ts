import { isAssumed } from "../local/assumption";
import type { RequestFile } from "../decision/request-file";
import type { Role, Source } from "../model/types";
import type { Admission } from "./admissions";
import { admissionsOf, routesOf } from "./admissions";
import type { Assumers } from "./assumers";
import { assumes, changedAssumers } from "./assumers";
import { demandsOf } from "./behind";
import type { Budget } from "./budget";
import type { DiffKind, FoundChange, SideOutcome } from "./change";
import { changedPassages } from "./own-policies";
import { chainsFrom } from "./role-chains";
import type { RoleChain } from "./role-chains";
import { changedTaggers, readsTags } from "./session-tags";
import { decideOn, viewOf } from "./view";
import type { Side } from "./view";

/**
 * What changed trust policies, and policies by which roles assume one another, do to who reaches the routes of a role:
 * whoever may assume it now, and could not before, gained them.
 */
export function trustChanges(sides: readonly [Side, Side], budget: Budget): readonly FoundChange[] {
  const [base, head] = sides;
  const routes = { base: routesOf(base, budget), head: routesOf(head, budget) };
  return head.model.roles.flatMap((after) => {
    const before = base.model.roles.find(({ arn }) => arn === after.arn);
    if (before === undefined) return [];
    const pair = [before, after] as const;
    const same = trustText(before) === trustText(after);
    // With a tag a session may reach what the role does not.
    const tagged = (same ? [] : changedTaggers(sides, pair)).flatMap((assumers) =>
      routes
        .head()
        .filter(({ api, auth }) => auth === "AWS_IAM" && (readsTags(base, api, before) || readsTags(head, api, after)))
        .map((route) => changeOf(head, assumers, after, { route, words: [], network: "any" }, null)),
    );
    const found = same
      ? [...sessionChange(before, after), ...changedPassages(sides, pair)]
      : [...sessionChange(before, after), ...changedAssumers(sides, pair, budget)];
    if (found.length === 0) return tagged;
    const chains = { base: chainsFrom(base, before), head: chainsFrom(head, after) };
    const admitted = found.flatMap((assumers) => {
      const when = assumers.kind === "lost" ? "base" : "head";
      const [side, role] = when === "base" ? [base, before] : [head, after];
      const reached = (arn: string) => admissionsOf(routes[when](), arn);
      const direct = reached(after.arn).flatMap((admission) => {
        const witness = witnessOf(sides, assumers, admission);
        return witness === undefined ? [] : [changeOf(side, assumers, role, admission, witness)];
      });
      if (assumers.kind === "changed") return direct;
      const chained = chains[when].flatMap((chain) =>
        // A request file names one assumer, and the last of a chain is the same on both sides.
        reached(chain.end.arn).map((admission) =>
          changeOf(side, passedOn(assumers, chain), role, admission, null, chain.arns),
        ),
      );
      return [...direct, ...chained];
    });
    return [...admitted, ...tagged];
  });
}

function trustText({ trustPolicy: { document, unresolved } }: Role): string {
  return unresolved ?? JSON.stringify(document);
}

/** What changed of the first role of a chain, told of its last. */
function passedOn({ kind, who, reason, ...more }: Assumers, { arns, certain }: RoleChain): Assumers {
  const may = certain ? "may assume" : "may assume, under conditions of which it is not known whether they hold,";
  const passes = arns.slice(1).map((arn, index) => `${arns[index]} ${may} ${arn}.`);
  return {
    kind: kind === "gained" && !certain ? "undecided" : kind,
    who,
    reason: [reason, ...passes].join(" "),
    ...more,
  };
}

/** For how long a session stays admitted. */
function sessionChange({ maxSessionSeconds: was }: Role, { maxSessionSeconds: is }: Role): readonly Assumers[] {
  if (was === is) return [];
  const reason = `A session lasted for up to ${was} s and lasts for up to ${is} s.`;
  return [{ kind: "changed", who: "sessions", reason }];
}

/**
 * The request of the role, with who assumed it where that is what changed: decided on both sides as `explain` does.
 *
 * @returns null where nobody is known who proves it; undefined where both sides were to admit it, and one does not
 */
function witnessOf(
  sides: readonly [Side, Side],
  { kind, assumedBy }: Assumers,
  { route, subject, witnesses }: Admission,
): RequestFile | null | undefined {
  if (kind === "changed") {
    const [base] = sides;
    const view = viewOf(
      base,
      base.model.apis.find(({ name }) => name === route.api),
      route.stage,
    );
    return [...witnesses].find((witness) => decideOn(view, witness, subject)?.outcome === "allow");
  }
  const [witness] = witnesses;
  if (witness === undefined || kind === "undecided") return witness;
  const caller = witness.caller && { ...witness.caller, assumedBy };
  if (!isAssumed(caller)) return null;
  const answers = sides.map((side) => assumes(side, caller)).join();
  if (answers !== (kind === "gained" ? "false,true" : "true,false")) {
    throw new Error(`${JSON.stringify(caller)} was decided as ${answers}, not ${kind}.`);
  }
  return { ...witness, caller };
}

const SHUT = { outcome: "deny", status: 403 } as const;
const OPEN = { outcome: "allow", status: 200 } as const;
const UNKNOWN = { outcome: "undecided", status: null } as const;
const SIDES: Readonly<Record<DiffKind, { readonly before: SideOutcome; readonly after: SideOutcome }>> = {
  gained: { before: SHUT, after: OPEN },
  lost: { before: OPEN, after: SHUT },
  changed: { before: OPEN, after: OPEN },
  undecided: { before: UNKNOWN, after: UNKNOWN },
};

function changeOf(
  { model }: Side,
  { kind, who, reason, because }: Assumers,
  role: Role,
  { route, words, network }: Pick<Admission, "route" | "words" | "network">,
  witness: RequestFile | null,
  arns: readonly string[] = [role.arn],
): FoundChange {
  const { api: name, stage, method, path, paths, cells } = route;
  const api = model.apis.find((one) => one.name === name);
  return {
    kind,
    api: name,
    stage,
    method,
    path,
    ...(paths === undefined ? {} : { paths }),
    host: api === undefined ? "" : `${api.id}.execute-api.${api.region}.amazonaws.com`,
    demands: demandsOf(cells.flatMap(({ routes }) => routes.map((one) => ({ route: one, api })))),
    who: [[who, ...arns].join(" as "), ...words].join(" "),
    network,
    ...SIDES[kind],
    witness,
    because: kind === "changed" ? withField(role.source, "max_session_duration") : (because ?? role.trustPolicy.source),
    reason,
  };
}

function withField({ file, address }: Source, field: string): Source {
  return { file, address: `${address}.${field}` };
}
