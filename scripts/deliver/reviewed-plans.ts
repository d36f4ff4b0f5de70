import type { Approve } from "./deploy-stacks";
import type { Review } from "./review";
import type { Session } from "./session";
import { StackFailure } from "./stack-run";

/**
 * Lets through a plan only where it does exactly what a reviewer saw: the digest of the plan made now is the digest of
 * the plan in the review, or one that somebody accepted since. Anything else is stale, and nothing is applied.
 *
 * A plan made anew is held against the reviewed one, rather than a plan file carried over: a plan file holds secrets,
 * and one from a pull request's run was written by that pull request's code.
 */
export function onlyReviewed(session: Session, review: Review | undefined, accepted: readonly string[]): Approve {
  return async (stack, plan, text) => {
    const reviewed = review?.stacks.find(({ name }) => name === stack.name);
    if (reviewed?.digest === plan.digest || accepted.some((digest) => matches(digest, plan.digest))) return true;
    session.io.out(await text());
    throw new StackFailure({
      kind: "stale",
      where: stack.name,
      what: `${whyStale(reviewed)} This is plan ${plan.digest.slice(0, 12)}, shown above; nothing of it was applied.`,
      next: `Have the plan above reviewed, then run the deployment again with it accepted: ${plan.digest}`,
    });
  };
}

/** At least twelve characters, as shown in the comment: fewer could be met by chance. */
function matches(accepted: string, digest: string): boolean {
  return /^[0-9a-f]{12,64}$/.test(accepted) && digest.startsWith(accepted);
}

function whyStale(reviewed: Review["stacks"][number] | undefined): string {
  if (reviewed === undefined) return "No plan of this stack was reviewed.";
  if (reviewed.digest !== undefined) {
    return `The plan is stale: reviewed was ${reviewed.digest.slice(0, 12)}, and the stack, what it reads from or the code changed since.`;
  }
  return `It could not be planned for the review (${reviewed.because ?? reviewed.result}).`;
}
