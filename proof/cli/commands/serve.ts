import { resolve } from "node:path";
import { InputError } from "../../errors";
import { consoleReporter } from "../../gateway/console-reporter";
import type { Gateway } from "../../gateway/gateway";
import { defaultPort, startGateway } from "../../gateway/gateway";
import { cdktfAppOf } from "../../gateway/cdktf-app";
import { resynthesizeOnChange } from "../../gateway/resynthesize";
import type { Watch } from "../../gateway/watch";
import { watch } from "../../gateway/watch";
import { loadModel } from "../../model/load";
import type { Model } from "../../model/types";
import type { Command, Io, Values } from "../command";

const DIRECTORY = "cdktf.out";

/** @param load reads the model of a directory; tests pass their own */
export function serveCommand(load: (directory: string, values: Values) => Promise<Model>): Command {
  return {
    name: "serve",
    summary: "Serves every REST API found in DIR, with all of its access controls.",
    usage: "serve [DIR] [--env E] [--port N] [--callers FILE] [--json] [--simulate-network] [--trace] [--watch]",
    help: [
      `DIR                 synthesized JSON or Terraform JSON configuration (default ${DIRECTORY})`,
      "--env E             the environment, where DIR holds several",
      `--port N            default ${defaultPort}; 0 for any free port`,
      "--host H            address to listen on (default 127.0.0.1: this machine only)",
      "--callers FILE      who may sign, beyond the roles in DIR",
      "--account ID        the account that owns what DIR does not place in one",
      "--simulate-network  honour x-portcullis-source-ip, -vpc and -vpce from clients on this machine",
      "--trace             print every step of every decision",
      "--watch             serve DIR anew whenever it changes; of a CDKTF project, synthesize it when its sources change",
      "--json              print one line of JSON on stdout once ready; everything else goes to stderr",
    ],
    options: {
      env: { type: "string" },
      port: { type: "string" },
      host: { type: "string" },
      callers: { type: "string" },
      account: { type: "string" },
      json: { type: "boolean" },
      "simulate-network": { type: "boolean" },
      trace: { type: "boolean" },
      watch: { type: "boolean" },
    },
    positionals: [0, 1],
    async run(io, values, [name = DIRECTORY]) {
      const directory = resolve(io.cwd, name);
      const json = values.json === true;
      const callers = text(values.callers);
      const gateway = await startGateway({
        directory,
        load: () => load(directory, values),
        port: port(values.port),
        host: text(values.host),
        callersFile: callers === undefined ? undefined : resolve(io.cwd, callers),
        simulateNetwork: values["simulate-network"] === true,
        reporter: consoleReporter((line) => io.err(`${line}\n`), values.trace === true),
      });
      if (json) io.out(`${JSON.stringify({ ready: true, url: gateway.url, apis: gateway.apis })}\n`);
      else io.out(overview(gateway));
      for (const { message, source } of gateway.warnings)
        io.err(`warning: ${source.file}: ${source.address}: ${message}\n`);
      const watches =
        values.watch === true ? watchAll(gateway, directory, text(values.env), (line) => io.err(`${line}\n`)) : [];
      await untilStopped(gateway, io);
      for (const { stop } of watches) stop();
      return 0;
    },
  };
}

export const command = serveCommand(async (directory, values) => {
  const environment = text(values.env);
  const account = text(values.account);
  return loadModel(directory, {
    ...(environment === undefined ? {} : { environment }),
    ...(account === undefined ? {} : { account }),
  });
});

/** What is served and how each route is protected, for people. */
function overview({ url, apis }: Gateway): string {
  const lines = [`Serving on ${url}`];
  for (const api of apis) {
    const wide = Math.max(...api.routes.map(({ path }) => path.length), 0);
    lines.push("", `${api.name} (${api.id}), stage ${api.stage}: ${api.url}`);
    for (const { method, path, auth } of api.routes) lines.push(`  ${method.padEnd(7)} ${path.padEnd(wide)}  ${auth}`);
  }
  if (new Set(apis.map(({ id }) => id)).size > 1) {
    lines.push("", `A client that cannot resolve *.localhost reaches them at ${url}/<name or id>/<stage>/… as well.`);
  }
  return `${lines.join("\n")}\n\nEvery refused request is explained below. Stop with Ctrl-C.\n`;
}

/** Serves the directory anew when it changes, and has it synthesized anew when the CDKTF project behind it changes. */
function watchAll(
  gateway: Gateway,
  directory: string,
  environment: string | undefined,
  tell: (line: string) => void,
): readonly Pick<Watch, "stop">[] {
  const reload = async () => {
    try {
      await gateway.reload();
      tell(`Serving ${directory} as it is now.`);
      for (const { message, source } of gateway.warnings)
        tell(`warning: ${source.file}: ${source.address}: ${message}`);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      tell(`${directory} cannot be served as it is now; what was served goes on.\n${error.message}`);
    }
  };
  const output = watch({ directory, includes: (name) => name.endsWith(".json") }, () => void reload());
  const app = cdktfAppOf(directory);
  if (app === undefined) return [output];
  // What the app has half written is not looked at.
  const [onStart, onEnd] = [() => output.pause(), () => output.look()];
  return [output, resynthesizeOnChange(app, { directory, environment, tell, onStart, onEnd })];
}

/** A signal that comes twice within this time is one: a terminal and npm both pass Ctrl-C on. In ms. */
const onePressMs = 1_000;

/** Until the first SIGINT or SIGTERM, and until what is under way then is answered. Another one does not wait for that. */
async function untilStopped(gateway: Gateway, io: Io): Promise<void> {
  await new Promise<void>((resolve) => {
    let first: number | undefined;
    const stop = (signal: NodeJS.Signals) => {
      const now = performance.now();
      if (first !== undefined && now - first > onePressMs) process.exit(signal === "SIGINT" ? 130 : 143);
      if (first === undefined && signal === "SIGINT") io.err("\nStopping.\n");
      first ??= now;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
    if (process.env["npm_command"] !== undefined) onParentGone(resolve);
  });
  await gateway.close();
}

/** How often it is looked whether the process that started this one is still there, in ms. */
const parentLookMs = 250;

/**
 * `npx` and `npm start` run a command below a shell that does not pass a signal on: who ends them would leave a gateway
 * behind that holds the port. A process that lost its parent has another one.
 */
function onParentGone(then: () => void): void {
  const parent = process.ppid;
  const looking = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(looking);
    then();
  }, parentLookMs);
  looking.unref();
}

function port(value: Values[string]): number | undefined {
  if (value === undefined) return undefined;
  const given = text(value) ?? "";
  const number = Number(given);
  if (!/^\d+$/.test(given) || number > 65_535) {
    throw new InputError({
      what: `'${given}' is not a port.`,
      where: "--port",
      next: "Give a number from 1 to 65535, or 0 for any free port.",
    });
  }
  return number;
}

function text(value: Values[string]): string | undefined {
  return typeof value === "string" ? value : undefined;
}
