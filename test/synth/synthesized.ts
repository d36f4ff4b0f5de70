import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Route } from "../../constructs/routes/route";
import { defineRoutes } from "../../constructs/routes/route-table";
import { dev } from "../../environments/dev";
import { routes as contract } from "../../environments/routes";
import type { Environment } from "../../environments/schema";
import { synthesize } from "../../stacks/synthesize";

/** A resource as it stands in cdk.tf.json. */
export type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** One stack's cdk.tf.json, with a reader for what the tests ask most. */
export interface Stack {
  readonly json: {
    readonly terraform: Block;
    readonly provider: Readonly<Record<string, readonly Block[]>>;
    readonly resource: Blocks;
    readonly data?: Blocks;
    readonly variable?: Readonly<Record<string, Block>>;
    readonly output?: Readonly<Record<string, Block>>;
  };
  readonly all: (type: string) => readonly Block[];
  /** The only resource of a type whose id begins so. */
  readonly one: (type: string, idStart?: string) => Block;
}

export interface Variation {
  readonly environment?: Partial<Environment>;
  readonly routes?: readonly Route[];
  /** Source of every function, so that a test can change code. */
  readonly code?: string;
}

const HANDLER = "export const handler = async () => ({ statusCode: 200 });";

/** Functions by their source, so that a file's tests bundle each of them once. */
const folders = new Map<string, string>();
afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

function lambdasOf(code: string, handlers: readonly string[]): string {
  const folder = folders.get(code) ?? mkdtempSync(join(tmpdir(), "portcullis-test-lambdas-"));
  folders.set(code, folder);
  const own = ["pre-token-generation", "oauth-authorizer", "saml-authorizer", "signed-parameters-authorizer"];
  for (const name of [...own, ...handlers]) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "handler.ts"), code);
  }
  return folder;
}

/** Synthesizes one environment as the program does, with small functions, and reads back what was written. */
export function synthesized({ environment, routes, code = HANDLER }: Variation = {}): (part: string) => Stack {
  const outdir = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  try {
    const described = { ...dev, ...environment };
    const lambdas = lambdasOf(
      code,
      (routes ?? contract.routes).map(({ handler }) => handler),
    );
    const table = routes === undefined ? contract : defineRoutes(routes, lambdas);
    synthesize([described], table, { outdir, lambdas });
    const stacks = readStacks(outdir, `${described.project}-${described.name}-`);
    return (part) => {
      const stack = stacks.get(part);
      if (!stack) throw new Error(`no stack ${part}; there are ${[...stacks.keys()].join(", ")}`);
      return stack;
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

function readStacks(outdir: string, prefix: string): Map<string, Stack> {
  const manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  return new Map(
    Object.entries(manifest.stacks).map(([id, { synthesizedStackPath }]) => [
      id.replace(prefix, ""),
      stackOf(JSON.parse(readFileSync(join(outdir, synthesizedStackPath), "utf8")) as Stack["json"]),
    ]),
  );
}

function stackOf(json: Stack["json"]): Stack {
  const entries = (type: string): [string, Block][] => Object.entries(json.resource[type] ?? {});
  return {
    json,
    all: (type) => entries(type).map(([, block]) => block),
    one: (type, idStart = "") => {
      const found = entries(type).filter(([id]) => id.startsWith(idStart));
      const [only] = found;
      if (only === undefined || found.length > 1) {
        throw new Error(
          `${found.length} ${type} whose id begins with "${idStart}": ${entries(type)
            .map(([id]) => id)
            .join(", ")}`,
        );
      }
      return only[1];
    },
  };
}

/** A policy document held as text by a resource. */
export function policyOf(
  block: Block,
  attribute = "policy",
): { readonly Statement: readonly Record<string, unknown>[] } {
  return JSON.parse(String(block[attribute])) as { Statement: Record<string, unknown>[] };
}
