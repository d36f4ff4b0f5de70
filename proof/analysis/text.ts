import { printable } from "./printable";
import type { Analysis, AnalyzedEntry, AnalyzedRoute } from "./matrix";

/** Widest line; longer names are cut in the middle column, never the outcome. */
const WIDTH = 100;

/** The matrix as a table that fits a screen: for each route who is admitted from where, then who is refused. */
export function matrixText({ routes }: Analysis): string {
  const blocks = routes.map((route) => [heading(route), ...rows(route.entries)].join("\n"));
  const allowed = routes.flatMap(({ entries }) => entries).filter(({ outcome }) => outcome === "allow").length;
  const undecided = routes.flatMap(({ entries }) => entries).filter(({ outcome }) => outcome === "undecided").length;
  const summary = `${routes.length} routes, ${allowed} classes of requests admitted, ${undecided} undecided. --json has a witness request for each.`;
  return `${blocks.join("\n\n")}\n\n${summary}\n`;
}

function heading({ api, stage, method, path, paths, auth }: AnalyzedRoute): string {
  return printable(`${method} ${path}${paths === undefined ? "" : ` (paths ${paths})`}  ${auth}  ${api}/${stage}`);
}

const ORDER = { allow: 0, undecided: 1, deny: 2 } as const;

function rows(entries: readonly AnalyzedEntry[]): string[] {
  const sorted = [...entries].sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome]);
  const names = sorted.map(({ who }) => printable(who));
  const widest = Math.min(58, Math.max(0, ...names.map((name) => name.length)));
  return sorted.map(({ outcome, status, network, because }, index) => {
    const answer = `${outcome} ${status ?? ""}`.trim().padEnd(outcome === "undecided" ? 0 : 10);
    const line = `  ${answer} ${fit(names[index] ?? "", widest).padEnd(widest)}  `;
    const where = fit(printable(network), Math.max(12, WIDTH - line.length));
    return outcome === "undecided" ? `${line}${where}\n    ${printable(because)}` : `${line}${where}`;
  });
}

/** Keeps both ends: ARNs differ at the end, classes at the beginning. */
function fit(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}
