import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { environments } from "../../environments";
import { examplesOf, type Example, type RouteExamples } from "./examples";
import { ownAccountCaller } from "./own-account";

/**
 * The main job on a developer's machine: synthesizes one environment, serves it with every control enforced, and says
 * how to call each route. The serving process sees nothing of this one but the directory: what it proves is the
 * synthesized JSON.
 */
const ENVIRONMENT = process.env["PORTCULLIS_ENV"] || "dev";
const root = join(__dirname, "..", "..");

interface Ready {
  readonly url: string;
  readonly apis: readonly { readonly name: string; readonly url: string }[];
}

const USAGE = `Usage: npm start [-- OPTION…]

Synthesizes the environment that PORTCULLIS_ENV names (default dev) and serves it, with a call for each route that is let
in and one that is not. Options are those of \`npx portcullis serve --help\`: --port N, --callers FILE, --trace, --watch, …
`;

async function main(args: readonly string[]): Promise<void> {
  if (args.some((arg) => arg === "--help" || arg === "-h")) {
    process.stdout.write(USAGE);
    return;
  }
  say(`Synthesizing ${ENVIRONMENT} …`);
  const synth = spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: root,
    env: { ...process.env, PORTCULLIS_ENV: ENVIRONMENT },
    stdio: ["ignore", 2, 2],
  });
  if (synth.status !== 0) {
    process.exitCode = synth.status ?? 1;
    return;
  }
  // Read after the synthesis, which has said what is wrong with it, if anything is.
  const { routes } = await import("../../environments/routes.js");
  const [environment] = environments(ENVIRONMENT);
  if (environment === undefined) return;
  // A callers file of the person's own takes the place of ours.
  const own = args.some((arg) => arg.startsWith("--callers")) ? undefined : ownAccountCaller(root, environment, routes);
  say("Starting the gateway on the synthesized JSON …");
  const served = spawn(
    process.execPath,
    [
      join(root, "bin", "portcullis.js"),
      "serve",
      "cdktf.out",
      "--env",
      ENVIRONMENT,
      "--simulate-network",
      "--json",
      ...(own === undefined ? [] : ["--callers", own.callersFile]),
      ...args,
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  served.on("exit", (code) => {
    process.exitCode = code ?? 0;
  });
  passSignalsOn(served);
  if (served.stdout !== null) {
    createInterface({ input: served.stdout }).once("line", (line) => {
      const { url, apis } = JSON.parse(line) as Ready;
      const urlOf = (kind: string): string | undefined => apis.find(({ name }) => name.endsWith(`${kind}-api`))?.url;
      const urls = { public: urlOf("public"), private: urlOf("private") };
      explain(apis, url, examplesOf({ urls, ownAccount: own?.curlConfig }, environment, routes));
    });
  }
}

/** Ctrl-C reaches the whole foreground group by itself; a signal sent to this process alone has to be handed on. */
function passSignalsOn(served: ChildProcess): void {
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => served.kill("SIGTERM"));
}

function explain(apis: Ready["apis"], url: string, examples: readonly RouteExamples[]): void {
  say("\nServed with all of their access controls:");
  for (const api of apis) say(`  ${api.name} ${api.url}`);
  say(
    "\nFor each route one call that is let in and one that is not; paste them in this folder, in another terminal:\n",
  );
  for (const example of examples) say(`${block(example)}\n`);
  say(`AWS endpoint for SDKs: ${url}. Every refused request is explained below. Stop with Ctrl-C.`);
}

function block({ route, allowed, refused }: RouteExamples): string {
  const lines = (examples: readonly (Example | undefined)[]): string[] =>
    examples.flatMap((example) =>
      example === undefined ? [] : [`  # ${example.status}: ${example.because}\n  ${example.command}`],
    );
  return [route, ...lines([allowed, refused])].join("\n");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

void main(process.argv.slice(2));
