import { randomInt } from "node:crypto";
import type { UserPool } from "../../model/types";
import { hashPassword, isPassword } from "../users";
import type { LocalUser } from "../users";
import { CognitoError } from "./error";
import { changeUser } from "./pool-data";
import type { CognitoContext } from "./pool-data";

export type CodePurpose = "sign-up" | "password";

/** A sign-up code is good for a day, one for a new password for an hour (developer guide, "Quotas"). */
const LIFE_MS = { "sign-up": 24 * 3_600_000, password: 3_600_000 } as const;
/** Six digits bear no more guesses than this. */
const MOST_TRIES = 5;

export interface CodeDelivery {
  readonly Destination: string;
  readonly DeliveryMedium: "EMAIL" | "SMS";
  readonly AttributeName: "email" | "phone_number";
}

/** Makes a code, keeps its hash and hands it to the local stand-in for e-mail. */
export async function sendCode(
  context: CognitoContext,
  pool: UserPool,
  user: LocalUser,
  purpose: CodePurpose,
): Promise<CodeDelivery> {
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  const stored = { purpose, hash: await hashPassword(code), expires: context.now() + LIFE_MS[purpose], tries: 0 };
  changeUser(context, pool, user.sub, (found) => {
    found.code = stored;
  });
  const attribute = user.attributes["email"] === undefined ? "phone_number" : "email";
  const to = user.attributes[attribute] ?? "";
  context.deliver({ pool: pool.name, user: user.username, to, purpose, code });
  return delivery(attribute, to);
}

/** What the API answers; for a user who does not exist the same, made up from the name. */
export function delivery(attribute: "email" | "phone_number", to: string): CodeDelivery {
  const [name = "", host = ""] = to.split("@");
  const masked = attribute === "email" ? `${name.slice(0, 1)}***@${host.slice(0, 1)}***` : `+*******${to.slice(-4)}`;
  return { Destination: masked, DeliveryMedium: attribute === "email" ? "EMAIL" : "SMS", AttributeName: attribute };
}

/** Spends the code, or throws Cognito's error. A wrong guess counts. */
export async function useCode(
  context: CognitoContext,
  pool: UserPool,
  user: LocalUser | undefined,
  purpose: CodePurpose,
  code: string,
): Promise<void> {
  // The try is written down before the code is looked at, so that guesses sent at once count one by one.
  const stored =
    user === undefined ? undefined : changeUser(context, pool, user.sub, (found) => countTry(found, purpose));
  const right = await isPassword(code, stored?.hash);
  if (user === undefined || stored === undefined || stored.expires <= context.now()) {
    throw new CognitoError("ExpiredCodeException", "Invalid code provided, please request a code again.");
  }
  if (stored.tries > MOST_TRIES) {
    throw new CognitoError("LimitExceededException", "Attempt limit exceeded, please try after some time.");
  }
  if (!right) {
    throw new CognitoError("CodeMismatchException", "Invalid verification code provided, please try again.");
  }
  changeUser(context, pool, user.sub, (found) => {
    delete found.code;
  });
}

function countTry(user: LocalUser, purpose: CodePurpose): LocalUser["code"] {
  if (user.code?.purpose !== purpose) return undefined;
  user.code.tries += 1;
  return user.code;
}
