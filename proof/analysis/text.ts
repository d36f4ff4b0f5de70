import { groupBy } from "../model/group-by";
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

type Row = Pick<AnalyzedEntry, "who" | "network" | "outcome" | "status" | "because">;

function rows(entries: readonly AnalyzedEntry[]): string[] {
  const sorted = folded(entries).sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome]);
  const names = sorted.map(({ who }) => printable(who));
  const widest = Math.min(58, Math.max(0, ...names.map((name) => name.length)));
  return sorted.map(({ outcome, status, network, because }, index) => {
    const answer = `${outcome} ${status ?? ""}`.trim().padEnd(outcome === "undecided" ? 0 : 10);
    const line = `  ${answer} ${fit(names[index] ?? "", widest).padEnd(widest)}  `;
    const where = fit(printable(network), Math.max(12, WIDTH - line.length));
    return outcome === "undecided" ? `${line}${where}\n    ${printable(because)}` : `${line}${where}`;
  });
}

/** Roles of one account that are refused everywhere, from three on, are one line: who gets in is what a reader looks for. */
function folded(entries: readonly AnalyzedEntry[]): Row[] {
  const alike = groupBy(entries, refusedIn);
  return entries.flatMap((entry): readonly Row[] => {
    const account = refusedIn(entry);
    const group = account === undefined ? [] : (alike.get(account) ?? []);
    if (group.length < 3) return [entry];
    return entry === group[0] ? [{ ...entry, who: `${group.length} roles of account ${entry.who.split(":")[4]}` }] : [];
  });
}

/** The account of a role that is refused everywhere, and how. */
function refusedIn({ who, network, outcome, status }: AnalyzedEntry): string | undefined {
  const account = /^arn:[^:]+:iam::(\d{12}):role\/\S+$/.exec(who)?.[1];
  return account !== undefined && outcome === "deny" && network === "any" ? `${account} ${status}` : undefined;
}

/** Keeps both ends: ARNs differ at the end, classes at the beginning. */
function fit(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = Math.floor((width - 1) / 2);
  return `${text.slice(0, width - 1 - end)}…${text.slice(text.length - end)}`;
}
