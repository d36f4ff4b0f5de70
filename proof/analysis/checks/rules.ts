import type { Rule } from "./rule";
import { allowByAbsentKey } from "./rules/allow-by-absent-key";
import { allowListShutsOut } from "./rules/allow-list-shuts-out";
import { allowWithNotPrincipal } from "./rules/allow-with-not-principal";
import { audienceOnScopedRoute } from "./rules/audience-on-scoped-route";
import { cachedPolicyTooNarrow } from "./rules/cached-policy-too-narrow";
import { crossAccountOneSide } from "./rules/cross-account-one-side";
import { denyByAbsentKey } from "./rules/deny-by-absent-key";
import { functionPermission } from "./rules/function-permission";
import { identitySourceNotIdentifying } from "./rules/identity-source-not-identifying";
import { openGreedyRoute } from "./rules/open-greedy-route";
import { preflightBehindAuthorizer } from "./rules/preflight-behind-authorizer";
import { resourcePolicyBypass } from "./rules/resource-policy-bypass";
import { sessionArnPrincipal } from "./rules/session-arn-principal";
import { sourceIpOnPrivateApi } from "./rules/source-ip-on-private-api";
import { spoofableCondition } from "./rules/spoofable-condition";
import { staleDeployment } from "./rules/stale-deployment";
import { trustWithoutExternalId } from "./rules/trust-without-external-id";
import { undecided } from "./rules/undecided";
import { unreachableRoute } from "./rules/unreachable-route";
import { unusedAuthorizer } from "./rules/unused-authorizer";
import { wildcardPrincipalUnpinned } from "./rules/wildcard-principal-unpinned";

/** All rules, the most dangerous mistakes first. */
export const rules: readonly Rule[] = [
  undecided,
  resourcePolicyBypass,
  allowWithNotPrincipal,
  wildcardPrincipalUnpinned,
  allowByAbsentKey,
  identitySourceNotIdentifying,
  openGreedyRoute,
  spoofableCondition,
  trustWithoutExternalId,
  staleDeployment,
  denyByAbsentKey,
  allowListShutsOut,
  crossAccountOneSide,
  audienceOnScopedRoute,
  cachedPolicyTooNarrow,
  sourceIpOnPrivateApi,
  functionPermission,
  preflightBehindAuthorizer,
  sessionArnPrincipal,
  unreachableRoute,
  unusedAuthorizer,
];
