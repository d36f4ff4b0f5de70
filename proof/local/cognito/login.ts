import type { UserPool } from "../../model/types";
import type { HttpAnswer, HttpRequest } from "../http";
import type { LocalUser } from "../users";
import type { AuthorizeRequest } from "./authorize";
import { RedirectError, withQuery } from "./authorize";
import { CognitoError, notAuthorized, WRONG_PASSWORD } from "./error";
import { form } from "./form";
import type { Page } from "./login-page";
import { cookie, renderForm, requireOwnForm } from "./own-form";
import { readPool } from "./pool-data";
import type { CognitoContext } from "./pool-data";
import { ShortLived } from "./short-lived";
import { checkPassword, checkTotp, nextStep, registerTotp, requireUsable, setPassword } from "./sign-in";
import type { Step } from "./sign-in";
import type { CodeGrant } from "./token-endpoint";
import { newTotpSecret } from "./totp";

interface Pending {
  readonly poolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly step: Exclude<Step, "DONE">;
  readonly secret?: string;
}

const SESSION = "cognito";
const HOUR = 3_600_000;

/** The sign-in page with its steps, and the browser session that it leaves (an hour, as Cognito's). */
export class Login {
  readonly #context: CognitoContext;
  readonly #codes: ShortLived<CodeGrant>;
  readonly #browsers: ShortLived<{ readonly poolId: string; readonly sub: string }>;
  readonly #pending: ShortLived<Pending>;

  constructor(context: CognitoContext, codes: ShortLived<CodeGrant>) {
    this.#context = context;
    this.#codes = codes;
    this.#browsers = new ShortLived(HOUR, () => context.now());
    this.#pending = new ShortLived(HOUR / 20, () => context.now());
  }

  /** `GET /oauth2/authorize`: a code at once for a browser that is signed in, else the sign-in page. */
  authorize(pool: UserPool, base: string, asked: AuthorizeRequest, request: HttpRequest): HttpAnswer {
    const user = asked.prompt === "login" ? undefined : this.#signedIn(pool, request);
    if (user !== undefined) return this.#redirectWithCode(asked, user, []);
    if (asked.prompt === "none") {
      throw new RedirectError(asked.redirectUri, asked.state, "login_required", "No user is signed in");
    }
    return redirect(302, `${base}/login?${asked.query}`);
  }

  /** `GET /login` */
  page(asked: AuthorizeRequest): HttpAnswer {
    return renderForm(200, PASSWORD_PAGE, asked.redirectUri);
  }

  /** `POST /login`: one step of the sign-in. */
  async submit(pool: UserPool, asked: AuthorizeRequest, request: HttpRequest): Promise<HttpAnswer> {
    const given = form(request);
    requireOwnForm(request, given);
    const pending = given["session"] === undefined ? undefined : this.#pending.take(given["session"]);
    try {
      if (given["session"] === undefined) {
        const { username = "", password = "" } = given;
        const user = await checkPassword(this.#context, pool, asked.client, username, password);
        return this.#continue(pool, asked, user);
      }
      if (pending === undefined || pending.poolId !== pool.id || pending.clientId !== asked.client.clientId) {
        throw notAuthorized("The sign-in took too long. Start again.");
      }
      return await this.#step(pool, asked, pending, given);
    } catch (error) {
      if (!(error instanceof CognitoError)) throw error;
      const retry = pending !== undefined && error.type !== "NotAuthorizedException";
      const page = retry ? this.#pageOf(pending) : PASSWORD_PAGE;
      return renderForm(400, { ...page, problem: error.message }, asked.redirectUri);
    }
  }

  /** Ends the browser session; the tokens it led to are not touched, as with Cognito. */
  signOut(request: HttpRequest): readonly string[] {
    this.#browsers.delete(cookie(request, SESSION) ?? "");
    return [`${SESSION}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`];
  }

  async #step(
    pool: UserPool,
    asked: AuthorizeRequest,
    pending: Pending,
    given: Readonly<Record<string, string>>,
  ): Promise<HttpAnswer> {
    const context = this.#context;
    const user = readPool(context, pool).users.find(({ sub }) => sub === pending.sub);
    if (user === undefined) throw notAuthorized(WRONG_PASSWORD);
    requireUsable(context, user);
    if (pending.step === "NEW_PASSWORD_REQUIRED") {
      await setPassword(context, pool, user, given["new_password"] ?? "", "CONFIRMED");
      return this.#continue(pool, asked, { ...user, status: "CONFIRMED" });
    }
    const code = given["code"] ?? "";
    const right =
      pending.step === "MFA_SETUP"
        ? registerTotp(context, pool, user.sub, pending.secret ?? "", code)
        : checkTotp(context, pool, user, code);
    // A wrong code costs the password again, so that codes cannot be guessed one after the other.
    if (!right && pending.step === "SOFTWARE_TOKEN_MFA")
      throw notAuthorized("Invalid code received for user. Start again.");
    if (!right) throw new CognitoError("CodeMismatchException", "Invalid code received for user");
    return this.#finish(pool, asked, user);
  }

