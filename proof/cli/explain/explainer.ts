import { randomUUID } from "node:crypto";
import { begin, complete } from "../../decision/decide";
import type { PendingAuthorizer } from "../../decision/decide";
import { prepareEngine } from "../../decision/engine";
import type { Assumptions, AuthorizerOutcome, SyncPorts } from "../../decision/ports";
import { methodArn } from "../../decision/arn";
import { readPath } from "../../decision/path";
import { readRequestFile } from "../../decision/request-file";
import type { PassedStep, RequestFile } from "../../decision/request-file";
import type { Decision, Denial, TraceStep, WireRequest } from "../../decision/types";
import { apiOf, sourceIpOf, wireRequestOf } from "../../decision/wire-request";
import { InputError } from "../../errors";
import type { InputProblem } from "../../errors";
import type { Backend, Prepared } from "../../gateway/backend";
import { authorizerPermission } from "../../gateway/authorizer-permission";
import type { AuthorizerPermission } from "../../gateway/authorizer-permission";
import { openBackend } from "../../gateway/backend";
import type { Exchange } from "../../gateway/exchange";
import { renderDenial } from "../../gateway/gateway-responses";
import { Hosts } from "../../gateway/hosts";
import { invokePermission } from "../../gateway/invoke-permission";
import { localServices } from "../../gateway/local-services";
import { silent } from "../../gateway/reporter";
import type { ServedApi } from "../../gateway/served-api";
import { prepareApi } from "../../gateway/served-api";
import { Usage } from "../../gateway/usage";
import { GatewayServer } from "../../gateway/server";
import { decideAssumption, isAssumed } from "../../local/assumption";
import type { Assumption } from "../../local/assumption";
import { readCallersFile } from "../../local/credentials-file";
import type { KnownCallers } from "../../local/named-caller";
import { resolveCaller } from "../../local/named-caller";
import type { StateFolder } from "../../local/state";
import type { StsError } from "../../local/sts-errors";
import { failure } from "../../local/sts-xml";
import { confinedProblems } from "../../model/confined";
import type { Api, Model, Route } from "../../model/types";
import { Warnings } from "./warnings";

/** What `explain --json` writes. */
export interface Explanation {
  /** As in the request. */
  readonly id?: unknown;
  readonly outcome: "allow" | "deny";
  /** 200 where the request reaches its integration, which is not called. */
  readonly status: number;
  readonly errorType: string | null;
  /** As it would stand on the wire, with the API's own gateway responses applied; null for an admitted request. */
  readonly body: string | null;
  /** `GET /orders/{id}`; null where no route serves the request, or STS refused the session that was to send it. */
  readonly route: string | null;
  readonly methodArn: string;
  readonly trace: readonly TraceStep[];
}

export interface ExplainerOptions {
  readonly model: Model;
  readonly state: StateFolder;
  /** Path of the callers file. */
  readonly callersFile?: string;
  warn(text: string): void;
}

/** Decides written-down requests, each by itself: no answer of an authorizer is kept from one to the next. */
export class Explainer {
  readonly #options: ExplainerOptions;
  readonly #prepared: Prepared;
  readonly #ports: Omit<SyncPorts, "now">;
  readonly #refused: AuthorizerPermission;
  readonly #callers: KnownCallers;
  readonly #warnings: Warnings;
  #running: { readonly server: GatewayServer; readonly backend: Backend } | undefined;

  /** @throws InputError with every problem of the configuration and the callers file */
  constructor(options: ExplainerOptions) {
    const { model, callersFile } = options;
    this.#options = options;
    this.#warnings = new Warnings((text) => options.warn(text));
    const confined = confinedProblems(model);
    const problems = model.problems
      .filter((problem) => problem.severity === "error" && !confined(problem))
      .map(({ message, source }): InputProblem => ({ what: message, where: `${source.file}: ${source.address}` }));
    if (problems.length > 0) throw new InputError(problems);
    const served = model.apis.map((api) => prepareApi(api, model));
    const engine = prepareEngine(model, { cacheEntries: 0 });
    this.#prepared = { model, engine, served, hosts: new Hosts(served) };
    this.#callers = { model, listed: callersFile === undefined ? [] : readCallersFile(callersFile, model) };
    this.#ports = this.#services("http://127.0.0.1").ports;
    this.#refused = authorizerPermission(model, invokePermission(model));
  }

