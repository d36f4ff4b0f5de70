import { isDeepStrictEqual } from "node:util";
import type { PlannedChange } from "./plan";
import { countsOf } from "./plan";

/** What was found of one environment. */
export interface Drift {
  readonly environment: string;
  readonly stacks: readonly DriftedStack[];
  readonly stages: readonly StageFinding[];
  /** What the probe said, where it found a difference. */
  readonly probe?: string;
}

export interface DriftedStack {
  readonly name: string;
  readonly changes: readonly PlannedChange[];
  /** Whether no resource, but an output or an address would change. */
  readonly outputs?: boolean;
  /** Why it could not be planned. */
  readonly because?: string;
}

export interface StageFinding {
  readonly api: string;
  readonly stage: string;
  /** `older`: it serves another resource policy than the one configured. */
  readonly result: "older" | "unknown";
  readonly because: string;
}

export const DRIFT_MARKER = "<!-- portcullis: drift -->";
export const DRIFT_TITLE = "What is deployed is not what is configured";

/**
 * Whether a stage serves the resource policy that its API is configured with. A policy takes effect on a stage only
 * with the next deployment, so a policy put in place without one protects nothing.
 *
 * Unconfirmed: that the export of a stage carries the policy of its deployment; its documentation says that it exports
 * "a deployed version". Where it carries none, the answer is `unknown`, never `up to date`.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_GetExport.html
 */
export function staleStage(api: string, stage: string, configured: unknown, served: unknown): StageFinding | undefined {
  if (configured === undefined && served === undefined) return undefined;
  if (served === undefined) {
    return { api, stage, result: "unknown", because: "The export of the stage holds no policy to compare with." };
  }
  if (isDeepStrictEqual(normal(configured), normal(served))) return undefined;
  return {
    api,
    stage,
    result: "older",
    because: "It serves another resource policy than the one configured: deploy the API.",
  };
}

/** Lists of one are written with and without brackets, and the order in lists of an IAM policy means nothing. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normal);
    return items.length === 1 ? items[0] : items.map((item) => JSON.stringify(item)).sort();
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, normal(member)]),
  );
}

export function isClean({ stacks, stages, probe }: Drift): boolean {
  return (
    stacks.every(
      ({ changes, outputs, because }) => changes.length === 0 && outputs !== true && because === undefined,
    ) &&
    stages.every(({ result }) => result !== "older") &&
    probe === undefined
  );
}

/** The issue's text, or undefined where everything is as configured. */
export function driftIssue(found: readonly Drift[], limit = 60_000): string | undefined {
  if (found.every(isClean)) return undefined;
  const sections = found.map((drift) =>
    isClean(drift) ? `## ${drift.environment}\n\nAs configured.` : sectionOf(drift),
  );
  const body = [
    DRIFT_MARKER,
    "Somebody changed something by hand, or a release did not finish. `npm run diff -- <environment>` shows it; a release puts it right.",
    ...sections,
  ].join("\n\n");
  return body.length <= limit ? body : `${body.slice(0, limit)}\n\n… cut here: see the run's log.`;
}

function sectionOf({ environment, stacks, stages, probe }: Drift): string {
  const lines = stacks.flatMap(({ name, changes, outputs, because }) => {
    if (because !== undefined) return [`- \`${name}\` could not be planned: ${because.replace(/\s*\n\s*/g, " ")}`];
    if (outputs === true) return [`- \`${name}\`: outputs alone`];
    if (changes.length === 0) return [];
    return [
      `- \`${name}\`: ${countsOf(changes)}`,
      ...changes.slice(0, 50).map(({ address, action }) => `  - ${action}: \`${address}\``),
      ...(changes.length > 50 ? [`  - … and ${changes.length - 50} more`] : []),
    ];
  });
  const served = stages.map(
    ({ api, stage, result, because }) => `- stage \`${api}/${stage}\` is ${result}: ${because}`,
  );
  const answered = probe === undefined ? [] : ["", "The probe:", "", "~~~~", probe.trim(), "~~~~"];
  return [`## ${environment}`, "", ...lines, ...served, ...answered].join("\n");
}