  #continue(pool: UserPool, asked: AuthorizeRequest, user: LocalUser): HttpAnswer {
    const step = nextStep(pool, user);
    if (step === "DONE") return this.#finish(pool, asked, user);
    const secret = step === "MFA_SETUP" ? { secret: newTotpSecret() } : {};
    const pending = { poolId: pool.id, clientId: asked.client.clientId, sub: user.sub, step, ...secret };
    return renderForm(200, this.#pageOf(pending), asked.redirectUri);
  }

  #pageOf(pending: Pending): Page {
    const session = this.#pending.put(pending);
    return { ...STEP_PAGES[pending.step](pending.secret ?? ""), hidden: { session } };
  }

  #finish(pool: UserPool, asked: AuthorizeRequest, user: LocalUser): HttpAnswer {
    const handle = this.#browsers.put({ poolId: pool.id, sub: user.sub });
    return this.#redirectWithCode(asked, user, [`${SESSION}=${handle}; Path=/; HttpOnly; SameSite=Lax`]);
  }

  #redirectWithCode(asked: AuthorizeRequest, user: LocalUser, cookies: readonly string[]): HttpAnswer {
    const code = this.#codes.put({
      clientId: asked.client.clientId,
      sub: user.sub,
      redirectUri: asked.redirectUri,
      scopes: asked.scopes,
      ...(asked.codeChallenge === undefined ? {} : { codeChallenge: asked.codeChallenge }),
      ...(asked.nonce === undefined ? {} : { nonce: asked.nonce }),
    });
    const state = asked.state === undefined ? {} : { state: asked.state };
    return redirect(303, withQuery(asked.redirectUri, { code, ...state }), cookies);
  }

  #signedIn(pool: UserPool, request: HttpRequest): LocalUser | undefined {
    const session = this.#browsers.get(cookie(request, SESSION) ?? "");
    if (session?.poolId !== pool.id) return undefined;
    return readPool(this.#context, pool).users.find(({ sub, enabled }) => sub === session.sub && enabled);
  }
}

export function redirect(status: number, location: string, cookies: readonly string[] = []): HttpAnswer {
  return {
    status,
    headers: [
      ["location", location],
      ["cache-control", "no-store"],
      ...cookies.map((value) => ["set-cookie", value] as const),
    ],
    body: "",
  };
}

const PASSWORD_PAGE: Page = {
  title: "Sign in",
  fields: [
    { name: "username", label: "User name or e-mail address", type: "text", autocomplete: "username" },
    { name: "password", label: "Password", type: "password", autocomplete: "current-password" },
  ],
  button: "Sign in",
};

const CODE = {
  name: "code",
  label: "Code of six digits",
  type: "text",
  autocomplete: "one-time-code",
  numeric: true,
} as const;

const STEP_PAGES: Readonly<Record<Pending["step"], (secret: string) => Page>> = {
  NEW_PASSWORD_REQUIRED: () => ({
    title: "Choose a new password",
    fields: [{ name: "new_password", label: "New password", type: "password", autocomplete: "new-password" }],
    button: "Set password",
  }),
  SOFTWARE_TOKEN_MFA: () => ({
    title: "Enter a code",
    intro: "Your authenticator app shows it.",
    fields: [CODE],
    button: "Sign in",
  }),
  MFA_SETUP: (secret) => ({
    title: "Set up an authenticator app",
    intro: `Enter this key in the app: ${secret}. Then enter the code that it shows.`,
    fields: [CODE],
    button: "Set up",
  }),
};
