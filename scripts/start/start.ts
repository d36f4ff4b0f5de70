import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { environments } from "../../environments";
import { routes } from "../../environments/routes";
import { examplesOf, type RouteExamples } from "./examples";

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

function main(args: readonly string[]): void {
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
      ...args,
    ],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  served.on("exit", (code) => {
    process.exitCode = code ?? 0;
  });
  passSignalsOn(served);
  if (served.stdout !== null) {
    createInterface({ input: served.stdout }).once("line", (line) => explain(JSON.parse(line) as Ready));
  }
}

/** Ctrl-C reaches the whole foreground group by itself; a signal sent to this process alone has to be handed on. */
function passSignalsOn(served: ChildProcess): void {
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => served.kill("SIGTERM"));
}

function explain({ url, apis }: Ready): void {
  const [environment] = environments(ENVIRONMENT);
  const api = apis.find(({ name }) => name.endsWith("public-api")) ?? apis[0];
  if (environment === undefined || api === undefined) return;
  say(
    `\n${api.name} is served at ${api.url} with all of its access controls. One call that is let in and one that is not, for each route:\n`,
  );
  for (const example of examplesOf(api.url, environment, routes)) say(`${block(example)}\n`);
  say(
    `Other APIs: ${
      apis
        .filter((other) => other !== api)
        .map((other) => `${other.name} ${other.url}`)
        .join(", ") || "none"
    }. AWS endpoint for SDKs: ${url}`,
  );
  say("Every refused request is explained below. Stop with Ctrl-C.");
}

function block({ route, allowed, refused }: RouteExamples): string {
  return [
    route,
    ...[allowed, refused].map(({ status, because, command }) => `  # ${status}: ${because}\n  ${command}`),
  ].join("\n");
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main(process.argv.slice(2));
