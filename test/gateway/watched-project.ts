import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

/** This project's own provision wing in a folder of its own, so that its sources can be changed. */
export function copyOfThisProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  const sources = ["package.json", "tsconfig.json", "cdktf.json", "main.ts"];
  for (const name of [...sources, "environments", "stacks", "constructs", "lambdas"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** An edit of a source with a request that is answered otherwise from then on. */
export interface Edit {
  readonly name: string;
  readonly file: string;
  /** @param turn differs each time, so that each edit changes something */
  readonly apply: (text: string, turn: number) => string;
  readonly path: (turn: number) => string;
  readonly sourceIp: (turn: number) => string;
  readonly isNew: (answer: Answer, turn: number) => boolean;
}

/** A route, the resource policy and a function: what the access control of a request depends on. */
export const edits: readonly Edit[] = [
  {
    name: "route table",
    file: "environments/routes.ts",
    apply: (text, turn) =>
      text.replace(
        /(defineRoutes\(\[\n)(?:.*\/added-.*\n)?/,
        `$1  { verb: "GET", path: "/added-${turn}", protection: publicRoute({ reason: "Added to see it served." }), handler: "health" },\n`,
      ),
    path: (turn) => `/dev/added-${turn}`,
    sourceIp: () => "203.0.113.7",
    isNew: ({ status }) => status === 200,
  },
  {
    name: "environment file",
    file: "environments/dev.ts",
    apply: (text, turn) => text.replace(/deniedRanges: \["[^"]*"/, `deniedRanges: ["192.0.2.${turn}/32"`),
    path: () => "/dev/health",
    sourceIp: (turn) => `192.0.2.${turn}`,
    isNew: ({ status }) => status === 403,
  },
  {
    name: "function",
    file: "lambdas/health/handler.ts",
    apply: (text, turn) => text.replace(/status: "[^"]*"/, `status: "turn ${turn}"`),
    path: () => "/dev/health",
    sourceIp: () => "203.0.113.7",
    isNew: ({ body }, turn) => body.includes(`"turn ${turn}"`),
  },
];

export function applyEdit(project: string, { file, apply }: Edit, turn: number): void {
  const path = join(project, file);
  const before = readFileSync(path, "utf8");
  const after = apply(before, turn);
  if (after === before) throw new Error(`The edit of ${file} changes nothing.`);
  writeFileSync(path, after);
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Asks the public API; rejects where the connection is not answered. */
export function ask(url: string, path: string, sourceIp: string): Promise<Answer> {
  const headers = { host: "portcullis-dev-public-api.localhost", "x-portcullis-source-ip": sourceIp };
  return new Promise((resolve, reject) => {
    request(new URL(path, url), { headers }, (response) => {
      let body = "";
      response.on("data", (chunk) => (body += String(chunk)));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", reject);
    })
      .on("error", reject)
      .end();
  });
}
