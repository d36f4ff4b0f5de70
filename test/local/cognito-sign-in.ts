import { discoveryEndpoint } from "../../proof/local/cognito/discovery";
import { hostedUi } from "../../proof/local/cognito/hosted-ui";
import { changePool } from "../../proof/local/cognito/pool-data";
import { setPassword } from "../../proof/local/cognito/sign-in";
import { newUser } from "../../proof/local/users";
import { Browser } from "./browser";
import { serve } from "./cognito-server";
import type { Served } from "./cognito-server";
import { browser, machine, model, native, pool } from "./issuer-fixture";

export const PASSWORD = "Correct-horse-7";
export const CALLBACK = "https://app.example.com/callback";

export async function start(
  settings: Record<string, unknown> = {},
  clients = [browser, machine, native],
): Promise<Served> {
  const of = pool({ clients, settings });
  const served = await serve(model({ userPools: [of] }), (context) => [discoveryEndpoint(context), hostedUi(context)]);
  const user = newUser(of, "alice", { email: "alice@example.com", email_verified: "true" }, Date.now());
  changePool(served.context, of, ({ users }) => users.push(user));
  await setPassword(served.context, of, user, PASSWORD, "CONFIRMED");
  return served;
}

export function authorizeUrl(origin: string, challenge: string, over: Record<string, string | undefined> = {}): string {
  const values = {
    response_type: "code",
    client_id: browser.clientId,
    redirect_uri: CALLBACK,
    scope: "openid orders/read",
    state: "s-1",
    nonce: "n-1",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...over,
  };
  const given = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return `${origin}/oauth2/authorize?${new URLSearchParams(given)}`;
}

export const token = (origin: string, values: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${origin}/oauth2/token`, { method: "POST", body: new URLSearchParams(values), headers });

export const answered = async (answer: Response): Promise<[number, Record<string, string>]> => [
  answer.status,
  (await answer.json()) as Record<string, string>,
];

/** A code for a signed-in user, by the pages. */
export async function codeFor(
  origin: string,
  challenge: string,
  over: Record<string, string | undefined> = {},
  as = new Browser(),
): Promise<string> {
  const { location } = await as.open(authorizeUrl(origin, challenge, over));
  const url = location?.href ?? "";
  const { text } = await as.open(url);
  const done = await as.submit(url, text, { username: "alice", password: PASSWORD });
  return done.location?.searchParams.get("code") ?? "";
}

export const redeem = (origin: string, code: string, verifier: string, over: Record<string, string> = {}) =>
  token(origin, {
    grant_type: "authorization_code",
    client_id: browser.clientId,
    redirect_uri: CALLBACK,
    code,
    code_verifier: verifier,
    ...over,
  });
