import { executionArn } from "../decision/arn";
import { contextKeys, principalContext } from "../iam";
import type { Condition } from "../iam";
import type { AccessRequest } from "../iam/types";
import type { Route, VpcEndpoint } from "../model/types";
import { StateBudgetExceeded } from "./budget";
import type { Budget } from "./budget";
import type { Circumstance } from "./circumstances";
import { circumstancesOf } from "./circumstances";
import type { Served, UnreadableIdentity } from "./credentials";
import { authorizerOutcomes, tokensOf } from "./credentials";
import { dimensionOf } from "./keys";
import type { PathCell } from "./paths";
import type { Point } from "./point";
import { verdictAsBefore, verdictOn, witnessOf } from "./point";
import type { Position } from "./positions";
import { addressClasses, endpointPositions, OUTSIDE } from "./positions";
import type { LiveRule, Rule } from "./rules";
import { coversResource, liveRule, rulesOf } from "./rules";
import type { CallerSubject, Subject } from "./subject";
import { ANONYMOUS } from "./subject";
import type { View } from "./view";
import { callerIn, ownPolicies } from "./view";

/** Callers that every policy in play treats alike at one path, with all classes of their requests. */
export interface CallerClass {
  readonly subjects: readonly Subject[];
  /** Decided for the first of the callers. */
  readonly points: readonly Point[];
  /** The conditions on positions, times and headers that cut the points: requests alike to them are of one point. */
  readonly cutBy: readonly Condition[];
  /** The same class of requests by another of the callers, decided anew. */
  by(subject: Subject, point: Point): Point;
}

export interface CellClasses {
  readonly cell: PathCell;
  /** The route of each configuration, in their order. */
  readonly routes: readonly (Route | undefined)[];
  readonly classes: readonly CallerClass[];
  /** What could not be enumerated, with the reason. */
  readonly undecided: readonly { readonly who: string; readonly reason: string }[];
}

/** What of one view speaks of one path. */
interface Scene {
  readonly view: View;
  readonly route: Route | undefined;
  readonly resource: string;
  readonly rules: readonly Rule[];
}

/**
 * Every class of requests at one path: callers cut by the statements that cover the path, then for each kind of caller
 * positions and circumstances cut by the conditions of the statements that are left. Callers whom all the statements
 * treat alike are decided once. Each class is decided by its witness, on every side.
 */
export function classesAt(
  views: readonly View[],
  cell: PathCell,
  callers: readonly CallerSubject[],
  budget: Budget,
): CellClasses {
  const scenes = views.map((view) => sceneOf(view, cell));
  const routes = scenes.map(({ route }) => route);
  const undecided: { who: string; reason: string }[] = [];
  const groups = new Map<string, { readonly subjects: Subject[]; readonly standings: readonly Standing[] }>();
  for (const subject of subjectsAt(scenes, callers, undecided)) {
    const seen = scenes.map((scene) => standing(scene, subject));
    const key = seen.map((one) => one.key).join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { subjects: [subject], standings: seen });
    else group.subjects.push(subject);
  }
  const classes: CallerClass[] = [];
  for (const { subjects, standings } of groups.values()) {
    const [subject] = subjects;
    if (subject === undefined) continue;
    try {
      const decided = decider(scenes, cell, standings);
      const cutBy = [...new Set(standings.flatMap(({ live }) => live.flatMap(({ open }) => open)))];
      const points = placesOf(scenes, cutBy, budget).map(({ position, circumstance }) =>
        decided(subject, position, circumstance, true),
      );
      classes.push({
        subjects,
        points,
        cutBy,
        by: (other, point) => decided(other, point.position, point.circumstance, false),
      });
    } catch (error) {
      if (!(error instanceof StateBudgetExceeded)) throw error;
      undecided.push({ who: subject.kind, reason: error.message });
    }
  }
  return { cell, routes, classes, undecided };
}

function sceneOf(view: View, { verb, path }: PathCell): Scene {
  const { prepared, stage, side } = view;
  if (prepared === undefined || !prepared.stages.has(stage)) return { view, route: undefined, resource: "", rules: [] };
  const segments = path.split("/").filter((segment) => segment !== "");
  const route = prepared.routes.match(verb, { stage, path, segments, asSent: path })?.route;
  const resource = `${executionArn(prepared.api)}/${stage}/${verb}${path}`;
  const shared = prepared.policy === undefined ? [] : [prepared.policy];
  const endpoints = prepared.api.endpointType === "PRIVATE" ? [...side.engine.endpointPolicies.values()] : [];
  const rules = [...shared, ...endpoints]
    .flatMap(rulesOf)
    .filter((rule) => rule.variableResource || coversResource(rule, resource));
  return { view, route, resource, rules };
}

