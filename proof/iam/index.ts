/** The IAM policy language: what a policy says, and what policies say together. */

export { awsPrincipal, contextKeys, principalContext } from "./context";
export type { PrincipalFacts } from "./context";
export { checksOf } from "./checks";
export { combineCrossAccount, combineSameAccount, intersect } from "./combine";
export type { AccessOutcome } from "./combine";
export { compilePolicy } from "./compile";
export type { CompileOptions, CompiledPolicy, CompiledStatement } from "./compile";
export type { Condition } from "./conditions";
export { conditionHolds, holdsWhenAbsent } from "./conditions";
export { decideAccess } from "./decide";
export type { AccessDecision, AccessInput, Layer, LayerName } from "./decide";
export { InvalidPolicyError } from "./errors";
export { explainPolicies, explainStatement, statementApplies } from "./explain";
export type { ElementTrace, Explanation, StatementTrace } from "./explain";
export { cidrContains, parseCidr, parseIp } from "./ip";
export type { Cidr, IpAddress } from "./ip";
export type { Operator, OperatorType, ValueTest } from "./operator";
export { patternMatches } from "./pattern";
export type { Pattern, PatternToken, Variable } from "./pattern";
export { isRootUser, principalGrant } from "./principals";
export type { PrincipalElement, PrincipalEntry } from "./principals";
export { reducePolicies } from "./reduce";
export type { ExecuteApi } from "./shorthand";
export type { PatternElement, Statement } from "./statement";
export type * from "./types";
export { describePrincipal } from "./words";
