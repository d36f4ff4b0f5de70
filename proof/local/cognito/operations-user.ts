import { isPassword } from "../users";
import { CognitoError, invalidParameter, notAuthorized, WRONG_PASSWORD } from "./error";
import { API_SCOPE } from "../issuer-claims";
import type { ChallengeSessions } from "./challenge";
import { required } from "./input";
import type { Input, Operation } from "./input";
import { changeUser } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import { registerTotp, setPassword } from "./sign-in";
import { ShortLived } from "./short-lived";
import { signOutEverywhere, userOfAccessToken } from "./tokens";
import type { AccessTokenUser } from "./tokens";
import { newTotpSecret } from "./totp";

/** What signed-in users do for themselves, with their access token. */
export function userOperations(sessions: ChallengeSessions, now: () => number): Readonly<Record<string, Operation>> {
  /** Secrets handed out and not yet shown a code of, by the user's `sub`. */
  const pending = new Map<string, string>();
  const handles = new ShortLived<string>(15 * 60_000, now);

  const associateSoftwareToken: Operation = async (context, input) => {
    const secret = newTotpSecret();
    if (input["Session"] !== undefined && input["Session"] !== null) {
      const session = sessions.take(required(input, "Session"));
      if (session?.step !== "MFA_SETUP") throw notAuthorized("Invalid session for the user.");
      return { SecretCode: secret, Session: sessions.put({ ...session, secret }) };
    }
    const { user } = signedIn(context, input);
    pending.set(user.sub, handles.put(secret));
    return { SecretCode: secret };
  };

  const verifySoftwareToken: Operation = async (context, input) => {
    const code = required(input, "UserCode");
    const mismatch = (): CognitoError => new CognitoError("EnableSoftwareTokenMFAException", "Code mismatch");
    if (input["Session"] !== undefined && input["Session"] !== null) {
      const session = sessions.take(required(input, "Session"));
      if (session?.step !== "MFA_SETUP" || session.secret === undefined)
        throw notAuthorized("Invalid session for the user.");
      const { secret, pool, sub } = session;
      if (!registerTotp(context, pool, sub, secret, code)) throw mismatch();
      return { Status: "SUCCESS", Session: sessions.put({ ...session, registered: true }) };
    }
    const { pool, user } = signedIn(context, input);
    const secret = handles.get(pending.get(user.sub) ?? "");
    if (secret === undefined) {
      throw invalidParameter("Software token MFA has not been associated: call AssociateSoftwareToken first.");
    }
    if (!registerTotp(context, pool, user.sub, secret, code)) throw mismatch();
    handles.delete(pending.get(user.sub) ?? "");
    pending.delete(user.sub);
    return { Status: "SUCCESS" };
  };

  return {
    AssociateSoftwareToken: associateSoftwareToken,
    VerifySoftwareToken: verifySoftwareToken,
    GetUser: getUser,
    GlobalSignOut: globalSignOut,
    SetUserMFAPreference: setUserMfaPreference,
    ChangePassword: changePassword,
  };
}

const getUser: Operation = async (context, input) => {
  const { user } = signedIn(context, input);
  const settings = user.totpSecret === undefined || user.mfaPreferred !== true ? [] : ["SOFTWARE_TOKEN_MFA"];
  return {
    Username: user.username,
    UserAttributes: [{ Name: "sub", Value: user.sub }, ...pairs(user.attributes)],
    ...(settings.length === 0 ? {} : { UserMFASettingList: settings, PreferredMfaSetting: settings[0] }),
  };
};

const globalSignOut: Operation = async (context, input) => {
  const { pool, user } = signedIn(context, input);
  signOutEverywhere(context, pool, user.sub);
  return {};
};

const setUserMfaPreference: Operation = async (context, input) => {
  const { pool, user } = signedIn(context, input);
  const wanted = input["SoftwareTokenMfaSettings"] as { Enabled?: unknown } | undefined | null;
  if (wanted?.Enabled === true && user.totpSecret === undefined) {
    throw invalidParameter("User has not verified software token mfa");
  }
  if (typeof wanted?.Enabled === "boolean") {
    const enabled = wanted.Enabled;
    changeUser(context, pool, user.sub, (found) => {
      found.mfaPreferred = enabled;
    });
  }
  return {};
};

const changePassword: Operation = async (context, input) => {
  const { pool, user } = signedIn(context, input);
  if (!(await isPassword(required(input, "PreviousPassword"), user.password))) throw notAuthorized(WRONG_PASSWORD);
  await setPassword(context, pool, user, required(input, "ProposedPassword"), "CONFIRMED");
  return {};
};

export function pairs(attributes: Readonly<Record<string, string>>): readonly { Name: string; Value: string }[] {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

function signedIn(context: CognitoContext, input: Input): AccessTokenUser {
  const found = userOfAccessToken(context, required(input, "AccessToken"), API_SCOPE);
  if (typeof found === "string") throw notAuthorized(found);
  return found;
}
