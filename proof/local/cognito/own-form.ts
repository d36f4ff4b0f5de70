import { randomBytes } from "node:crypto";
import { header } from "../http";
import type { HttpAnswer, HttpRequest } from "../http";
import { OAuthError, same } from "./form";
import { render } from "./login-page";
import type { Page } from "./login-page";

const CSRF = "XSRF-TOKEN";

/**
 * A page whose form only this server can have put into the browser: it holds what a cookie holds.
 * @param redirectUri where the form may end, besides this server
 */
export function renderForm(status: number, page: Page, redirectUri: string): HttpAnswer {
  const token = randomBytes(32).toString("base64url");
  const { protocol, origin } = new URL(redirectUri);
  const destination = origin === "null" ? protocol : origin;
  const cookie = `${CSRF}=${token}; Path=/; HttpOnly; SameSite=Strict`;
  return render(status, { ...page, hidden: { ...page.hidden, _csrf: token } }, destination, [cookie]);
}

/** @throws OAuthError where the form is not one that `renderForm` put into this browser, or its origin is not ours */
export function requireOwnForm(request: HttpRequest, given: Readonly<Record<string, string>>): void {
  const origin = header(request, "origin");
  const [token, expected] = [given["_csrf"], cookie(request, CSRF)];
  if (origin !== undefined && origin !== `http://${request.host}`) {
    throw new OAuthError("access_denied", "The form was sent from another site", 403);
  }
  if (token === undefined || expected === undefined || !same(token, expected)) {
    throw new OAuthError("access_denied", "The form is not from this page. Load the page again", 403);
  }
}

export function cookie(request: HttpRequest, name: string): string | undefined {
  const pairs = (header(request, "cookie") ?? "").split(";").map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
