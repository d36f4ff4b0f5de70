import { timingSafeEqual } from "node:crypto";
import type { UserPool, UserPoolClient } from "../../model/types";
import type { HttpAnswer, HttpRequest } from "../http";
import { header } from "../http";
import { clientSecret, hash } from "./pool-data";
import type { CognitoContext } from "./pool-data";

/** An error answer of the OAuth endpoints (RFC 6749, 5.2). Cognito answers 400 for all of them. */
export class OAuthError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message = code, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * The parameters of a query or form; a name that comes twice is refused (RFC 6749, 3.1 and 3.2), so that no two
 * readers can take different ones.
 */
export function parameters(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name in found) throw new OAuthError("invalid_request", `${name} is given twice`);
    found[name] = value;
  }
  return found;
}

export function form(request: HttpRequest): Readonly<Record<string, string>> {
  const type = header(request, "content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new OAuthError("invalid_request", "The body must be application/x-www-form-urlencoded");
  }
  return parameters(Buffer.from(request.body).toString("utf8"));
}

/**
 * The client that the request authenticates as: Basic or `client_secret` in the body where it has a secret, its bare
 * id where it has none. A public client that sends a secret, or both forms at once, is refused.
 */
export function authenticateClient(
  context: CognitoContext,
  pool: UserPool,
  request: HttpRequest,
  given: Readonly<Record<string, string>>,
): UserPoolClient {
  const basic = basicCredentials(header(request, "authorization"));
  if (basic !== undefined && given["client_secret"] !== undefined) {
    throw new OAuthError("invalid_request", "Two ways of client authentication at once");
  }
  const id = basic?.id ?? given["client_id"];
  if (id === undefined || (given["client_id"] ?? id) !== id) throw new OAuthError("invalid_client");
  const client = pool.clients.find(({ clientId }) => clientId === id);
  if (client === undefined) throw new OAuthError("invalid_client");
  const expected = clientSecret(context, client);
  const secret = basic?.secret ?? given["client_secret"];
  if (expected === undefined ? secret !== undefined : !same(secret ?? "", expected)) {
    throw new OAuthError("invalid_client");
  }
  return client;
}

export function same(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(hash(given)), Buffer.from(hash(expected)));
}

/** Token, revocation and user-info answers can be read by any web page, as Cognito's can; none goes into a cache. */
export function json(status: number, value: unknown, more: readonly (readonly [string, string])[] = []): HttpAnswer {
  return {
    status,
    headers: [
      ["content-type", "application/json;charset=UTF-8"],
      ["cache-control", "no-store"],
      ["access-control-allow-origin", "*"],
      ...more,
    ],
    body: value === undefined ? "" : JSON.stringify(value),
  };
}

/** RFC 6749, 2.3.1: id and secret are form-encoded before they are joined. */
export function basicCredentials(
  value: string | undefined,
): { readonly id: string; readonly secret: string } | undefined {
  const [, encoded] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(value ?? "") ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  try {
    const decode = (part: string): string => decodeURIComponent(part.replaceAll("+", " "));
    return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
  } catch {
    return undefined;
  }
}
