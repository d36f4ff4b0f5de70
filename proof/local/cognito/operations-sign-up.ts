import type { UserPool } from "../../model/types";
import { block, findUser, list, newUser, passwordFault, signInAttributes } from "../users";
import { delivery, sendCode, useCode } from "./codes";
import { CognitoError, invalidParameter, notAuthorized } from "./error";
import { attributes, checkSecretHash, clientOf, optional, required } from "./input";
import type { Input, Operation } from "./input";
import { changePool, changeUser, lookUpUser } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import { hidesUsers, setPassword } from "./sign-in";

const signUp: Operation = async (context, input) => {
  const { pool, name } = namedUser(context, input);
  const password = required(input, "Password");
  if (block(pool.settings["admin_create_user_config"])?.["allow_admin_create_user_only"] === true) {
    throw notAuthorized("SignUp is not permitted for this user pool");
  }
  checkName(pool, name);
  const fault = passwordFault(pool, password);
  if (fault !== undefined) throw new CognitoError("InvalidPasswordException", fault);
  const given = attributes(input, "UserAttributes");
  const verified = Object.keys(given).find((attribute) => attribute.endsWith("_verified") || attribute === "sub");
  if (verified !== undefined) {
    throw notAuthorized("A client attempted to write unauthorized attribute");
  }
  const user = newUser(pool, name, given, context.now());
  changePool(context, pool, ({ users }) => {
    if (findUser(pool, users, name) !== undefined)
      throw new CognitoError("UsernameExistsException", "User already exists");
    users.push(user);
  });
  await setPassword(context, pool, user, password, "UNCONFIRMED");
  const sends = list(pool.settings["auto_verified_attributes"]).length > 0;
  const sent = sends ? { CodeDeliveryDetails: await sendCode(context, pool, user, "sign-up") } : {};
  return { UserConfirmed: false, UserSub: user.sub, ...sent };
};

const confirmSignUp: Operation = async (context, input) => {
  const { pool, client, name } = namedUser(context, input);
  const code = required(input, "ConfirmationCode");
  const user = lookUpUser(context, pool, name);
  if (user === undefined && !hidesUsers(client)) throw unknownUser();
  if (user !== undefined && user.status !== "UNCONFIRMED") {
    throw notAuthorized(`User cannot be confirmed. Current status is ${user.status}`);
  }
  await useCode(context, pool, user, "sign-up", code);
  changeUser(context, pool, user?.sub ?? "", (found) => {
    found.status = "CONFIRMED";
    markVerified(pool, found.attributes);
  });
  return {};
};

const resendConfirmationCode: Operation = async (context, input) => {
  const { pool, client, name } = namedUser(context, input);
  const user = lookUpUser(context, pool, name);
  if (user === undefined) {
    if (!hidesUsers(client)) throw unknownUser();
    return { CodeDeliveryDetails: simulated(name) };
  }
  if (user.status !== "UNCONFIRMED") throw invalidParameter("User is already confirmed.");
  return { CodeDeliveryDetails: await sendCode(context, pool, user, "sign-up") };
};

const forgotPassword: Operation = async (context, input) => {
  const { pool, client, name } = namedUser(context, input);
  const user = lookUpUser(context, pool, name);
  const reachable =
    user?.attributes["email_verified"] === "true" || user?.attributes["phone_number_verified"] === "true";
  if (user === undefined || !user.enabled || !reachable) {
    if (hidesUsers(client)) return { CodeDeliveryDetails: simulated(name) };
    if (user === undefined) throw unknownUser();
    if (!user.enabled) throw notAuthorized("User is disabled.");
    throw invalidParameter(
      "Cannot reset password for the user as there is no registered/verified email or phone_number",
    );
  }
  return { CodeDeliveryDetails: await sendCode(context, pool, user, "password") };
};

const confirmForgotPassword: Operation = async (context, input) => {
  const { pool, client, name } = namedUser(context, input);
  const code = required(input, "ConfirmationCode");
  const password = required(input, "Password");
  const fault = passwordFault(pool, password);
  if (fault !== undefined) throw new CognitoError("InvalidPasswordException", fault);
  const user = lookUpUser(context, pool, name);
  if (user === undefined && !hidesUsers(client)) throw unknownUser();
  await useCode(context, pool, user, "password", code);
  if (user !== undefined) await setPassword(context, pool, user, password, "CONFIRMED");
  return {};
};

export const signUpOperations: Readonly<Record<string, Operation>> = {
  SignUp: signUp,
  ConfirmSignUp: confirmSignUp,
  ResendConfirmationCode: resendConfirmationCode,
  ForgotPassword: forgotPassword,
  ConfirmForgotPassword: confirmForgotPassword,
};

/** Which attribute a code proves: the one it was sent to. */
export function markVerified(pool: UserPool, stored: Record<string, string>): void {
  const sent = stored["email"] === undefined ? "phone_number" : "email";
  if (list(pool.settings["auto_verified_attributes"]).includes(sent)) stored[`${sent}_verified`] = "true";
}

/** Names that look like an e-mail address are for pools that sign in with one. */
export function checkName(pool: UserPool, name: string): void {
  const kinds = signInAttributes(pool);
  const isEmail = /^[^\s@]+@[^\s@]+$/.test(name);
  const isPhone = /^\+\d{4,}$/.test(name);
  if (kinds.length === 0) return;
  if ((kinds.includes("email") && isEmail) || (kinds.includes("phone_number") && isPhone)) return;
  const wanted = kinds.map((kind) => (kind === "email" ? "an email" : "a phone number")).join(" or ");
  throw invalidParameter(`Username should be ${wanted}.`);
}

export function unknownUser(): CognitoError {
  return new CognitoError("UserNotFoundException", "User does not exist.");
}

function namedUser(context: CognitoContext, input: Input) {
  const { pool, client } = clientOf(context, input);
  const name = required(input, "Username");
  checkSecretHash(context, client, [name], optional(input, "SecretHash"));
  return { pool, client, name };
}

function simulated(name: string) {
  return delivery("email", name.includes("@") ? name : `${name}@example.com`);
}
