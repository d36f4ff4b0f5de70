import { randomBytes } from "node:crypto";
import type { UserPool, UserPoolClient } from "../../model/types";
import { API_SCOPE } from "../issuer-claims";
import type { LocalUser } from "../users";
import { clientSecret, hash, lookUpUser, readPool } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import type { ChallengeSession, ChallengeSessions } from "./challenge";
import { CognitoError, invalidParameter, notAuthorized, notFound, WRONG_PASSWORD } from "./error";
import { authParameter, checkSecretHash, clientOf, optional, parameters, poolOf, required } from "./input";
import type { Input, Operation } from "./input";
import { checkPassword, checkTotp, hidesUsers, nextStep, poolName, requireUsable, setPassword } from "./sign-in";
import { provesPassword, srpVerifier, startSrp } from "./srp";
import { ownerOf, refresh, revoke, rotationGrace, signIn } from "./tokens";
import type { IssuedTokens, RefreshFault } from "./tokens";
import type { TriggerSource } from "./trigger";

interface Place {
  readonly context: CognitoContext;
  readonly sessions: ChallengeSessions;
  readonly pool: UserPool;
  readonly client: UserPoolClient;
}

type Parameters = Readonly<Record<string, string>>;

export function signInOperations(sessions: ChallengeSessions): Readonly<Record<string, Operation>> {
  const place = (context: CognitoContext, input: Input): Place => ({ context, sessions, ...clientOf(context, input) });
  const adminPlace = (context: CognitoContext, input: Input): Place => {
    const pool = poolOf(context, input);
    const found = place(context, input);
    if (found.pool.id !== pool.id) throw notFound(`User pool client ${found.client.clientId} does not exist.`);
    return found;
  };
  return {
    InitiateAuth: async (context, input) => initiate(place(context, input), input, false),
    AdminInitiateAuth: async (context, input) => initiate(adminPlace(context, input), input, true),
    RespondToAuthChallenge: async (context, input) => respond(place(context, input), input),
    AdminRespondToAuthChallenge: async (context, input) => respond(adminPlace(context, input), input),
    GetTokensFromRefreshToken: async (context, input) => {
      const found = place(context, input);
      const secret = clientSecret(context, found.client);
      if (secret !== undefined && optional(input, "ClientSecret") !== secret) {
        throw notAuthorized(`Unable to verify secret for client ${found.client.clientId}`);
      }
      return authenticated(unlessFault(await renew(found, required(input, "RefreshToken"))));
    },
    RevokeToken: async (context, input) => {
      const { pool, client } = place(context, input);
      const secret = clientSecret(context, client);
      if (secret !== undefined && optional(input, "ClientSecret") !== secret) {
        throw notAuthorized(`Unable to verify secret for client ${client.clientId}`);
      }
      if (client.settings["enable_token_revocation"] === false) {
        throw new CognitoError("UnsupportedOperationException", "Token revocation is not enabled for this client");
      }
      revoke(context, pool, client, required(input, "Token"));
      return {};
    },
  };
}

async function initiate(place: Place, input: Input, admin: boolean): Promise<object> {
  const flow = required(input, "AuthFlow");
  const given = parameters(input, "AuthParameters");
  if (flow === "REFRESH_TOKEN_AUTH" || flow === "REFRESH_TOKEN") return refreshTokenAuth(place, given);
  const byPassword = admin ? ["ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"] : ["USER_PASSWORD_AUTH"];
  if (!byPassword.includes(flow) && flow !== "USER_SRP_AUTH") {
    throw invalidParameter(`${flow} is not supported locally; ${byPassword.join(", ")} and USER_SRP_AUTH are.`);
  }
  requireFlow(place.client, flow === "ADMIN_NO_SRP_AUTH" ? "ADMIN_USER_PASSWORD_AUTH" : flow);
  const name = authParameter(given, "USERNAME");
  checkSecretHash(place.context, place.client, [name], given["SECRET_HASH"]);
  if (flow === "USER_SRP_AUTH") return startSrpChallenge(place, name, authParameter(given, "SRP_A"));
  const password = authParameter(given, "PASSWORD");
  return proceed(place, await checkPassword(place.context, place.pool, place.client, name, password));
}

