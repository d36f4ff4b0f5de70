/** Requests that are signed and changed afterwards, and what their verification says. */
import { verifySignature } from "../../proof/sigv4";
import type { SignableRequest } from "../../proof/sigv4";
import { HOST, options } from "./requests";

export const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);

export const unsigned: SignableRequest = {
  method: "GET",
  rawPath: "/dev/orders",
  rawQuery: "",
  headers: [["Host", HOST]],
  body: new Uint8Array(),
};

export const verify = (request: SignableRequest, more = {}) => verifySignature(request, options(NOW, more));

export const withHeader = (request: SignableRequest, name: string, value: string): SignableRequest => ({
  ...request,
  headers: [...request.headers, [name, value]],
});

export const replaced = (request: SignableRequest, name: string, value: string): SignableRequest => ({
  ...request,
  headers: request.headers.map(([key, old]) => [key, key.toLowerCase() === name ? value : old]),
});

export const authorization = (request: SignableRequest) =>
  request.headers.find(([name]) => name === "authorization")?.[1] ?? "";

export const editAuthorization = (request: SignableRequest, edit: (value: string) => string) =>
  replaced(request, "authorization", edit(authorization(request)));

export const refused = (errorType: string, message: string, responseType = "INVALID_SIGNATURE") => ({
  outcome: "refused",
  denial: { status: 403, errorType, responseType, message, messageKey: "message" },
});

export const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
