/** `node --import tsx bench/analysis.ts`: what it costs to cut the space of requests, and how that grows. */

import { analyze, matrixOf } from "../proof/analysis/matrix";
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

function report(name: string, model: Model): void {
  const runs = 3;
  const analysis = analyze(model);
  const entries = analysis.routes.reduce((sum, { entries: own }) => sum + own.length, 0);
  const classes = best(runs, () => analyze(model));
  const json = best(1, () => JSON.stringify(matrixOf(analysis)));
  const diff = best(runs, () => findChanges(model, JSON.parse(JSON.stringify(model)) as Model));
  const ms = (value: number): string => `${value.toFixed(1).padStart(8)} ms`;
  process.stdout.write(
    `${name.padEnd(44)} matrix ${ms(classes)}  its JSON ${ms(json)}  self-diff ${ms(diff)}  ${String(entries).padStart(6)} entries\n`,
  );
}

report("5 routes, 5 statements", manyRoutes(5, 5));
for (const [routes, statements] of [
  [10, 10],
  [100, 30],
  [300, 60],
  [1000, 100],
] as const) {
  report(`${routes} routes, ${statements} statements`, manyRoutes(routes, statements));
}
for (const [accounts, cidrs, patterns] of [
  [5, 10, 10],
  [20, 50, 20],
  [50, 100, 40],
  [100, 300, 80],
  [200, 1000, 150],
] as const) {
  report(`${accounts} accounts, ${cidrs} CIDRs, ${patterns} route patterns`, manyAccounts(accounts, cidrs, patterns));
}
