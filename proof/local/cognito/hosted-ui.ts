import type { HttpAnswer, HttpRequest, LocalEndpoint } from "../http";
import { authorizeRequest, isLogoutUri, RedirectError } from "./authorize";
import { json, OAuthError, parameters } from "./form";
import { hostedRequest } from "./hosted-url";
import type { HostedRequest } from "./hosted-url";
import { Login, redirect } from "./login";
import { render } from "./login-page";
import type { CognitoContext } from "./pool-data";
import { ShortLived } from "./short-lived";
import { revocationEndpoint, tokenEndpoint, userInfoEndpoint } from "./token-endpoint";
import type { CodeGrant } from "./token-endpoint";

/** An authorization code is good for five minutes (Cognito developer guide, "Authorize endpoint"). */
const CODE_LIFE_MS = 300_000;

type Handler = (request: HttpRequest, hosted: HostedRequest) => HttpAnswer | Promise<HttpAnswer>;

/** The OAuth 2.0 endpoints and the sign-in page of every pool that has a domain. */
export function hostedUi(context: CognitoContext): LocalEndpoint {
  const codes = new ShortLived<CodeGrant>(CODE_LIFE_MS, () => context.now());
  const login = new Login(context, codes);
  const routes: Readonly<Record<string, Handler>> = {
    "GET /oauth2/authorize": (request, { pool, base }) =>
      login.authorize(pool, base, authorizeRequest(pool, request.rawQuery), request),
    "GET /login": (request, { pool }) => login.page(authorizeRequest(pool, request.rawQuery)),
    "POST /login": (request, { pool }) => login.submit(pool, authorizeRequest(pool, request.rawQuery), request),
    "GET /logout": (request, hosted) => logout(login, request, hosted),
    "POST /oauth2/token": (request, { pool }) => tokenEndpoint(context, pool, codes, request),
    "POST /oauth2/revoke": (request, { pool }) => revocationEndpoint(context, pool, request),
    "GET /oauth2/userInfo": (request, { pool }) => userInfoEndpoint(context, pool, request),
    "POST /oauth2/userInfo": (request, { pool }) => userInfoEndpoint(context, pool, request),
  };
  const known = new Set(Object.keys(routes).map((route) => route.slice(route.indexOf(" ") + 1)));
  return {
    name: "Cognito hosted UI",
    async handle(request) {
      const hosted = hostedRequest(context.model, request);
      if (hosted === undefined) return undefined;
      const api = hosted.path.startsWith("/oauth2/") && hosted.path !== "/oauth2/authorize";
      if (request.method === "OPTIONS" && api) return json(200, undefined, PREFLIGHT);
      const method = request.method === "HEAD" ? "GET" : request.method;
      const handler = routes[`${method} ${hosted.path}`];
      if (handler === undefined) return { status: known.has(hosted.path) ? 405 : 404, headers: [], body: "" };
      try {
        return await handler(request, hosted);
      } catch (error) {
        if (error instanceof RedirectError) return redirect(302, error.location);
        if (!(error instanceof OAuthError)) throw error;
        if (api) return json(error.status, { error: error.code });
        return render(
          error.status,
          { title: "This sign-in cannot go on", problem: `${error.code}: ${error.message}.` },
          "",
        );
      }
    },
  };
}

const PREFLIGHT = [
  ["access-control-allow-methods", "GET, POST"],
  ["access-control-allow-headers", "authorization, content-type"],
] as const;

/** `/logout`: back to one of the client's sign-out URLs, or to the sign-in page (developer guide, "Logout endpoint"). */
function logout(login: Login, request: HttpRequest, { pool, base }: HostedRequest): HttpAnswer {
  const given = parameters(request.rawQuery);
  const client = pool.clients.find(({ clientId }) => clientId === given["client_id"]);
  if (client === undefined) throw new OAuthError("invalid_request", `There is no client ${given["client_id"] ?? ""}`);
  const uri = given["logout_uri"];
  if (uri === undefined) {
    const { query } = authorizeRequest(pool, request.rawQuery);
    return redirect(302, `${base}/login?${query}`, login.signOut(request));
  }
  if (!isLogoutUri(client, uri)) throw new OAuthError("invalid_request", `${uri} is not a sign-out URL of the client`);
  return redirect(302, uri, login.signOut(request));
}
