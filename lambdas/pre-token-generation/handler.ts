import type { PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import { optional, readEnvironment, text } from "../shared/environment";
import { log } from "../shared/log";
import { tenantClaims } from "./claims";

const { TENANT_ATTRIBUTE } = readEnvironment(process.env, { TENANT_ATTRIBUTE: optional(text) });

/**
 * Cognito's pre-token-generation trigger, version V2_0: adds `tenant` and `roles` to the ID and the access token.
 * An error here fails the sign-in, so no token is issued without the claims.
 */
export async function handler(event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> {
  const { groupConfiguration, userAttributes } = event.request;
  // Cognito ignores our answer to a V1_0 event, and tokens without the claims would look like those of a tenantless user.
  if (event.version === "1") throw new Error("The trigger is wired as V1_0; it must be V2_0.");
  const { tenant, roles } = tenantClaims(
    groupConfiguration.groupsToOverride ?? [],
    TENANT_ATTRIBUTE === undefined ? undefined : userAttributes[TENANT_ATTRIBUTE],
  );
  // Text with spaces between, as scopes are: a list would reach handlers as text joined with commas anyway.
  const claimsToAddOrOverride = { ...(tenant === undefined ? {} : { tenant }), roles: roles.join(" ") };
  log("info", "claims added", { trigger: event.triggerSource, hasTenant: tenant !== undefined, roles: roles.length });
  event.response = {
    claimsAndScopeOverrideDetails: {
      idTokenGeneration: { claimsToAddOrOverride },
      accessTokenGeneration: { claimsToAddOrOverride },
    },
  };
  return event;
}
