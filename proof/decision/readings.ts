/**
 * To RFC 3986 `%73` and `s` are the same in a path. REST APIs hand paths on as they were sent; whether they also route
 * and authorize them so, or decoded, is UNCONFIRMED. A request that can be read in both ways has to be admitted in
 * both, so that no spelling evades a Deny of a path or gains what only one reading allows, whichever holds.
 */
import type { Begun } from "./pending";
import type { Decision } from "./types";

/** @returns the decision on the path as sent, or a refusal of either reading */
export function admittedInBoth(asSent: Begun, decoded: Begun): Begun {
  const refused = [asSent, decoded].find((begun) => "outcome" in begun && begun.outcome === "deny");
  if (refused !== undefined) return refused;
  const [waiting, other] = [asSent, decoded].flatMap((begun) => ("pending" in begun ? [begun] : []));
  if (waiting === undefined) return asSent;
  if (other !== undefined && other.authorizer !== waiting.authorizer) {
    const why = `the decoded path belongs to another route, with ${other.authorizer.name}, and only one can be asked.`;
    return waiting.complete({ cannotInvoke: why }, 0);
  }
  return {
    ...waiting,
    complete: (outcome, latencyMs) => {
      const finish = (begun: Begun): Decision => ("pending" in begun ? begun.complete(outcome, latencyMs) : begun);
      const [first, second] = [finish(asSent), finish(decoded)];
      return first.outcome === "allow" && second.outcome === "deny" ? second : first;
    },
  };
}
