/** `node --import tsx bench/analysis.ts`: what it costs to cut the space of requests, and how that grows. */

import { analyze, matrixOf } from "../proof/analysis/matrix";
import { prepareChecks, runChecks } from "../proof/analysis/checks/run";
import { findChanges } from "../proof/analysis/diff";
import type { Model } from "../proof/model/types";
import { manyAccounts, manyRoutes } from "./analysis-models";

/** The best of a few runs, in milliseconds: what the machine does besides only ever adds. */
function best(runs: number, work: () => unknown): number {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const started = performance.now();
    work();
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

/** The model with one more address in the first condition: what a small change costs. */
function changed(model: Model): Model {
  return JSON.parse(JSON.stringify(model).replace('"aws:SourceIp":[', '"aws:SourceIp":["192.0.2.0/24",')) as Model;
}

let before: readonly number[] = [];

/** One line: each figure in milliseconds and, in brackets, how many times that of the line before it is. */
function report(name: string, model: Model): void {
  const runs = 3;
  const copy = JSON.parse(JSON.stringify(model)) as Model;
  const other = changed(model);
  const works: readonly (readonly [string, () => unknown])[] = [
    ["matrix", () => analyze(model)],
    ["JSON", () => JSON.stringify(matrixOf(analyze(model)))],
    ["self-diff", () => findChanges(model, copy)],
    ["diff", () => JSON.stringify(findChanges(model, other))],
    ["check", () => runChecks(prepareChecks(model))],
  ];
  const times = works.map(([, work]) => best(runs, work));
  const told = works.map(([label], index) => {
    const [now = 0, then] = [times[index], before[index]];
    return `${label} ${now.toFixed(1).padStart(7)}${then === undefined ? "       " : ` ×${(now / then).toFixed(1).padEnd(5)}`}`;
  });
  before = times;
  process.stdout.write(`${name.padEnd(44)} ${told.join("  ")}\n`);
}

process.stdout.write("Milliseconds, the best of three, and how many times the line before.\n");
report("5 routes, 5 statements", manyRoutes(5, 5));
for (const [routes, statements] of [
  [10, 10],
  [100, 30],
  [300, 60],
  [1000, 100],
] as const) {
  report(`${routes} routes, ${statements} statements`, manyRoutes(routes, statements));
}
before = [];
for (const [accounts, cidrs, patterns] of [
  [5, 10, 10],
  [20, 50, 20],
  [50, 100, 40],
  [100, 300, 80],
  [200, 1000, 150],
] as const) {
  report(`${accounts} accounts, ${cidrs} CIDRs, ${patterns} route patterns`, manyAccounts(accounts, cidrs, patterns));
}
