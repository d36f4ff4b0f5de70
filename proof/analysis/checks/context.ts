import { begin } from "../../decision";
import type { Assumptions, Decision, SyncPorts } from "../../decision";
import type { PreparedApi } from "../../decision/engine";
import { readRequestFile } from "../../decision/request-file";
import type { RequestFile } from "../../decision/request-file";
import { apiOf, wireRequestOf } from "../../decision/wire-request";
import { invokePermission } from "../../gateway/invoke-permission";
import type { InvokePermission } from "../../gateway/invoke-permission";
import { resolveCaller } from "../../local/named-caller";
import type { Api, Model } from "../../model/types";
import type { Budget } from "../budget";
import { DEFAULT_BUDGET } from "../budget";
import { spaceOf } from "../space";
import { ANALYSIS_TIME, prepareSide, viewOf } from "../view";
import type { Side } from "../view";
import { codeOf } from "./code";
import type { RouteClasses } from "./classes";
import { routeClasses } from "./classes";

/** One API at one of its stages. */
export interface CheckedStage {
  readonly api: Api;
  readonly prepared: PreparedApi;
  readonly stage: string;
  /** What a request file calls the API by: its name, or its id where several have that name. */
  readonly label: string;
  /** All requests, by the route that serves them. Computed once, when it is first asked for. */
  classes(): readonly RouteClasses[];
}

/** All that a rule may ask of a configuration. */
export interface CheckContext {
  readonly model: Model;
  readonly side: Side;
  readonly stages: readonly CheckedStage[];
  /** Why API Gateway may not invoke a function, or undefined where it may. */
  readonly mayInvoke: InvokePermission;
  /** The text of a function's code; undefined where its zip is not here. */
  codeOf(functionArn: string): string | undefined;
  /**
   * Decides a request file as `explain` does. A Lambda authorizer whose answer the file does not hold is not run: it
   * rejects the caller.
   */
  decide(request: RequestFile): Decision;
  /** The request where it is decided so, else null. */
  witness(request: RequestFile, outcome: Decision["outcome"]): RequestFile | null;
}

export interface CheckOptions {
  /** Path templates that requests are told apart by as well, whether a route has them or not. */
  readonly paths?: readonly string[];
  readonly budget?: Budget;
}

/** @throws InputError with every policy, identity source and expression that cannot be evaluated exactly */
export function prepareChecks(model: Model, options: CheckOptions = {}): CheckContext {
  const side = prepareSide(model);
  const decide = (written: RequestFile): Decision => decideFile(side, written);
  return {
    model,
    side,
    mayInvoke: invokePermission(model),
    stages: model.apis.flatMap((api) => stagesOf(side, api, options)),
    codeOf: (functionArn) => codeOf(model, functionArn),
    decide,
    witness: (request, outcome) => (decide(request).outcome === outcome ? request : null),
  };
}

function stagesOf(side: Side, api: Api, { budget = DEFAULT_BUDGET, paths = [] }: CheckOptions): CheckedStage[] {
  const prepared = side.engine.apis.get(api.address);
  if (prepared === undefined) return [];
  const alone = side.model.apis.every((other) => other === api || other.name !== api.name);
  const label = alone ? api.name : api.id;
  return api.stages.map(({ name: stage }) => {
    let known: readonly RouteClasses[] | undefined;
    const classes = () =>
      (known ??= routeClasses(spaceOf([viewOf(side, api, stage)], budget, paths), { api, stage, label }));
    return { api, prepared, stage, label, classes };
  });
}

const NOBODYS_PORTS: Omit<SyncPorts, "now"> = { findCredential: () => undefined, jwks: () => ({ keys: [] }) };

function decideFile(side: Side, written: RequestFile): Decision {
  const where = "the witness";
  // Through JSON and back, so that what is shown is what is decided.
  const file = readRequestFile(JSON.parse(JSON.stringify(written)), where);
  const api = apiOf(file, side.model.apis, where);
  const request = wireRequestOf(file, api, where, "00000000-0000-4000-8000-000000000000");
  const now = file.time === undefined ? ANALYSIS_TIME : Date.parse(file.time);
  const assumptions: Assumptions = {
    ...(file.caller === undefined ? {} : { caller: callerOf(side, file.caller, where) }),
    ...(file.claims === undefined ? {} : { claims: file.claims }),
    ...("authorizerResult" in file ? { authorizerResult: file.authorizerResult } : {}),
    authorizers: "authorizerResult" in file ? file.authorizers : [],
    authorizerRefused: side.authorizerRefused,
  };
  const begun = begin(side.engine, api, request, { ...NOBODYS_PORTS, now: () => now }, assumptions);
  if ("pending" in begun) throw new Error(`${begun.authorizer.address} was to be asked.`);
  return begun;
}

function callerOf({ model }: Side, asked: NonNullable<RequestFile["caller"]> | null, where: string) {
  return asked === null ? null : resolveCaller(asked, { model, listed: [] }, where, ANALYSIS_TIME).caller;
}
