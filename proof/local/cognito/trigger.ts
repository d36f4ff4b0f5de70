import type { UserPool } from "../../model/types";
import type { TokenUser } from "../issuer-claims";
import { block, list } from "../users";
import { CognitoError } from "./error";

/** Invokes a function of the directory and gives its answer; rejects with what it threw. */
export type Invoke = (functionArn: string, event: unknown) => Promise<unknown>;

export type TriggerSource =
  | "TokenGeneration_Authentication"
  | "TokenGeneration_ClientCredentials"
  | "TokenGeneration_HostedAuth"
  | "TokenGeneration_NewPasswordChallenge"
  | "TokenGeneration_RefreshTokens";

interface Overrides {
  readonly claimsToAddOrOverride?: Readonly<Record<string, unknown>>;
  readonly claimsToSuppress?: readonly string[];
  readonly scopesToAdd?: readonly string[];
  readonly scopesToSuppress?: readonly string[];
}

/** What a pool's pre-token-generation trigger changes in the tokens of one sign-in. */
export interface TokenChanges {
  readonly id: Overrides;
  readonly access: Overrides;
  readonly groups?: readonly string[];
}

/** Claims a trigger cannot touch (developer guide, "Pre token generation Lambda trigger"). */
export const RESERVED_CLAIMS =
  /^(acr|amr|at_hash|auth_time|azp|aud|client_id|cognito:.*|event_id|exp|iat|iss|jti|nbf|nonce|origin_jti|scope|sub|token_use|username|version)$/;

/**
 * Asks the pool's pre-token-generation trigger, where it has one. A trigger that fails, or that nothing here can run,
 * fails the sign-in: tokens without its claims would say something else than those of the real pool.
 */
export async function tokenChanges(
  invoke: Invoke | undefined,
  pool: UserPool,
  clientId: string,
  user: TokenUser,
  scopes: readonly string[],
  source: TriggerSource,
): Promise<TokenChanges> {
  return ask(invoke, pool, source, clientId, scopes, user.username, {
    userAttributes: { sub: user.sub, "cognito:user_status": "CONFIRMED", ...texts(user.attributes) },
    groupConfiguration: { groupsToOverride: user.groups, iamRolesToOverride: [], preferredRole: null },
  });
}

/** The same for a machine's token, which only a trigger of version V3_0 is asked about. */
export async function machineTokenChanges(
  invoke: Invoke | undefined,
  pool: UserPool,
  clientId: string,
  scopes: readonly string[],
): Promise<TokenChanges> {
  if (triggerOf(pool)?.version !== "3") return NONE;
  const request = { userAttributes: {}, groupConfiguration: {} };
  return ask(invoke, pool, "TokenGeneration_ClientCredentials", clientId, scopes, clientId, request);
}

const NONE: TokenChanges = { id: {}, access: {} };

function triggerOf(pool: UserPool): { readonly arn: string; readonly version: string } | undefined {
  const config = block(pool.settings["lambda_config"]);
  const versioned = block(config?.["pre_token_generation_config"]);
  const arn = versioned?.["lambda_arn"] ?? config?.["pre_token_generation"];
  if (typeof arn !== "string" || arn === "") return undefined;
  return { arn, version: String(versioned?.["lambda_version"] ?? "V1_0").slice(1, 2) };
}

async function ask(
  invoke: Invoke | undefined,
  pool: UserPool,
  source: TriggerSource,
  clientId: string,
  scopes: readonly string[],
  userName: string,
  request: object,
): Promise<TokenChanges> {
  const trigger = triggerOf(pool);
  if (trigger === undefined) return NONE;
  const { arn, version } = trigger;
  const event = {
    version,
    triggerSource: source,
    region: pool.region,
    userPoolId: pool.id,
    userName,
    callerContext: { awsSdkVersion: "aws-sdk-unknown-unknown", clientId },
    request: { ...request, ...(version === "1" ? {} : { scopes }) },
    response: version === "1" ? { claimsOverrideDetails: null } : { claimsAndScopeOverrideDetails: null },
  };
  const answer = block(block(await run(invoke, arn, event))?.["response"]);
  const details = block(answer?.[version === "1" ? "claimsOverrideDetails" : "claimsAndScopeOverrideDetails"]);
  if (details === undefined) return NONE;
  const override = block(details["groupOverrideDetails"])?.["groupsToOverride"];
  return {
    id: (version === "1" ? details : (block(details["idTokenGeneration"]) ?? {})) as Overrides,
    access: (version === "1" ? {} : (block(details["accessTokenGeneration"]) ?? {})) as Overrides,
    ...(Array.isArray(override) ? { groups: list(override) } : {}),
  };
}

/** The claims after the trigger's changes; those that are the issuer's own stay as they are. */
export function changed(claims: Record<string, unknown>, overrides: Overrides): Record<string, unknown> {
  const result = { ...claims };
  for (const name of list(overrides.claimsToSuppress)) if (!RESERVED_CLAIMS.test(name)) delete result[name];
  for (const [name, value] of Object.entries(overrides.claimsToAddOrOverride ?? {})) {
    if (!RESERVED_CLAIMS.test(name)) result[name] = value;
  }
  if (typeof result["scope"] === "string") {
    const kept = result["scope"].split(" ").filter((scope) => !list(overrides.scopesToSuppress).includes(scope));
    result["scope"] = [...new Set([...kept, ...list(overrides.scopesToAdd)])].join(" ");
  }
  return result;
}

async function run(invoke: Invoke | undefined, arn: string, event: unknown): Promise<unknown> {
  if (invoke === undefined) {
    throw new CognitoError("UnexpectedLambdaException", `PreTokenGeneration: ${arn} cannot be run here.`);
  }
  try {
    return await invoke(arn, event);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new CognitoError("UserLambdaValidationException", `PreTokenGeneration failed with error ${message}.`);
  }
}

function texts(attributes: Readonly<Record<string, string | boolean>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}