async function refreshTokenAuth(place: Place, given: Parameters): Promise<object> {
  const { context, pool, client } = place;
  requireFlow(client, "REFRESH_TOKEN_AUTH");
  if (rotationGrace(client) !== undefined) {
    // AWS's words are UNCONFIRMED; the rule is documented ("Refresh token rotation").
    throw invalidParameter("Refresh token rotation is enabled: use GetTokensFromRefreshToken.");
  }
  const token = authParameter(given, "REFRESH_TOKEN");
  const owner = ownerOf(context, pool, token);
  const names = owner === undefined ? [] : [owner.username, owner.sub, ...Object.values(owner.attributes)];
  checkSecretHash(context, client, names, given["SECRET_HASH"]);
  return authenticated(unlessFault(await renew(place, token)));
}

function renew({ context, pool, client }: Place, token: string): Promise<IssuedTokens | RefreshFault> {
  return refresh(context, pool, client, token);
}

/** Tokens where nothing is left to do, else the next challenge. */
async function proceed(place: Place, user: LocalUser, source: TriggerSource = "TokenGeneration_Authentication") {
  const { context, sessions, pool, client } = place;
  const step = nextStep(pool, user);
  if (step === "DONE") return authenticated(await signIn(context, pool, client, user, [API_SCOPE], source));
  const attributes = JSON.stringify(user.attributes);
  return {
    ChallengeName: step,
    Session: sessions.put({ pool, client, sub: user.sub, step }),
    ChallengeParameters: {
      USER_ID_FOR_SRP: user.username,
      ...(step === "NEW_PASSWORD_REQUIRED" ? { requiredAttributes: "[]", userAttributes: attributes } : {}),
      ...(step === "MFA_SETUP" ? { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' } : {}),
    },
  };
}

function startSrpChallenge(place: Place, name: string, srpA: string): object {
  const { context, sessions, pool, client } = place;
  const user = lookUpUser(context, pool, name);
  if (user === undefined && !hidesUsers(client))
    throw new CognitoError("UserNotFoundException", "User does not exist.");
  // For nobody, an exchange that cannot be won; it looks the same until the password is checked.
  const username = user?.username ?? name;
  const stored = user?.srp ?? {
    ...srpVerifier(poolName(pool), username, randomBytes(32).toString("hex")),
    // The same at each try, as a user's own is.
    salt: hash(`${pool.id} ${name}`).slice(0, 32),
  };
  const exchange = startSrp(srpA, stored);
  if (exchange === undefined) throw invalidParameter("SRP_A is not a valid public value.");
  return {
    ChallengeName: "PASSWORD_VERIFIER",
    ChallengeParameters: {
      SALT: stored.salt,
      SECRET_BLOCK: exchange.secretBlock.toString("base64"),
      SRP_B: exchange.serverB.toString(16),
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
    Session: sessions.put({ pool, client, sub: user?.sub ?? "", step: "PASSWORD_VERIFIER", srp: exchange }),
  };
}

async function respond(place: Place, input: Input): Promise<object> {
  const { context, sessions, client } = place;
  const challenge = required(input, "ChallengeName");
  const given = parameters(input, "ChallengeResponses");
  const name = authParameter(given, "USERNAME");
  const handle = required(input, "Session");
  const session = sessions.take(handle);
  if (session === undefined || session.client.clientId !== client.clientId || session.step !== challenge) {
    throw notAuthorized("Invalid session for the user, session is expired.");
  }
  const user = readPool(context, session.pool).users.find(({ sub }) => sub === session.sub);
  if (user === undefined) throw notAuthorized(WRONG_PASSWORD);
  const names = [name, user.username].filter((one) => lookUpUser(context, session.pool, one)?.sub === user.sub);
  if (!names.includes(name)) throw notAuthorized("Invalid session for the user.");
  checkSecretHash(context, client, names, given["SECRET_HASH"]);
  try {
    return await answers[session.step](place, session, user, given);
  } catch (error) {
    if (error instanceof CognitoError && RETRIED.has(error.type)) sessions.putBack(handle, session);
    throw error;
  }
}

/** Clients ask their user again after these, in the same session. */
const RETRIED: ReadonlySet<string> = new Set(["CodeMismatchException", "InvalidPasswordException"]);

type Answer = (place: Place, session: ChallengeSession, user: LocalUser, given: Parameters) => Promise<object>;

const answers: Readonly<Record<ChallengeSession["step"], Answer>> = {
  PASSWORD_VERIFIER: async (place, { srp }, user, given) => {
    const signature = authParameter(given, "PASSWORD_CLAIM_SIGNATURE");
    const block = authParameter(given, "PASSWORD_CLAIM_SECRET_BLOCK");
    const timestamp = authParameter(given, "TIMESTAMP");
    const right =
      srp !== undefined &&
      block === srp.secretBlock.toString("base64") &&
      provesPassword(srp, poolName(place.pool), user.username, timestamp, signature);
    if (!right) throw notAuthorized(WRONG_PASSWORD);
    return proceed(place, requireUsable(place.context, user));
  },
  NEW_PASSWORD_REQUIRED: async (place, _session, user, given) => {
    await setPassword(place.context, place.pool, user, authParameter(given, "NEW_PASSWORD"), "CONFIRMED");
    return proceed(place, { ...user, status: "CONFIRMED" }, "TokenGeneration_NewPasswordChallenge");
  },
  SOFTWARE_TOKEN_MFA: async ({ context, pool, client }, _session, user, given) => {
    const code = authParameter(given, "SOFTWARE_TOKEN_MFA_CODE");
    if (!checkTotp(context, pool, user, code)) {
      throw new CognitoError("CodeMismatchException", "Invalid code received for user");
    }
    requireUsable(context, user);
    return authenticated(await signIn(context, pool, client, user, [API_SCOPE], "TokenGeneration_Authentication"));
  },
  MFA_SETUP: async ({ context, pool, client }, session, user) => {
    if (session.registered !== true) throw notAuthorized("Invalid session for the user.");
    requireUsable(context, user);
    return authenticated(await signIn(context, pool, client, user, [API_SCOPE], "TokenGeneration_Authentication"));
  },
};

/** Cognito's default where the client names no flow (`CreateUserPoolClient`). */
const DEFAULT_FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"];

function requireFlow({ explicitAuthFlows }: UserPoolClient, flow: string): void {
  const allowed = explicitAuthFlows.length === 0 ? DEFAULT_FLOWS : explicitAuthFlows;
  if (allowed.includes(`ALLOW_${flow}`)) return;
  // Clients with the old names of flows may always refresh.
  const old: Readonly<Record<string, string>> = {
    ADMIN_USER_PASSWORD_AUTH: "ADMIN_NO_SRP_AUTH",
    USER_PASSWORD_AUTH: "USER_PASSWORD_AUTH",
  };
  const legacy = !allowed.some((name) => name.startsWith("ALLOW_"));
  if (legacy && (flow === "REFRESH_TOKEN_AUTH" || allowed.includes(old[flow] ?? ""))) return;
  throw invalidParameter(`${flow} flow not enabled for this client`);
}

function unlessFault(result: IssuedTokens | RefreshFault): IssuedTokens {
  if (typeof result !== "string") return result;
  if (result === "reused") {
    throw new CognitoError("RefreshTokenReuseException", "Refresh token has been invalidated by rotation");
  }
  const words = {
    invalid: "Invalid Refresh Token",
    expired: "Refresh Token has expired",
    revoked: "Refresh Token has been revoked",
    disabled: "User is disabled.",
  };
  throw notAuthorized(words[result]);
}

function authenticated(tokens: IssuedTokens): object {
  return {
    ChallengeParameters: {},
    AuthenticationResult: {
      AccessToken: tokens.accessToken,
      ExpiresIn: tokens.expiresIn,
      TokenType: "Bearer",
      ...(tokens.refreshToken === undefined ? {} : { RefreshToken: tokens.refreshToken }),
      ...(tokens.idToken === undefined ? {} : { IdToken: tokens.idToken }),
    },
  };
}
