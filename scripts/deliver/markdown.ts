import type { PlannedChange } from "./plan";
import { countsOf } from "./plan";
import type { Review, ReviewedStack } from "./review";

/** What is known of one environment when the comment is written. */
export interface EnvironmentReport {
  readonly environment: string;
  /** Who gains and who loses access, as Markdown. */
  readonly access?: string | undefined;
  readonly review?: Review | undefined;
  /** Stack to the full text of its plan. */
  readonly texts: ReadonlyMap<string, string>;
}

/** GitHub refuses longer comments. https://github.com/orgs/community/discussions/27190 */
export const LONGEST_COMMENT = 65_536;
/** By this the comment is found again, to be rewritten instead of joined by another. */
export const MARKER = "<!-- portcullis: pull request -->";

/** The share of the comment for access differences, and for what is replaced or destroyed. */
const ACCESS_SHARE = 0.45;
const LOST_SHARE = 0.15;

/** The one comment on a pull request: access first, then the plans, the full text folded and cut to what fits. */
export function pullRequestComment(reports: readonly EnvironmentReport[], limit = LONGEST_COMMENT): string {
  const each = (share: number): number => Math.floor((limit * share) / Math.max(reports.length, 1));
  const heads = reports.map((report) =>
    [
      `## ${report.environment}`,
      cut(
        report.access ?? "_Who gains and who loses access was not worked out: see the job's log._",
        each(ACCESS_SHARE),
      ),
      plans(report, each(LOST_SHARE)),
    ].join("\n\n"),
  );
  const fixed = [MARKER, ...heads].join("\n\n").length + 200;
  const texts = reports.flatMap((report) => [...report.texts].map(([stack, text]) => ({ report, stack, text })));
  const folded = fold(texts, limit - fixed);
  const sections = reports.map((report, index) =>
    [heads[index] ?? "", ...folded.filter((one) => one.report === report).map(({ block }) => block)].join("\n\n"),
  );
  return `${[MARKER, ...sections].join("\n\n")}\n`;
}

function plans({ review, environment }: EnvironmentReport, budget: number): string {
  if (review === undefined) {
    return `_${environment} was not planned: its state or its roles are not the pipeline's (docs/delivery.md)._`;
  }
  const rows = review.stacks.map((stack) => `| \`${stack.name}\` | ${wordsOf(stack)} |`);
  const lost = review.stacks.flatMap(({ name, changes }) => lostIn(name, changes));
  return [
    ["| stack | plan |", "| --- | --- |", ...rows].join("\n"),
    ...(lost.length === 0 ? [] : [cutLines(["**Replaced or destroyed**", "", ...lost], budget)]),
  ].join("\n\n");
}

function wordsOf({ result, changes, because, after, appliedByPeople, digest }: ReviewedStack): string {
  if (result === "waits") return `waits: ${oneLine(because)}`;
  if (result !== "planned") return `**${result}**: ${oneLine(because)}`;
  const marks = changes.some(({ action }) => action === "destroy" || action === "replace") ? "⚠️ " : "";
  const notes = [
    ...(changes.length > 0 && digest !== undefined ? [`plan \`${digest.slice(0, 12)}\``] : []),
    ...(changes.length > 0 && after.length > 0 ? ["may differ once the stacks it reads from are deployed"] : []),
    ...(changes.length > 0 && appliedByPeople ? ["applied by a person: `npm run bootstrap`"] : []),
  ];
  return `${marks}${countsOf(changes)}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}

function lostIn(stack: string, changes: readonly PlannedChange[]): string[] {
  return changes
    .filter(({ action }) => action === "destroy" || action === "replace")
    .map(
      ({ address, action }) => `- ⚠️ ${action === "replace" ? "replaced" : "destroyed"}: \`${address}\` in ${stack}`,
    );
}

interface Text {
  readonly report: EnvironmentReport;
  readonly stack: string;
  readonly text: string;
}

/** Folded blocks that fit in the budget: short plans in full, and what is left shared by the long ones. */
function fold(texts: readonly Text[], budget: number): (Text & { readonly block: string })[] {
  const frame = 220;
  let left = budget;
  let open = texts.length;
  const bySize = [...texts].sort((a, b) => a.text.length - b.text.length);
  const blocks = new Map<Text, string>();
  for (const one of bySize) {
    const share = Math.floor(left / open) - frame - one.stack.length;
    open -= 1;
    const block = share < 200 ? "" : blockOf(one.stack, cut(one.text.trim(), share));
    blocks.set(one, block);
    left -= block.length + 2;
  }
  return texts.map((one) => ({ ...one, block: blocks.get(one) ?? "" })).filter(({ block }) => block !== "");
}

function blockOf(stack: string, text: string): string {
  // A fence longer than any in the text, so that nothing in a plan can end it.
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `<details><summary>${stack}: the full plan</summary>\n\n${fence}\n${text}\n${fence}\n\n</details>`;
}

const CUT = "\n… cut here: the whole text is in the artifacts of this run.";

function cut(text: string, length: number): string {
  return text.length <= length ? text : cutLines(text.split("\n"), length);
}

function cutLines(lines: readonly string[], length: number): string {
  const whole = lines.join("\n");
  if (whole.length <= length) return whole;
  const head = whole.slice(0, Math.max(0, length - CUT.length));
  const kept = head.includes("\n") ? head.slice(0, head.lastIndexOf("\n")) : head;
  // A cut inside a fence or a fold would swallow what follows.
  const fences = kept.match(/^`{3,}/gm) ?? [];
  const fence = fences.length % 2 === 1 ? `\n${fences.at(-1)}` : "";
  const folds = (kept.match(/<details>/g) ?? []).length - (kept.match(/<\/details>/g) ?? []).length;
  return `${kept}${fence}${"\n\n</details>".repeat(Math.max(0, folds))}${CUT}`;
}

function oneLine(text: string | undefined): string {
  return (text ?? "")
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|")
    .slice(0, 500);
}
