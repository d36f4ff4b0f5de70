/** One request in, one decision with its whole trace out. */

export { begin, complete, decide } from "./decide";
export type { Wording } from "./denials";
export { prepareEngine } from "./engine";
export type { Engine, EngineOptions } from "./engine";
export type { PendingAuthorizer } from "./pending";
export type { Assumptions, AuthorizerOutcome, KeySet, Ports, SyncPorts } from "./ports";
export type * from "./types";