/** The routes that serve a path and every statement that covers it, as a text that is equal for equals. */
export function coverage(views: readonly View[], cell: PathCell, known: readonly CallerSubject[]): string {
  const scenes = views.map((view) => sceneOf(view, cell));
  const callers = scenes.some(({ route }) => isSigned(route));
  return scenes
    .map(({ view, route, rules, resource }) => {
      if (route === undefined && !callers) return "none";
      const own = !callers
        ? []
        : known.flatMap((subject) => {
            const keys = callerKeys(callerIn(view, subject));
            return ownRules(view, subject).filter((rule) => coversResource(rule, resource, keys));
          });
      const byKeys = rules.some(({ variableResource }) => variableResource) ? cell.path : "";
      const ids = [...rules, ...own].map(({ id }) => id);
      return [route?.method, route?.path, byKeys, ...ids].join(" ");
    })
    .join("\n");
}

function isSigned(route: Route | undefined): boolean {
  return route?.auth.type === "AWS_IAM";
}

/** A path without a route is treated as one protected by IAM: who is authorized there learns that it does not exist. */
function asksForSignature(route: Route | undefined): boolean {
  return route === undefined || isSigned(route);
}

function* subjectsAt(
  scenes: readonly Scene[],
  callers: readonly CallerSubject[],
  undecided: { who: string; reason: string }[],
): Iterable<Subject> {
  yield ANONYMOUS;
  const served: readonly Served[] = scenes;
  if (scenes.some(({ route }) => isSigned(route))) yield* callers;
  yield* tokensOf(served);
  for (const said of authorizerOutcomes(served)) {
    if ("kind" in said) yield said;
    else undecided.push({ who: `authorizer ${said.authorizer} allows`, reason: unreadable(said) });
  }
}

function unreadable({ authorizer, reason }: UnreadableIdentity): string {
  return `No identity can be written down that ${authorizer} would be asked about: ${reason}.`;
}

/** How one view's policies stand to a caller. */
interface Standing {
  /** Equal for callers who are answered alike at one path. */
  readonly key: string;
  readonly live: readonly LiveRule[];
  /** Equal for callers and paths that are answered alike; absent where more than these statements decides. */
  readonly everywhere?: string;
}

function standing(scene: Scene, subject: Subject): Standing {
  const { view, route } = scene;
  const { prepared } = view;
  if (prepared === undefined || !prepared.stages.has(view.stage)) return { key: "", live: [] };
  const signer = asksForSignature(route) && subject.kind === "caller" ? subject : undefined;
  const { endpointType, accountId } = prepared.api;
  if (signer === undefined) {
    const told = asksForSignature(route) || subject.kind === "caller" ? "anonymous" : subjectKey(subject);
    const request: AccessRequest = { principal: { kind: "anonymous" }, ...ASKED, resource: scene.resource };
    const open = (key: string) => dimensionOf(key, { kind: "resource", signed: false, endpointType }) !== "fixed";
    const live = asksForSignature(route) ? [] : liveRules(scene.rules, { request, signed: false, endpointType, open });
    return { key: told, live };
  }
  const caller = callerIn(view, signer);
  const request: AccessRequest = {
    principal: caller.principal,
    ...ASKED,
    resource: scene.resource,
    context: callerKeys(caller),
  };
  const open = openKeys(signer);
  const own = ownRules(view, signer).filter((rule) => rule.variableResource || coversResource(rule, scene.resource));
  const live = liveRules([...scene.rules, ...own], { request, signed: true, endpointType, open });
  const limited =
    caller.permissionsBoundary !== undefined || caller.identityPolicies.some(({ unresolved }) => unresolved);
  const key = [
    route === undefined ? "unmatched" : "",
    caller.principal.accountId === accountId ? "own" : "foreign",
    // Who has no statement here is as one whose policies are silent.
    signer.grants === "known" ? "silent" : signer.asked.arn.endsWith(":root") ? "root" : signer.grants,
    // What limits a caller, and what could not be read of it, is its own.
    limited ? caller.principal.arn : "",
    ...live.map(({ rule, grant, doubt }) => `${rule.id}${grant ?? ""}${doubt === undefined ? "" : "?"}`),
  ].join(" ");
  // Nothing but the statements, and how the caller's account stands to the API's, decides what is signed for.
  const plain = !limited && !live.some(({ doubt }) => doubt !== undefined) && route?.refused === undefined;
  return { key, live, ...(plain && scene.resource.length < SHORT ? { everywhere: key } : {}) };
}

/** Characters of a method ARN that is surely short enough to be decided on by its policies. */
const SHORT = 800;

