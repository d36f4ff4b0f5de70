import type { RequestFile } from "../decision/request-file";
import type { Decision } from "../decision/types";
import { statusOf } from "../gateway/gateway-responses";
import { conditionHolds } from "../iam";
import type { AccessRequest } from "../iam/types";
import type { AskedRoute } from "./behind";
import { passesOf } from "./behind";
import type { Circumstance } from "./circumstances";
import type { PathCell } from "./paths";
import type { Position } from "./positions";
import type { LiveRule } from "./rules";
import { conditionsText } from "./rules";
import type { Scene } from "./scene";
import type { Standing } from "./standing";
import type { Subject } from "./subject";
import type { View } from "./view";
import { decideOn } from "./view";

export type Outcome = "allow" | "deny" | "undecided";

/** What one configuration answers to all requests of one class. */
export interface Verdict {
  readonly outcome: Outcome;
  /** 200 where the request reaches its integration, null where it is undecided. */
  readonly status: number | null;
  /** Why it is undecided. */
  readonly doubt?: string;
  /** Equal for equal conditions that are open, where it is undecided. */
  readonly fingerprint?: string;
  /** Absent where the configuration has no such API. */
  readonly decision?: Decision | undefined;
}

/** A class of requests: callers, positions and circumstances that nothing tells apart at one path. */
export interface Point {
  readonly cell: PathCell;
  readonly subject: Subject;
  readonly position: Position;
  readonly circumstance: Circumstance;
  /** One request of the class, as a request file. */
  readonly witness: RequestFile;
  /** One for each configuration, in their order. */
  readonly verdicts: readonly Verdict[];
}

/** Where and in what circumstances a request is sent. */
export type Place = Pick<Point, "position" | "circumstance">;

/** @param decide what each configuration answers to the witness; asked when it is looked at */
export function pointAt(
  scenes: readonly Scene[],
  cell: PathCell,
  subject: Subject,
  { position, circumstance }: Place,
  decide: (witness: RequestFile) => readonly Verdict[],
): Point {
  const asked = scenes.map(({ view, route }) => ({ route, api: view.prepared?.api, stage: view.stage }));
  let witness: RequestFile | undefined;
  let verdicts: readonly Verdict[] | undefined;
  const point: Point = {
    cell,
    subject,
    position,
    circumstance,
    get witness() {
      return (witness ??= witnessOf(
        apiName(scenes),
        scenes[0]?.view.stage ?? "",
        cell,
        subject,
        position,
        circumstance,
        asked,
      ));
    },
    get verdicts() {
      return (verdicts ??= decide(point.witness));
    },
  };
  return point;
}

/** What every configuration knows the API by: its name, or where they name it otherwise, its address. */
function apiName(scenes: readonly Scene[]): string {
  const served = scenes.flatMap(({ view: { side, prepared } }) => (prepared ? [{ side, api: prepared.api }] : []));
  const [first] = served;
  const known = served.every(
    ({ side, api }) =>
      api.name === first?.api.name && side.model.apis.filter(({ name }) => name === api.name).length === 1,
  );
  return (known ? first?.api.name : first?.api.address) ?? "";
}

