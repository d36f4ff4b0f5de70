import type { PreTokenGenerationV2TriggerEvent } from "aws-lambda";
import { log } from "../shared/log";
import { tenantClaims } from "./claims";

/**
 * Cognito's pre-token-generation trigger, version V2_0: adds `tenant` and `roles` to the ID and the access token.
 * An error here fails the sign-in, so no token is issued without the claims.
 */
export async function handler(event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> {
  // Cognito ignores our answer to a V1_0 event, and tokens without the claims would look like those of a tenantless user.
  if (event.version === "1") throw new Error("The trigger is wired as V1_0; it must be V2_0.");
  const { groupConfiguration, userAttributes } = event.request;
  const claims = tenantClaims(userAttributes, groupConfiguration.groupsToOverride ?? []);
  log("info", "claims added", { trigger: event.triggerSource, hasTenant: claims.tenant !== undefined });
  event.response = {
    claimsAndScopeOverrideDetails: {
      idTokenGeneration: { claimsToAddOrOverride: { ...claims } },
      accessTokenGeneration: { claimsToAddOrOverride: { ...claims } },
    },
  };
  return event;
}
