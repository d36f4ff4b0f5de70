import type { AccessRequest } from "../iam/types";
import type { Served } from "./credentials";
import { authorizerOutcomes, tokensOf } from "./credentials";
import { ASKED, factsIn } from "./ground";
import { dimensionOf } from "./keys";
import { liveRule } from "./rules";
import type { LiveRule } from "./rules";
import { asksForSignature, isSigned, SHORT } from "./scene";
import type { Scene } from "./scene";
import type { CallerSubject, Subject } from "./subject";
import { ANONYMOUS } from "./subject";

/** How one configuration's policies stand to a caller at a path. */
export interface Standing {
  /** Equal for callers who are answered alike at one path. */
  readonly key: string;
  readonly live: readonly LiveRule[];
  /** Equal for callers and paths that are answered alike; absent where more than these statements decides. */
  readonly everywhere?: string;
}

/** Everybody who can call a path on any side. What cannot be enumerated is added to `undecided`. */
export function* subjectsAt(
  scenes: readonly Scene[],
  callers: readonly CallerSubject[],
  undecided: { who: string; reason: string }[],
): Iterable<Subject> {
  yield ANONYMOUS;
  const served: readonly Served[] = scenes;
  if (scenes.some(({ route }) => isSigned(route))) {
    yield* callers;
    for (const who of federatedUsers(scenes)) {
      undecided.push({ who, reason: `What ${who} may do, a session policy says that stands in no file.` });
    }
  }
  for (const found of [...tokensOf(served), ...authorizerOutcomes(served)]) {
    if ("kind" in found) yield found;
    else undecided.push(found);
  }
}

/** Federated users that statements name. */
function federatedUsers(scenes: readonly Scene[]): ReadonlySet<string> {
  const entries = scenes.flatMap(({ rules }) => rules.flatMap(({ statement }) => statement.principal?.entries ?? []));
  return new Set(
    entries.flatMap((entry) => (entry.kind === "session" && entry.arn.includes(":federated-user/") ? [entry.arn] : [])),
  );
}

const ABSENT: Standing = { key: "", live: [] };

/** The standing of each caller at one path of one configuration. */
export function standingsAt(scene: Scene, callers: readonly CallerSubject[]): (subject: Subject) => Standing {
  const { route } = scene;
  if (scene.key === "absent") return () => ABSENT;
  if (asksForSignature(route)) {
    const signed = signedStandings(scene, callers);
    return (subject) => (subject.kind === "caller" ? signed(subject) : { key: "anonymous", live: [] });
  }
  const live = unsignedRules(scene);
  return (subject) => ({ key: subject.kind === "caller" ? "anonymous" : subjectKey(subject), live });
}

function subjectKey(subject: Subject): string {
  return subject.kind === "anonymous" ? subject.kind : JSON.stringify(subject);
}

/** Nobody is signed, so the statements stand to everybody alike. */
function unsignedRules({ view, rules, resource }: Scene): readonly LiveRule[] {
  const endpointType = view.prepared?.api.endpointType ?? "REGIONAL";
  const request: AccessRequest = { principal: { kind: "anonymous" }, ...ASKED, resource };
  const facts = factsIn(view);
  const open = (key: string) => dimensionOf(key, { kind: "resource", signed: false, endpointType }) !== "fixed";
  return rules.flatMap((rule) => liveRule(rule, { request, signed: false, endpointType, facts, open }) ?? []);
}

const NONE: readonly LiveRule[] = [];

function signedStandings(scene: Scene, callers: readonly CallerSubject[]): (subject: CallerSubject) => Standing {
  const { ground, route, rules, own, resource } = scene;
  const inPlay = new Map<CallerSubject, LiveRule[]>();
  const add = (subject: CallerSubject, live: LiveRule | undefined): void => {
    if (live === undefined) return;
    const list = inPlay.get(subject);
    if (list === undefined) inPlay.set(subject, [live]);
    else list.push(live);
  };
  for (const rule of rules) {
    if (rule.variableResource) callers.forEach((subject) => add(subject, ground.standing(rule, subject, resource)));
    else ground.appliesTo(rule).forEach((live, subject) => add(subject, live));
  }
  for (const { rule, subject } of own) add(subject, ground.standing(rule, subject, resource));
  const unmatched = route === undefined ? "unmatched " : "";
  return (subject) => {
    const live = inPlay.get(subject) ?? NONE;
    const { words, limited } = ground.trait(subject);
    let key = `${unmatched}${words}`;
    let doubtful = false;
    for (const { rule, grant = "", doubt } of live) {
      key += ` ${rule.id}${grant}${doubt === undefined ? "" : "?"}`;
      doubtful ||= doubt !== undefined;
    }
    // Nothing but the statements, and how the caller's account stands to the API's, decides what is signed for.
    const plain = !limited && !doubtful && route?.refused === undefined && resource.length < SHORT;
    return { key, live, ...(plain ? { everywhere: key } : {}) };
  };
}
