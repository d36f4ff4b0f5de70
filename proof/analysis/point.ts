import type { RequestFile } from "../decision/request-file";
import type { Decision } from "../decision/types";
import { statusOf } from "../gateway/gateway-responses";
import type { AskedRoute } from "./behind";
import { passesOf } from "./behind";
import type { Circumstance } from "./circumstances";
import { doubtAbout, fingerprintOf } from "./doubt";
import type { PathCell } from "./paths";
import type { Position } from "./positions";
import type { LiveRule } from "./rules";
import type { Scene } from "./scene";
import type { Standing } from "./standing";
import type { Subject } from "./subject";
import type { Verdict } from "./verdict";
import type { View } from "./view";
import { decideOn } from "./view";

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
  let witness: RequestFile | undefined;
  let verdicts: readonly Verdict[] | undefined;
  const point: Point = {
    cell,
    subject,
    position,
    circumstance,
    get witness() {
      if (witness === undefined) {
        const asked = scenes.map(({ view, route }) => ({ route, api: view.prepared?.api, stage: view.stage }));
        const stage = asked[0]?.stage ?? "";
        witness = witnessOf(apiName(scenes), stage, cell, subject, position, circumstance, asked);
      }
      return witness;
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
  const doubt = doubtAbout(decision, live, view, (read) => decideOn(read, witness, subject));
  if (doubt !== undefined) {
    return { outcome: "undecided", status: null, doubt, fingerprint: fingerprintOf(live), decision };
  }
  return { outcome, status: denial === undefined ? 200 : statusOf(denial, view.responses), decision };
}
