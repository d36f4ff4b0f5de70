import type { Rule } from "./rule";
import { allowListShutsOut } from "./rules/allow-list-shuts-out";
import { audienceOnScopedRoute } from "./rules/audience-on-scoped-route";
import { denyByAbsentKey } from "./rules/deny-by-absent-key";
import { preflightBehindAuthorizer } from "./rules/preflight-behind-authorizer";
import { resourcePolicyBypass } from "./rules/resource-policy-bypass";
import { sessionArnPrincipal } from "./rules/session-arn-principal";
import { sourceIpOnPrivateApi } from "./rules/source-ip-on-private-api";
import { spoofableCondition } from "./rules/spoofable-condition";
import { unusedAuthorizer } from "./rules/unused-authorizer";
import { wildcardPrincipalUnpinned } from "./rules/wildcard-principal-unpinned";

/** All rules, the most dangerous mistakes first. */
export const rules: readonly Rule[] = [
  resourcePolicyBypass,
  wildcardPrincipalUnpinned,
  spoofableCondition,
  denyByAbsentKey,
  allowListShutsOut,
  audienceOnScopedRoute,
  sourceIpOnPrivateApi,
  preflightBehindAuthorizer,
  sessionArnPrincipal,
  unusedAuthorizer,
];