/** What every request has, whoever sends it from wherever. */
const EVERY_REQUEST = contextKeys({ "aws:SecureTransport": "true" });
const ASKED = { action: "execute-api:Invoke", context: EVERY_REQUEST } as const;
const contexts = new WeakMap<object, AccessRequest["context"]>();
const rulesOfCallers = new WeakMap<View, Map<CallerSubject, readonly Rule[]>>();

/** The condition keys that a signed caller has, without those of which nothing is known. */
export function callerKeys(caller: ReturnType<typeof callerIn>): AccessRequest["context"] {
  let keys = contexts.get(caller);
  if (keys === undefined) {
    const { userId, tags, organizationId } = caller;
    const facts = { userId, tags, ...(organizationId === undefined ? {} : { organizationId }) };
    const own = contextKeys(principalContext(caller.principal, facts));
    contexts.set(caller, (keys = new Map([...EVERY_REQUEST, ...own])));
  }
  return keys;
}

function ownRules(view: View, subject: CallerSubject): readonly Rule[] {
  if (subject.grants !== "known") return [];
  let known = rulesOfCallers.get(view);
  if (known === undefined) rulesOfCallers.set(view, (known = new Map()));
  let rules = known.get(subject);
  if (rules === undefined) known.set(subject, (rules = ownPolicies(view, callerIn(view, subject)).flatMap(rulesOf)));
  return rules;
}

function openKeys({ grants, person, otherAccount, traits }: CallerSubject): (key: string) => boolean {
  return (key) => {
    if (key === "aws:principalorgid")
      return traits.some(({ of, words }) => of === "organization" && / (any|like) /.test(words));
    if (key === "aws:principalaccount") return otherAccount;
    if (key === "aws:principaltype" || key === "aws:securetransport") return false;
    if (grants === "known")
      return dimensionOf(key, { kind: "identity", signed: true, endpointType: "PRIVATE" }) !== "caller";
    return key !== "aws:principalarn" || person === undefined;
  };
}

function liveRules(rules: readonly Rule[], perspective: Parameters<typeof liveRule>[1]): readonly LiveRule[] {
  const live: LiveRule[] = [];
  for (const rule of rules) {
    const found = liveRule(rule, perspective);
    if (found !== undefined) live.push(found);
  }
  return live;
}

function subjectKey(subject: Subject): string {
  return JSON.stringify(subject);
}

function decider(scenes: readonly Scene[], cell: PathCell, standings: readonly Standing[]) {
  const named = scenes.find(({ view }) => view.prepared !== undefined)?.view;
  const api = named?.prepared?.api.name ?? "";
  const stage = named?.stage ?? "";
  return (subject: Subject, position: Position, circumstance: Circumstance, asBefore: boolean): Point => {
    const witness = witnessOf(api, stage, cell, subject, position, circumstance);
    const verdicts = scenes.map(({ view }, index) => {
      const { live = [], everywhere } = standings[index] ?? {};
      return asBefore && everywhere !== undefined
        ? verdictAsBefore(view, everywhere, witness, subject)
        : verdictOn(view, live, witness, subject);
    });
    return { cell, subject, position, circumstance, witness, verdicts };
  };
}

/** Every position in every circumstance that the open conditions tell apart. */
function placesOf(scenes: readonly Scene[], conditions: readonly Condition[], budget: Budget) {
  const positions = positionsFor(scenes, conditions);
  const circumstances = circumstancesOf(conditions);
  const count = positions.length * circumstances.length;
  if (count > budget.positions) {
    throw new StateBudgetExceeded(
      `conditions tell ${count} positions and circumstances apart, more than ${budget.positions}`,
    );
  }
  return positions.flatMap((position) => circumstances.map((circumstance) => ({ position, circumstance })));
}

function positionsFor(scenes: readonly Scene[], conditions: Parameters<typeof addressClasses>[0]): readonly Position[] {
  const apis = scenes.flatMap(({ view }) => view.prepared?.api ?? []);
  const isPrivate = ({ endpointType }: { readonly endpointType: string }) => endpointType === "PRIVATE";
  const addresses = addressClasses(conditions.filter(({ lowerKey }) => lowerKey === "aws:sourceip"));
  if (!apis.some(isPrivate)) return addresses;
  const endpoints = new Map<string, VpcEndpoint>();
  for (const { view } of scenes) view.side.engine.vpcEndpoints.forEach((endpoint, id) => endpoints.set(id, endpoint));
  const inside = endpointPositions(conditions, [...endpoints.values()]);
  return apis.every(isPrivate) ? [OUTSIDE, ...inside] : [...addresses, ...inside];
}
