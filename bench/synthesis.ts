/** `node --import tsx bench/synthesis.ts [ROUTES…]`: what synthesis costs as the contract grows. */

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { iam } from "../constructs/routes/protection";
import { defineRoutes, type RouteTable } from "../constructs/routes/route-table";
import { dev } from "../environments/dev";
import { synthesize } from "../stacks/synthesize";

const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), "portcullis-bench-"));
const lambdas = join(folder, "lambdas");
const environment = { ...dev, quotas: { authorizersPerApi: 10, resourcesPerApi: 10_000 } };

function contract(count: number): RouteTable {
  return defineRoutes(
    Array.from({ length: count }, (_, index) => ({
      verb: "GET" as const,
      path: `/v1/things-${index}/{id}`,
      protection: iam({ ownAccount: true }),
      handler: "caller",
    })),
  );
}

function measure(count: number): string {
  const table = contract(count);
  for (const name of ["pre-token-generation", ...new Set(table.routes.map(({ handler }) => handler))]) {
    mkdirSync(join(lambdas, name), { recursive: true });
    writeFileSync(join(lambdas, name, "handler.ts"), "export const handler = async () => ({ statusCode: 200 });");
  }
  const outdir = join(folder, `out-${count}`);
  const start = performance.now();
  synthesize([environment], table, { outdir, lambdas });
  const milliseconds = performance.now() - start;
  const { size } = statSync(join(outdir, "stacks", "portcullis-dev-public-api", "cdk.tf.json"));
  const cells = [count, milliseconds.toFixed(0), (milliseconds / count).toFixed(2), (size / 1024).toFixed(0)];
  return cells.map((cell) => String(cell).padStart(12)).join("");
}

try {
  process.stdout.write(`${["routes", "ms", "ms a route", "KB of JSON"].map((cell) => cell.padStart(12)).join("")}\n`);
  contract(1);
  for (const count of sizes.length > 0 ? sizes : [10, 100, 300, 1000, 2000])
    process.stdout.write(`${measure(count)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
