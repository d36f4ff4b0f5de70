import type { Wording } from "../decision/denials";
import { InputError } from "../errors";
import { runtimeProblems } from "../lambda/runtimes";
import { StateFolder } from "../local/state";
import { confinedProblems } from "../model/confined";
import type { Model, Problem } from "../model/types";
import type { Backend, Prepared } from "./backend";
import { openBackend, prepare } from "./backend";
import { DeniedRequests } from "./denied-requests";
import { localServices } from "./local-services";
import { isLoopback } from "./network-position";
import type { Reporter } from "./reporter";
import { GatewayServer } from "./server";
import type { ApiSummary } from "./summary";
import { summarize } from "./summary";

export const defaultPort = 9300;

export interface GatewayOptions {
  /** The directory that `load` reads; local state lies beside it. */
  readonly directory: string;
  load(): Promise<Model>;
  /** Default 9300; 0 for any free port. */
  readonly port?: number | undefined;
  /** Address to listen on. Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Path of the callers file. */
  readonly callersFile?: string | undefined;
  /** Honour the `x-portcullis-*` headers of clients on this machine. Default false. */
  readonly simulateNetwork?: boolean | undefined;
  readonly wording?: Wording | undefined;
  readonly reporter: Reporter;
}

/** A gateway that is listening. */
export interface Gateway {
  /** `http://127.0.0.1:9300` */
  readonly url: string;
  readonly model: Model;
  readonly apis: readonly ApiSummary[];
  /** What is served with less than the configuration says, each at its address. */
  readonly warnings: readonly Problem[];
  /**
   * Reads the directory again and serves what it says now. Requests under way are answered by what was served before.
   * @throws InputError where it cannot be served; what was served before goes on
   */
  reload(): Promise<void>;
  /** Answers what is under way and stops, with every function. */
  close(): Promise<void>;
}

/**
 * Serves every REST API of a directory, with each of its access controls, on one port.
 * @throws InputError with everything that is wrong, before anything listens: the directory, what cannot be served, the
 *   callers file, the port
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { directory, callersFile, reporter, host = "127.0.0.1", port = defaultPort } = options;
  const state = new StateFolder(directory);
  const load = async () => {
    const model = await options.load();
    refuseUnservable(model, directory);
    const prepared = prepare(model, options.wording);
    // Made once before the address is known, so that a bad callers file stops the start.
    localServices({ model, state, callersFile, origin: "http://127.0.0.1" });
    return prepared;
  };
  let prepared = await load();
  const denied = new DeniedRequests(state);
  const server = new GatewayServer({
    port,
    host,
    simulateNetwork: options.simulateNetwork ?? false,
    reporter: remembering(reporter, denied),
  });
  const url = forThisMachine(await server.listen());
  let backend: Backend | undefined;
  const use = (next: Prepared) => {
    const onRefusal = (because: string) => reporter.notice(because);
    const services = localServices({ model: next.model, state, callersFile, origin: url, onRefusal });
    backend = openBackend(next, url, services, (line) => reporter.log(line), backend);
    server.use(backend);
    prepared = next;
  };
  use(prepared);
  if (
    !isLoopback(new URL(`http://${host.includes(":") ? `[${host}]` : host}`).hostname.replace(/^\[|\]$/g, "")) &&
    host !== "localhost"
  ) {
    reporter.notice(
      `Listening on ${host}: other machines can reach this gateway, its local credentials service and the functions behind it.`,
    );
  }
  return {
    url,
    get model() {
      return prepared.model;
    },
    get apis() {
      return summarize(prepared, url);
    },
    get warnings() {
      return warningsOf(prepared.model);
    },
    reload: async () => use(await load()),
    close: async () => {
      await server.close();
      denied.flush();
    },
  };
}

/** What is confined to a route or a policy does not stop the rest: nothing is allowed on its strength. */
function refuseUnservable(model: Model, directory: string): void {
  const confined = confinedProblems(model);
  const errors = model.problems.filter((problem) => problem.severity === "error" && !confined(problem));
  if (errors.length > 0) {
    throw new InputError(
      errors.map(({ message, source }) => ({ what: message, where: `${source.file}: ${source.address}` })),
    );
  }
  if (model.apis.length === 0) {
    throw new InputError({
      what: "There is no REST API to serve.",
      where: directory,
      next: "Synthesize first (cdktf synth), or name a directory that holds an aws_api_gateway_rest_api.",
    });
  }
  if (model.apis.every((api) => api.stages.length === 0)) {
    throw new InputError({
      what: "No REST API has a stage, so nothing can be called.",
      where: directory,
      next: "Add an aws_api_gateway_stage.",
    });
  }
}

/**
 * Warnings of the configuration, errors that are confined to what they are about, and functions that a route or
 * authorizer needs and that cannot run here.
 */
function warningsOf(model: Model): readonly Problem[] {
  const needed = new Set<string>();
  for (const { routes, authorizers } of model.apis) {
    for (const { integration } of routes) if (integration?.type === "AWS_PROXY") needed.add(integration.functionArn);
    for (const authorizer of authorizers) if ("functionArn" in authorizer) needed.add(authorizer.functionArn);
  }
  const functions = model.functions.filter(({ arn }) =>
    [...needed].some((each) => each === arn || each.startsWith(`${arn}:`)),
  );
  // A model with any other error is not served.
  const warnings = model.problems;
  // The loader may have said of the same function already why it has no code.
  const told = ({ source }: Problem) => warnings.some(({ source: { address } }) => address.startsWith(source.address));
  return [...warnings, ...runtimeProblems(functions).filter((problem) => !told(problem))];
}

/** A client on this machine cannot connect to the address that stands for all. */
function forThisMachine(origin: string): string {
  return origin.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function remembering(reporter: Reporter, denied: DeniedRequests): Reporter {
  return {
    ...reporter,
    denied: (exchange, status, body) => {
      denied.remember(exchange, status, body);
      reporter.denied(exchange, status, body);
    },
  };
}