  /**
   * @param value a parsed request file
   * @param where where it stands, for problems
   * @throws InputError with every problem of the request
   */
  async explain(value: unknown, where: string): Promise<Explanation> {
    const file = readRequestFile(value, where);
    const now = file.time === undefined ? Date.now() : Date.parse(file.time);
    const { api, request, assumptions, assumption } = this.#read(file, where, now);
    const id = file.id === undefined ? {} : { id: file.id };
    if (assumption?.refusal !== undefined)
      return { ...id, ...notAssumed(assumption, assumption.refusal, api, request) };
    const begun = begin(this.#prepared.engine, api, request, { ...this.#ports, now: () => now }, assumptions);
    const decision = "pending" in begun ? complete(begun, await this.#invoke(begun)) : begun;
    const { trace, ...answer } = this.#explanation(decision, request, now, file.passes ?? []);
    return { ...id, ...answer, trace: assumption === undefined ? trace : [assumption.step, ...trace] };
  }

  /** Ends the functions that were started for authorizers. */
  async close(): Promise<void> {
    await this.#running?.server.close(0);
    this.#running = undefined;
  }

  #read(file: RequestFile, where: string, now: number) {
    const problems: InputProblem[] = [];
    const api = collected(problems, () => apiOf(file, this.#prepared.model.apis, where));
    const request = api && collected(problems, () => wireRequestOf(file, api, where, randomUUID()));
    const { caller: asked, claims } = file;
    const caller = asked && collected(problems, () => resolveCaller(asked, this.#callers, where, now));
    const assumption =
      caller && isAssumed(asked)
        ? collected(problems, () => decideAssumption(asked, this.#callers, where, { now, sourceIp: sourceIpOf(file) }))
        : undefined;
    if (problems.length > 0 || api === undefined || request === undefined) throw new InputError(problems);
    const known = [...(this.#prepared.engine.apis.get(api.address)?.lambda.values() ?? [])];
    this.#warnings.unknownAuthorizers(
      file.authorizers ?? [],
      known.map(({ authorizer }) => authorizer.name),
      api.name,
    );
    if (caller?.known === false) this.#warnings.unknownCaller(caller.caller.principal.principalArn);
    if (assumption?.unknown !== undefined) this.#warnings.unknownCaller(assumption.unknown);
    const assumptions: Assumptions = {
      ...(asked === undefined ? {} : { caller: caller?.caller ?? null }),
      ...(claims === undefined ? {} : { claims }),
      ...("authorizerResult" in file ? { authorizerResult: file.authorizerResult } : {}),
      authorizers: file.authorizers,
      authorizerRefused: this.#refused,
    };
    return { api, request, assumptions, assumption };
  }

  #explanation(
    decision: Decision,
    request: WireRequest,
    now: number,
    passes: readonly PassedStep[],
  ): Omit<Explanation, "id"> {
    const { route, methodArn } = decision;
    const served = this.#prepared.served.find(({ api }) => api === decision.api);
    if (served === undefined) throw new Error(`${decision.api.address} was not prepared.`);
    const { isBinary } = served;
    const exchange = { isBinary, request, decision, startedAt: now, extendedRequestId: "", traceId: "" };
    const behind = decision.outcome === "allow" ? this.#behind(exchange, served, passes) : { steps: [] };
    const denial = behind.denial ?? decision.denial;
    const answer = denial === undefined ? undefined : renderDenial(denial, served.responses, exchange);
    return {
      outcome: denial === undefined ? "allow" : "deny",
      status: answer?.status ?? 200,
      errorType: denial?.errorType ?? null,
      body: answer === undefined ? null : String(answer.body),
      route: route === undefined ? null : `${route.method} ${route.path}`,
      methodArn,
      trace: [...decision.trace, ...behind.steps],
    };
  }

  /** API key and request validation, which come behind authorization. Counted limits start anew for each request. */
  #behind(exchange: Exchange, served: ServedApi, passes: readonly PassedStep[]): Behind {
    const { route } = exchange.decision;
    const validator = route && served.validators.get(route);
    const steps: TraceStep[] = [];
    const usage = new Usage(served.api, this.#options.model).check(exchange);
    if (usage.outcome === "refuse" && !passes.includes("api-key")) return { steps: [usage.step], denial: usage.denial };
    if (passes.includes("api-key") && route?.apiKeyRequired === true) {
      steps.push(taken("api-key", "The method needs an API key, which is taken as good and within its limits.", route));
    } else if (usage.outcome === "refuse" && route !== undefined) {
      steps.push(taken("api-key", `This is taken as passed: ${usage.step.because}`, route));
    }
    if (validator === undefined || route === undefined) return { steps };
    if (passes.includes("validator")) {
      return {
        steps: [...steps, taken("validator", "The request is taken as one that the method's validator passes.", route)],
      };
    }
    const valid = validator(exchange);
    return valid.outcome === "refuse" ? { steps: [...steps, valid.step], denial: valid.denial } : { steps };
  }

  async #invoke(pending: PendingAuthorizer): Promise<AuthorizerOutcome> {
    this.#running ??= await this.#start();
    return this.#running.backend.ports.invokeAuthorizer(pending.authorizer, pending.event());
  }

  /** Functions call local AWS endpoints and issuers, so these are there while one runs, on a port of this machine. */
  async #start(): Promise<{ readonly server: GatewayServer; readonly backend: Backend }> {
    const server = new GatewayServer({ port: 0, host: "127.0.0.1", simulateNetwork: false, reporter: silent });
    const origin = await server.listen();
    const backend = openBackend(this.#prepared, origin, this.#services(origin), ({ functionName, line }) =>
      this.#options.warn(`${functionName}: ${line}`),
    );
    server.use(backend);
    return { server, backend };
  }

  #services(origin: string) {
    const { model, state, callersFile } = this.#options;
    return localServices({ model, state, callersFile, origin });
  }
}

interface Behind {
  readonly steps: readonly TraceStep[];
  readonly denial?: Denial;
}

function taken(step: PassedStep, because: string, { source }: Route): TraceStep {
  return { step, result: "assumed", because, source };
}

/** STS refused the session, so the request itself was never sent. */
function notAssumed(
  { step }: Assumption,
  refusal: StsError,
  api: Api,
  { rawPath, method, requestId }: WireRequest,
): Omit<Explanation, "id"> {
  const { stage, path } = readPath(rawPath);
  return {
    outcome: "deny",
    status: refusal.status,
    errorType: refusal.code,
    body: String(failure(refusal, requestId).body),
    route: null,
    methodArn: methodArn(api, stage, method, path),
    trace: [step],
  };
}

function collected<T>(problems: InputProblem[], make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
