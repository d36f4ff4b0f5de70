import type { UserPool, UserPoolClient } from "../../model/types";
import { block, hashPassword, isPassword, passwordFault } from "../users";
import type { LocalUser } from "../users";
import { CognitoError, invalidParameter, notAuthorized, WRONG_PASSWORD } from "./error";
import { changeUser, lookUpUser } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import { srpVerifier } from "./srp";
import { acceptTotp } from "./totp";

/** What a user whose password is right still has to do. */
export type Step = "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA" | "MFA_SETUP" | "DONE";

/** Whether the client answers alike for a wrong password and a user who does not exist. The API's default is `LEGACY`. */
export function hidesUsers(client: UserPoolClient): boolean {
  return client.settings["prevent_user_existence_errors"] === "ENABLED";
}

/** The user whose password it is, or Cognito's error. */
export async function checkPassword(
  context: CognitoContext,
  pool: UserPool,
  client: UserPoolClient,
  name: string,
  password: string,
): Promise<LocalUser> {
  const user = lookUpUser(context, pool, name);
  const right = await isPassword(password, user?.password);
  if (user === undefined) {
    if (hidesUsers(client)) throw notAuthorized(WRONG_PASSWORD);
    throw new CognitoError("UserNotFoundException", "User does not exist.");
  }
  if (!right) throw notAuthorized(WRONG_PASSWORD);
  return requireUsable(context, user);
}

/** The same user where they may sign in at all. Said only to somebody who knew the password. */
export function requireUsable(context: CognitoContext, user: LocalUser): LocalUser {
  if (!user.enabled) throw notAuthorized("User is disabled.");
  if (user.status === "UNCONFIRMED") throw new CognitoError("UserNotConfirmedException", "User is not confirmed.");
  if (user.status === "RESET_REQUIRED") {
    throw new CognitoError("PasswordResetRequiredException", "Password reset required for the user");
  }
  if (user.status === "FORCE_CHANGE_PASSWORD" && (user.temporaryUntil ?? Infinity) <= context.now()) {
    throw notAuthorized("Temporary password has expired and must be reset by an administrator.");
  }
  return user;
}

export function nextStep(pool: UserPool, user: LocalUser): Step {
  if (user.status === "FORCE_CHANGE_PASSWORD") return "NEW_PASSWORD_REQUIRED";
  const required = pool.settings["mfa_configuration"];
  if (required === "OPTIONAL") {
    return user.totpSecret !== undefined && user.mfaPreferred === true ? "SOFTWARE_TOKEN_MFA" : "DONE";
  }
  if (required !== "ON") return "DONE";
  if (user.totpSecret !== undefined) return "SOFTWARE_TOKEN_MFA";
  if (block(pool.settings["software_token_mfa_configuration"])?.["enabled"] === true) return "MFA_SETUP";
  throw invalidParameter(
    `${pool.address}: MFA is required and TOTP is not enabled; codes by SMS or e-mail are not supported locally.`,
  );
}

/** Sets a new password of the user's own choice, or throws where the pool's policy refuses it. */
export async function setPassword(
  context: CognitoContext,
  pool: UserPool,
  user: LocalUser,
  password: string,
  status: LocalUser["status"],
): Promise<void> {
  const fault = passwordFault(pool, password);
  if (fault !== undefined) throw new CognitoError("InvalidPasswordException", fault);
  const stored = await hashPassword(password);
  const verifier = srpVerifier(poolName(pool), user.username, password);
  changeUser(context, pool, user.sub, (found) => {
    found.password = stored;
    found.srp = verifier;
    found.status = status;
    if (status === "FORCE_CHANGE_PASSWORD") found.temporaryUntil = context.now() + temporaryDays(pool) * 86_400_000;
    else delete found.temporaryUntil;
  });
}

/** The name by which SRP knows a pool: its id without the region. */
export function poolName(pool: UserPool): string {
  return pool.id.slice(pool.id.indexOf("_") + 1);
}

/** Seven days are the API's default (`PasswordPolicyType`). */
function temporaryDays(pool: UserPool): number {
  const days = Number(block(pool.settings["password_policy"])?.["temporary_password_validity_days"] ?? 7);
  return days > 0 ? days : 7;
}

/** Takes a code of the user's authenticator app, once. */
export function checkTotp(context: CognitoContext, pool: UserPool, user: LocalUser, code: string): boolean {
  return (
    changeUser(context, pool, user.sub, (found) => {
      const step =
        found.totpSecret === undefined ? undefined : acceptTotp(found.totpSecret, code, context.now(), found.totpStep);
      if (step !== undefined) found.totpStep = step;
      return step !== undefined;
    }) ?? false
  );
}

/** Takes the first code of a new secret, which from then on is the user's. */
export function registerTotp(
  context: CognitoContext,
  pool: UserPool,
  sub: string,
  secret: string,
  code: string,
): boolean {
  const step = acceptTotp(secret, code, context.now(), undefined);
  if (step === undefined) return false;
  changeUser(context, pool, sub, (found) => {
    found.totpSecret = secret;
    found.totpStep = step;
  });
  return true;
}
