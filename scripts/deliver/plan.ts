import { createHash } from "node:crypto";

/** What a plan does to one resource. */
export type Action = "create" | "update" | "replace" | "destroy" | "forget" | "read";

export interface PlannedChange {
  readonly address: string;
  readonly action: Action;
}

export interface Plan {
  /** In Terraform's order, without what stays as it is. */
  readonly changes: readonly PlannedChange[];
  /**
   * SHA-256 over everything the plan would change and to what. Two plans of the same digest do the same, whoever made
   * them and when. It covers secret values and gives none away.
   */
  readonly digest: string;
  /** Whether nothing would change, outputs and addresses included: what `plan -detailed-exitcode` answers with 0. */
  readonly empty: boolean;
}

interface Change {
  readonly actions: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
  readonly after_unknown?: unknown;
}

/** What `terraform show -json PLAN` prints, as far as it is read. */
interface PlanJson {
  readonly resource_changes?: readonly { readonly address: string; readonly change: Change }[];
  readonly output_changes?: Readonly<Record<string, Change>>;
}

/**
 * Reads a plan in the format 1 of Terraform and OpenTofu.
 *
 * @param exitCode of `plan -detailed-exitcode`: 0 nothing changes, 2 something does
 * https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export function readPlan(json: string, exitCode: number): Plan {
  const { resource_changes = [], output_changes = {} } = JSON.parse(json) as PlanJson;
  const resources = resource_changes.filter(({ change }) => changes(change));
  const outputs = Object.entries(output_changes).filter(([, change]) => changes(change));
  const content = canonical([
    resources.map(({ address, change }) => [address, essence(change)]),
    outputs.map(([name, change]) => [name, essence(change)]),
  ]);
  return {
    changes: resources.map(({ address, change }) => ({ address, action: actionOf(change) })),
    digest: createHash("sha256").update(content).digest("hex"),
    empty: exitCode === 0,
  };
}

/** `3 to add, 1 to change, 1 to replace`, or `no changes`. */
export function countsOf(changes: readonly PlannedChange[]): string {
  const words: readonly (readonly [Action, string])[] = [
    ["create", "to add"],
    ["update", "to change"],
    ["replace", "to replace"],
    ["destroy", "to destroy"],
    ["forget", "to forget"],
  ];
  const parts = words.flatMap(([action, word]) => {
    const count = changes.filter((change) => change.action === action).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return parts.join(", ") || "no changes";
}

function changes({ actions }: Change): boolean {
  return actions.some((action) => action !== "no-op" && action !== "read");
}

function actionOf({ actions }: Change): Action {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  const [only] = actions;
  if (only === "create" || only === "update" || only === "forget" || only === "read") return only;
  return "destroy";
}

function essence({ actions, before, after, after_unknown }: Change): unknown {
  return { actions, before: before ?? null, after: after ?? null, after_unknown: after_unknown ?? null };
}

/** JSON with the members of every object in one order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