/** @param asked the route that serves the request in each configuration */
export function witnessOf(
  api: string,
  stage: string,
  cell: PathCell,
  subject: Subject,
  position: Position,
  circumstance: Circumstance,
  asked: readonly AskedRoute[] = [],
): RequestFile {
  const sent = subject.kind === "authorizer" ? subject : undefined;
  const headers = { ...circumstance.headers, ...sent?.headers };
  const known = sent?.names ?? [];
  const authorizers = asked.flatMap(({ route }) => (route?.auth.type === "CUSTOM" ? [route.auth.authorizer.name] : []));
  const passes = passesOf(asked);
  return {
    api,
    stage,
    method: cell.verb,
    path: cell.path,
    ...(sent === undefined || Object.keys(sent.query).length === 0 ? {} : { query: sent.query }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    sourceIp: position.sourceIp,
    ...(position.kind === "endpoint" ? { vpc: position.vpcPosition } : {}),
    caller: subject.kind === "caller" ? subject.asked : null,
    ...(subject.kind === "token" ? { claims: subject.claims } : {}),
    ...(sent === undefined ? {} : { authorizerResult: sent.result }),
    ...(authorizers.every((name) => known.includes(name)) ? {} : { authorizers: known }),
    ...(passes.length === 0 ? {} : { passes }),
    ...(circumstance.time === undefined ? {} : { time: circumstance.time }),
  };
}

/**
 * What each configuration answers to a witness.
 *
 * @param how `anew` decides this very witness; else a decision on which the same statements were in play stands for it
 */
export function verdictsAt(
  scenes: readonly Scene[],
  standings: readonly Standing[],
  witness: RequestFile,
  subject: Subject,
  how: "anew" | "once for all paths",
): readonly Verdict[] {
  return scenes.map(({ view }, index) => {
    const { live = [], everywhere } = standings[index] ?? {};
    if (how === "anew" || everywhere === undefined) return verdictOn(view, live, witness, subject);
    const { sourceIp, vpc, headers, time } = witness;
    const key = JSON.stringify([everywhere, sourceIp, vpc, headers, time]);
    const before = view.decided.get(key);
    if (before !== undefined) return verdictAsBefore(view, before, witness, subject);
    const verdict = verdictOn(view, live, witness, subject);
    if (verdict.outcome !== "undecided") view.decided.set(key, verdict);
    return verdict;
  });
}

/** The same answers for a witness at another path; it is decided itself as soon as its decision is looked at. */
export function verdictsAsBefore(
  scenes: readonly Scene[],
  before: readonly Verdict[],
  witness: RequestFile,
  subject: Subject,
): readonly Verdict[] {
  return scenes.flatMap(({ view }, index) => {
    const verdict = before[index];
    return verdict === undefined ? [] : [verdictAsBefore(view, verdict, witness, subject)];
  });
}

function verdictAsBefore(view: View, before: Verdict, witness: RequestFile, subject: Subject): Verdict {
  const { outcome, status, doubt, fingerprint } = before;
  let decision: Decision | undefined;
  return {
    outcome,
    status,
    ...(doubt === undefined ? {} : { doubt }),
    ...(fingerprint === undefined ? {} : { fingerprint }),
    get decision() {
      return (decision ??= decideOn(view, witness, subject));
    },
  };
}

/** Decides a class on one side by its witness. @param live the statements in play on that side */
function verdictOn(view: View, live: readonly LiveRule[], witness: RequestFile, subject: Subject): Verdict {
  const decision = decideOn(view, witness, subject);
  if (decision === undefined) return { outcome: "deny", status: 403 };
  const { outcome, denial } = decision;
  if (denial?.responseType === "API_CONFIGURATION_ERROR") {
    const unread = decision.trace.find(({ result }) => result === "unresolved");
    if (unread !== undefined) {
      const doubtful = live.some(({ doubt }) => doubt !== undefined);
      return {
        outcome: "undecided",
        status: null,
        doubt: unread.because,
        fingerprint: doubtful ? fingerprintOf(live) : unread.because,
        decision,
      };
    }
  }
  const doubt = live.length === 0 ? undefined : doubtAbout(decision, live, witness);
  if (doubt !== undefined) {
    return { outcome: "undecided", status: null, doubt, fingerprint: fingerprintOf(live), decision };
  }
  return { outcome, status: denial === undefined ? 200 : statusOf(denial, view.responses), decision };
}

/**
 * Why the decision does not stand for all of the class: a statement of which it cannot be told whether it applies, and
 * that would turn it. More Allows never deny and more Denies never allow, so the others do not matter.
 */
function doubtAbout(decision: Decision, live: readonly LiveRule[], witness: RequestFile): string | undefined {
  if (!live.some(({ doubt }) => doubt !== undefined)) return undefined;
  const request = atWitness(witness);
  const here = live.filter(({ open, rule }) =>
    open.every((condition) => conditionHolds(condition, rule.statement.effect, request)),
  );
  const doubtful = here.filter(({ doubt }) => doubt !== undefined);
  const effectOf = ({ rule }: LiveRule) => rule.statement.effect;
  const certain = here.filter(({ doubt }) => doubt === undefined);
  const turning =
    decision.outcome === "allow"
      ? doubtful.filter(
          (one) =>
            effectOf(one) === "Deny" ||
            !certain.some((other) => effectOf(other) === "Allow" && other.rule.policy.kind === one.rule.policy.kind),
        )
      : certain.some((one) => effectOf(one) === "Deny") || decision.denial?.errorType !== "AccessDeniedException"
        ? []
        : doubtful;
  const [first] = turning;
  if (first === undefined) return undefined;
  const { sid, index } = first.rule.statement.ref;
  return `It cannot be told whether statement ${sid ?? index} of ${first.rule.policy.source.address} applies: ${first.doubt}.`;
}

/** What the statements in play demand, without where it is written. */
function fingerprintOf(live: readonly LiveRule[]): string {
  return live
    .map(({ rule, grant }) => {
      const { effect, conditions, resource } = rule.statement;
      const where = rule.variableResource ? resource?.patterns.map(({ source }) => source).sort() : [];
      return JSON.stringify([rule.policy.kind, effect, grant, conditionsText(conditions), where]);
    })
    .sort()
    .join("\n");
}

/** The keys that open conditions look at, as the witness has them. */
function atWitness({ sourceIp, vpc, headers, time }: RequestFile): AccessRequest {
  const context = new Map<string, readonly string[]>();
  const set = (key: string, value: string | undefined): void => {
    if (value !== undefined) context.set(key, [value]);
  };
  set("aws:sourceip", sourceIp);
  set("aws:sourcevpc", vpc?.id);
  set("aws:sourcevpce", vpc?.endpoint);
  set("aws:vpcsourceip", vpc?.sourceIp);
  set("aws:referer", headers?.["Referer"]?.[0]);
  set("aws:useragent", headers?.["User-Agent"]?.[0]);
  set("aws:currenttime", time);
  set("aws:epochtime", time === undefined ? undefined : String(Math.floor(Date.parse(time) / 1000)));
  return { principal: { kind: "anonymous" }, action: "", resource: "", context };
}
