import { RedirectError, withQuery } from "./cognito/authorize";
import { form, OAuthError, parameters } from "./cognito/form";
import { redirect } from "./cognito/login";
import { render } from "./cognito/login-page";
import type { Page } from "./cognito/login-page";
import { renderForm, requireOwnForm } from "./cognito/own-form";
import { challengeOf, proves } from "./cognito/pkce";
import { ShortLived } from "./cognito/short-lived";
import type { HttpAnswer, HttpRequest } from "./http";

/** What an authorization code stands for, but for its redemption. */
export interface OidcGrant {
  readonly clientId: string;
  /** The name that was typed, which is the token's `sub`, as with `portcullis token --user`. */
  readonly user: string;
  readonly scopes: readonly string[];
  readonly nonce?: string;
  /** The one audience that was asked for. */
  readonly audience?: string;
  /** Milliseconds since the epoch. */
  readonly signedInAt: number;
}

interface Asked {
  readonly redirectUri: string;
  readonly state?: string;
  readonly codeChallenge?: string;
  readonly grant: Omit<OidcGrant, "user" | "signedInAt">;
}

/** RFC 6749, 4.1.2, recommends ten minutes at most. */
const CODE_LIFE_MS = 300_000;

const PAGE: Page = {
  title: "Sign in",
  intro: "This issuer stands in for the real one on this machine. Its tokens are for whoever you say you are.",
  fields: [{ name: "username", label: "User name", type: "text", autocomplete: "username" }],
  button: "Sign in",
};

/**
 * Authorization code with PKCE (RFC 6749, 4.1; RFC 7636) at the local stand-in of an OIDC issuer. Who the users are and
 * where they may be sent, only the real issuer knows: here anybody signs in under any name, and goes back to this machine
 * only, as native applications do (RFC 8252, 7.3).
 */
export class OidcSignIn {
  readonly #codes: ShortLived<OidcGrant & Pick<Asked, "redirectUri" | "codeChallenge">>;

  constructor(
    private readonly clientIds: readonly string[],
    private readonly audiences: readonly string[],
  ) {
    this.#codes = new ShortLived(CODE_LIFE_MS, Date.now);
  }

  /** `GET` shows the page, `POST` sends it. */
  authorize(request: HttpRequest): HttpAnswer {
    if (!["GET", "HEAD", "POST"].includes(request.method)) {
      return { status: 405, headers: [["allow", "GET, HEAD, POST"]], body: "" };
    }
    try {
      const asked = this.#read(request.rawQuery);
      return request.method === "POST" ? this.#submit(asked, request) : renderForm(200, PAGE, asked.redirectUri);
    } catch (error) {
      if (error instanceof RedirectError) return redirect(302, error.location);
      if (!(error instanceof OAuthError)) throw error;
      return render(
        error.status,
        { title: "This sign-in cannot go on", problem: `${error.code}: ${error.message}.` },
        "",
      );
    }
  }

  /** @throws OAuthError where the code is not good for this client, redirect URI and verifier; it is spent either way */
  redeem(given: Readonly<Record<string, string>>, clientId: string): OidcGrant {
    const code = this.#codes.take(given["code"] ?? "");
    if (
      code === undefined ||
      code.clientId !== clientId ||
      code.redirectUri !== given["redirect_uri"] ||
      !proves(given["code_verifier"], code.codeChallenge)
    ) {
      throw new OAuthError("invalid_grant");
    }
    return code;
  }

  #submit(asked: Asked, request: HttpRequest): HttpAnswer {
    const given = form(request);
    requireOwnForm(request, given);
    const user = (given["username"] ?? "").trim();
    if (user === "") return renderForm(400, { ...PAGE, problem: "Say who you are." }, asked.redirectUri);
    const { redirectUri, state, grant, ...challenge } = asked;
    const code = this.#codes.put({ ...grant, user, signedInAt: Date.now(), redirectUri, ...challenge });
    return redirect(303, withQuery(redirectUri, { code, ...(state === undefined ? {} : { state }) }));
  }

  /** Throws `OAuthError` where the answer must not leave this server, `RedirectError` where the application is told. */
  #read(query: string): Asked {
    const given = parameters(query);
    const clientId = given["client_id"] ?? "";
    if (!this.clientIds.includes(clientId)) {
      throw new OAuthError("invalid_request", `There is no client '${clientId}'. Known: ${this.clientIds.join(", ")}`);
    }
    const redirectUri = given["redirect_uri"] ?? "";
    if (!isOfThisMachine(redirectUri)) {
      throw new OAuthError(
        "invalid_request",
        `redirect_uri is '${redirectUri}', which is not an address of this machine`,
      );
    }
    const { state, nonce } = given;
    const fail = (code: string, description: string) => new RedirectError(redirectUri, state, code, description);
    if (given["response_type"] !== "code")
      throw fail("unsupported_response_type", "Only response_type=code is supported");
    if (given["prompt"] === "none") throw fail("login_required", "No user is signed in");
    const audience = given["resource"] ?? given["audience"];
    if (audience !== undefined && !this.audiences.includes(audience)) {
      throw fail("invalid_target", `No function of this configuration has the audience ${audience}`);
    }
    return {
      redirectUri,
      ...(state === undefined ? {} : { state }),
      ...challengeOf(given, true, fail),
      grant: {
        clientId,
        scopes: (given["scope"] ?? "").split(" ").filter((scope) => scope !== ""),
        ...(nonce === undefined ? {} : { nonce }),
        ...(audience === undefined ? {} : { audience }),
      },
    };
  }
}

function isOfThisMachine(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username, password, hash } = new URL(uri);
  if (!/^https?:$/.test(protocol) || username !== "" || password !== "" || hash !== "") return false;
  return /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
