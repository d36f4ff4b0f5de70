import { begin, prepareEngine } from "../decision";
import type { Caller, Decision, Engine, SyncPorts } from "../decision";
import type { PreparedApi } from "../decision/engine";
import type { RequestFile } from "../decision/request-file";
import { wireRequestOf } from "../decision/wire-request";
import { authorizerPermission } from "../gateway/authorizer-permission";
import type { AuthorizerPermission } from "../gateway/authorizer-permission";
import { compileGatewayResponses } from "../gateway/gateway-responses";
import type { GatewayResponses } from "../gateway/gateway-responses";
import { invokePermission } from "../gateway/invoke-permission";
import type { CompiledPolicy } from "../iam";
import { resolveCaller } from "../local/named-caller";
import type { Api, LambdaAuthorizer, Model } from "../model/types";
import type { CallerSubject, Subject } from "./subject";
import type { Verdict } from "./verdict";

/** A configuration made ready to be asked. */
export interface Side {
  readonly model: Model;
  readonly engine: Engine;
  /** Why API Gateway may not invoke an authorizer; undefined where it may. */
  readonly authorizerRefused: AuthorizerPermission;
}

/** One API and stage as one configuration has them; without an API where the configuration has none. */
export interface View {
  readonly side: Side;
  readonly prepared?: PreparedApi;
  readonly stage: string;
  /** What the API answers in the place of AWS's own refusals. */
  readonly responses: GatewayResponses;
  /** Compiled policies of a caller's own, by caller. */
  readonly callers: Map<CallerSubject, Caller>;
  /** Answers to requests on which the same statements were in play. */
  readonly decided: Map<string, Verdict>;
}

/** @throws InputError with every policy, identity source and expression that cannot be evaluated exactly */
export function prepareSide(model: Model): Side {
  const engine = prepareEngine(model, { cacheEntries: 0 });
  return { model, engine, authorizerRefused: authorizerPermission(model, invokePermission(model)) };
}

export function viewOf(side: Side, api: Api | undefined, stage: string): View {
  const prepared = api === undefined ? undefined : side.engine.apis.get(api.address);
  const responses = compileGatewayResponses(api?.gatewayResponses ?? []);
  return {
    side,
    stage,
    responses,
    callers: new Map(),
    decided: new Map(),
    ...(prepared === undefined ? {} : { prepared }),
  };
}

/** What is fixed for all decisions of one analysis, in milliseconds since the epoch. */
export const ANALYSIS_TIME = Date.UTC(2026, 0, 15, 12);

/** The caller as the request file of a witness names it, resolved exactly as `explain` does. */
export function callerIn(view: View, subject: CallerSubject): Caller {
  let caller = view.callers.get(subject);
  if (caller === undefined) {
    const { model } = view.side;
    ({ caller } = resolveCaller(subject.asked, { model, listed: [] }, "the witness", ANALYSIS_TIME));
    view.callers.set(subject, caller);
  }
  return caller;
}

/** The caller's own policies, all kinds, in the order in which they are asked. */
export function ownPolicies(view: View, caller: Caller): readonly CompiledPolicy[] {
  const { policies } = view.side.engine;
  const { identityPolicies, permissionsBoundary } = caller;
  const readable = identityPolicies.filter(({ unresolved }) => unresolved === undefined);
  const limits = permissionsBoundary?.unresolved === undefined ? permissionsBoundary : undefined;
  return [...policies.all(readable, "identity"), ...(limits === undefined ? [] : [policies.get(limits, "boundary")])];
}

/** Decides a written-down request on one side; undefined where that side has no such API. */
export function decideOn(view: View, file: RequestFile, subject: Subject): Decision | undefined {
  const { prepared, side } = view;
  if (prepared === undefined) return undefined;
  const request = wireRequestOf(file, prepared.api, "the witness", "00000000-0000-4000-8000-000000000000");
  const { time } = file;
  const ports = time === undefined ? PORTS : { ...PORTS, now: () => Date.parse(time) };
  const begun = begin(side.engine, prepared.api, request, ports, {
    caller: subject.kind === "caller" ? callerIn(view, subject) : null,
    ...(subject.kind === "token" ? { claims: subject.claims } : {}),
    ...(subject.kind === "authorizer"
      ? { authorizers: subject.names, authorizerResult: subject.result }
      : { authorizers: [] }),
    authorizerRefused: side.authorizerRefused,
  });
  if ("pending" in begun) throw new Error(`${begun.authorizer.address} was to be asked.`);
  return begun;
}

/** Why API Gateway may not invoke an authorizer at the stage of a view, so that it refuses everybody. */
export function refusedAt({ prepared, side, stage: name }: View, authorizer: LambdaAuthorizer): string | undefined {
  const stage = prepared?.stages.get(name);
  return stage && prepared && side.authorizerRefused(prepared.api, stage, authorizer);
}

const PORTS: SyncPorts = {
  now: () => ANALYSIS_TIME,
  findCredential: () => undefined,
  jwks: () => ({ keys: [] }),
};
