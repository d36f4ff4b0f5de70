/**
 * The words of `invariants.ts`, the file of a project that says what must hold of every request that its APIs let in. The
 * file exports a list of sentences by default, and imports nothing but this.
 */

export { accounts, anonymous, idTokens, principals, theApiAccount, tokensWithScope, whomever } from "./groups";
export type { Group } from "./groups";
export type { Invariant } from "./invariant";
export { endpoints, itsOwnEndpoints, itsOwnVpcs, vpcs } from "./places";
export type { Place } from "./places";
export { atStage, everyPrivateApi, noAddressIn, nobody, only } from "./sentences";
