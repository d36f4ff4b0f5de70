import { prepareChecks, runChecks } from "../../../proof/analysis/checks/run";
import type { Finding, Rule } from "../../../proof/analysis/checks/run";
import type { Api, Model, PolicyDocument } from "../../../proof/model/types";
import { api, model, policy } from "../../decision/support";

export {
  ACCOUNT,
  API_ID,
  ARN,
  PARTNER,
  cognitoAuthorizer,
  route,
  source,
  tokenAuthorizer,
} from "../../decision/support";

/** The resource policy of these statements; the short form of resources is expanded. */
export function resourcePolicy(...statements: unknown[]): PolicyDocument {
  return policy(statements);
}

/** A statement about `execute-api:Invoke` on everything below the API, unless it says otherwise. */
export function statement(effect: "Allow" | "Deny", more: Record<string, unknown> = {}): Record<string, unknown> {
  return { Effect: effect, Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*", ...more };
}

/** What one rule finds in a configuration of one API. */
export function findings(rule: Rule, world: Partial<Api>, more: Partial<Model> = {}): readonly Finding[] {
  return runChecks(prepareChecks(model([api(world)], more)), [rule]);
}
