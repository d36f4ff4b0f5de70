import { contextKeys } from "../iam";
import type { CompiledPolicy } from "../iam";
import type { AccessRequest } from "../iam/types";
import type { Caller } from "../decision";
import { keysOf } from "../decision/access-input";
import { callKeys } from "../decision/unknown-keys";
import type { KeyFacts } from "../decision/unknown-keys";
import { dimensionOf, UNFIXED_CALLER_KEYS } from "./keys";
import { ruleIndex } from "./rule-index";
import { coversResource, liveRule, openVariable, rulesOf } from "./rules";
import type { LiveRule, Perspective, Rule } from "./rules";
import type { CallerSubject } from "./subject";
import type { View } from "./view";
import { callerIn, ownPolicies } from "./view";

/** A statement of a caller's own policies. */
export interface OwnRule {
  readonly rule: Rule;
  readonly subject: CallerSubject;
}

/** What the policies of one configuration say of paths and callers, worked out once for all paths. */
export interface Ground {
  readonly view: View;
  /** Statements of the resource policy, and of the endpoint policies of a private API, that cover a resource. */
  sharedAt(resource: string): readonly Rule[];
  /** Statements of the policies of known callers that cover a resource. */
  ownAt(resource: string): readonly OwnRule[];
  /** The signed callers to whom a rule without variables in its resource can apply. */
  appliesTo(rule: Rule): ReadonlyMap<CallerSubject, LiveRule>;
  /** How a rule stands to one signed caller at a resource. */
  standing(rule: Rule, subject: CallerSubject, resource: string): LiveRule | undefined;
  /** What of a caller decides beside the statements. */
  trait(subject: CallerSubject): CallerTrait;
}

export interface CallerTrait {
  /** Equal for callers who are answered alike where the same statements are in play. */
  readonly words: string;
  /** Whether a boundary limits it, or a policy of it could not be read. */
  readonly limited: boolean;
}

/** What every request has, whoever sends it from wherever. */
const EVERY_REQUEST = contextKeys({ "aws:SecureTransport": "true" });
export const ASKED = { action: "execute-api:Invoke", context: EVERY_REQUEST } as const;

/** The resource policy of a view's API and, for a private one, the policies of interface endpoints. */
export function sharedPolicies({ prepared, side }: View): readonly CompiledPolicy[] {
  if (prepared === undefined) return [];
  const endpoints = prepared.api.endpointType === "PRIVATE" ? [...side.engine.endpointPolicies.values()] : [];
  return [...(prepared.policy === undefined ? [] : [prepared.policy]), ...endpoints];
}

/** @param callers every class of callers who sign; none where no method asks for a signature */
export function groundOf(view: View, callers: readonly CallerSubject[]): Ground {
  const shared = ruleIndex(sharedPolicies(view).flatMap((policy) => rulesOf(policy).map((rule) => ({ rule }))));
  const known = callers.filter(({ grants }) => grants === "known");
  const own = ruleIndex(
    known.flatMap((subject) =>
      ownPolicies(view, callerIn(view, subject)).flatMap((policy) =>
        rulesOf(policy).map((rule): OwnRule => ({ rule, subject })),
      ),
    ),
  );
  const perspectives = new Map<CallerSubject, Perspective>();
  const perspective = (subject: CallerSubject): Perspective => {
    let found = perspectives.get(subject);
    if (found === undefined) perspectives.set(subject, (found = perspectiveOf(view, subject)));
    return found;
  };
  const covers = ({ rule, subject }: OwnRule, resource: string): boolean => {
    if (!rule.variableResource) return true;
    const { request, open } = perspective(subject);
    return coversResource(rule, resource, request.context) || openVariable(rule, open) !== undefined;
  };
  const standing: Ground["standing"] = (rule, subject, resource) => {
    const { request, ...rest } = perspective(subject);
    return liveRule(rule, { ...rest, request: { ...request, resource } });
  };
  const applied = new Map<Rule, ReadonlyMap<CallerSubject, LiveRule>>();
  const traits = new Map<CallerSubject, CallerTrait>();
  return {
    view,
    sharedAt: (resource) => shared(resource).map(({ rule }) => rule),
    ownAt: (resource) => own(resource).filter((one) => covers(one, resource)),
    standing,
    appliesTo(rule) {
      let found = applied.get(rule);
      if (found === undefined) {
        const live = new Map<CallerSubject, LiveRule>();
        for (const subject of callers) {
          const one = liveRule(rule, perspective(subject));
          if (one !== undefined) live.set(subject, one);
        }
        applied.set(rule, (found = live));
      }
      return found;
    },
    trait(subject) {
      let found = traits.get(subject);
      if (found === undefined) traits.set(subject, (found = traitOf(view, subject)));
      return found;
    },
  };
}

function perspectiveOf(view: View, subject: CallerSubject): Perspective {
  const caller = callerIn(view, subject);
  return {
    request: { principal: caller.principal, ...ASKED, resource: "", context: signedKeys(view, caller) },
    signed: true,
    endpointType: view.prepared?.api.endpointType ?? "REGIONAL",
    facts: factsIn(view, caller),
    open: openKeys(subject),
  };
}

/** The condition keys of a signed call of a view's API. */
export function signedKeys(view: View, caller: Caller): AccessRequest["context"] {
  return new Map([...callerKeys(caller), ...callKeys(factsIn(view).api)]);
}

export function factsIn({ prepared }: View, caller?: Caller): KeyFacts {
  const { api } = prepared ?? {};
  return { api: api ?? { region: "", accountId: "" }, caller, throughEndpoint: api?.endpointType === "PRIVATE" };
}

function traitOf(view: View, subject: CallerSubject): CallerTrait {
  const { principal, permissionsBoundary, identityPolicies } = callerIn(view, subject);
  const limited = permissionsBoundary !== undefined || identityPolicies.some(({ unresolved }) => unresolved);
  const words = [
    principal.accountId === view.prepared?.api.accountId ? "own" : "foreign",
    // Who has no statement here is as one whose policies are silent.
    subject.grants === "known" ? "silent" : subject.asked.arn.endsWith(":root") ? "root" : subject.grants,
    // What limits a caller, and what could not be read of it, is its own.
    limited ? principal.arn : "",
  ];
  return { words: words.join(" "), limited };
}

const contexts = new WeakMap<Caller, AccessRequest["context"]>();

/** The condition keys that a signed caller has. */
export function callerKeys(caller: Caller): AccessRequest["context"] {
  let keys = contexts.get(caller);
  if (keys === undefined) {
    contexts.set(caller, (keys = new Map([...EVERY_REQUEST, ...keysOf(caller)])));
  }
  return keys;
}

function openKeys({ grants, person, otherAccount, traits }: CallerSubject): (key: string) => boolean {
  return (key) => {
    if (UNFIXED_CALLER_KEYS.has(key)) return true;
    if (key === "aws:principalorgid")
      return traits.some(({ of, words }) => of === "organization" && / (any|like) /.test(words));
    if (key === "aws:principalaccount") return otherAccount;
    if (key === "aws:principaltype" || key === "aws:securetransport") return false;
    if (grants === "known")
      return dimensionOf(key, { kind: "identity", signed: true, endpointType: "PRIVATE" }) !== "caller";
    // The ARN of a session does not tell the path of its role.
    return key !== "aws:principalarn" || person?.includes(":iam:") !== true;
  };
}
