/** Why a class is answered as it is, and what of the configuration turned the answer. */
import type { Decision, TraceStep } from "../decision";
import type { Source } from "../model/types";
import type { Verdict } from "./verdict";

export interface Reason {
  readonly because: string;
  /** What of the configuration made it so. */
  readonly source?: Source;
}

/** Why a verdict is what it is: the step of the trace that decided. */
export function reasonOf({ decision, doubt }: Verdict): Reason {
  if (decision === undefined) return { because: "The configuration has no such API." };
  const step = decision.outcome === "allow" ? admittingStep(decision) : refusingStep(decision);
  const because = doubt ?? step?.because ?? OWN_ALLOW;
  return { because, source: sourceOf(step, decision) };
}

const OWN_ALLOW = "The caller's own policies allow it, which is enough within the account of the API.";

/** Undefined where nothing that stands in a configuration admits, but what the caller's own policies are taken to say. */
function admittingStep({ decidedBy, trace }: Decision): TraceStep | undefined {
  if (decidedBy !== undefined && isAssumed(decidedBy.policy)) {
    return trace.find(({ step, result }) => step === "resource-policy" && result === "allow");
  }
  return (
    trace.find((step) => decidedBy !== undefined && isOf(step, decidedBy)) ??
    trace.findLast(({ step, result }) => result === "allow" && step !== "combine") ??
    trace.at(-1)
  );
}

function refusingStep({ decidedBy, trace }: Decision): TraceStep | undefined {
  return (
    trace.find((step) => decidedBy !== undefined && !isAssumed(decidedBy.policy) && isOf(step, decidedBy)) ??
    trace.findLast(({ result, step }) => REFUSING.has(result) && step !== "combine") ??
    trace.at(-1)
  );
}

function isOf({ source }: TraceStep, { policy, sid, index }: NonNullable<Decision["decidedBy"]>): boolean {
  return source?.address === policy.address && source.statement === (sid ?? index);
}

/** What a caller that can exist is given by its own policies stands in no configuration. */
function isAssumed({ file }: Source): boolean {
  return file === "the witness";
}

function sourceOf(step: TraceStep | undefined, { route, api }: Decision): Source {
  const named = step?.source !== undefined && !isAssumed(step.source) ? step.source : undefined;
  const { file, address } = named ?? route?.source ?? api.source;
  return { file, address };
}

const REFUSING: ReadonlySet<string> = new Set(["deny", "missing", "neither", "unresolved"]);

/** What can admit or refuse under one kind of authentication. */
const TURNING = new Set<TraceStep["step"]>(["network", "resource-policy", "vpc-endpoint-policy", "identity-policy"]);

/**
 * What turned an answer of two decisions under the same kind of authentication; undefined where no policy says anything
 * else. The source is that of `after` where it admits, else of `before`.
 */
export function turnOf(before: Verdict, after: Verdict): Reason | undefined {
  const [was, is] = [before.decision, after.decision];
  if (was === undefined || is === undefined) return undefined;
  const gained = after.outcome === "allow";
  const other = stepsOf(was);
  const changed = [...stepsOf(is)].flatMap(([name, to]) => {
    const from = other.get(name);
    return from === undefined || from.result === to.result ? [] : [{ from, to }];
  });
  const decisive = gained
    ? changed.find(({ from, to }) => to.result === "allow" || from.result === "deny")
    : changed.find(({ from, to }) => from.result === "allow" || to.result === "deny");
  const limit = decisive === undefined ? limitOf(gained ? was : is, gained ? is : was) : undefined;
  if (limit !== undefined) {
    return { because: `${gained ? "Before" : "Now"}: ${limit.because}`, source: sourceOf(limit, gained ? was : is) };
  }
  const { from, to } = decisive ?? changed[0] ?? {};
  if (from === undefined || to === undefined) return undefined;
  if (!gained) return { because: `Before: ${from.because} Now: ${to.because}`, source: sourceOf(from, was) };
  const denied = from.result === "deny" && from.source !== undefined ? `${deniedBefore(from.source)} ` : "";
  return { because: `${denied}${to.because}`, source: sourceOf(to, is) };
}

/** The policy that refuses on one side, and is none on the other. */
function limitOf(refused: Decision, admitted: Decision): TraceStep | undefined {
  const others = stepsOf(admitted);
  return [...stepsOf(refused)].find(([name, { result }]) => !others.has(name) && REFUSING.has(result))?.[1];
}

/** Each step that can turn an answer, by its name and how many of that name come before it. */
function stepsOf({ trace }: Decision): ReadonlyMap<string, TraceStep> {
  const found = new Map<string, TraceStep>();
  for (const step of trace) {
    if (!TURNING.has(step.step)) continue;
    let times = 0;
    while (found.has(`${step.step} ${times}`)) times++;
    found.set(`${step.step} ${times}`, step);
  }
  return found;
}

function deniedBefore({ statement, address }: NonNullable<TraceStep["source"]>): string {
  return `Statement ${statement ?? ""} of ${address} denied it before, and no longer does.`;
}
