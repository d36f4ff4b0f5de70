import type { IncomingMessage } from "node:http";

/** Names as sent, in the order sent, duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

/** API Gateway's payload limit, in bytes (docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). */
export const maxBodyBytes = 10 * 1024 * 1024;

/** API Gateway's limit for the request line and all header values together, in bytes (same page). */
export const maxHeaderBytes = 10_240;

/** The headers of a message, one byte per character, as they stood on the wire. */
export function headersOf(message: IncomingMessage): HeaderList {
  const raw = message.rawHeaders;
  const headers: (readonly [string, string])[] = [];
  for (let at = 0; at < raw.length; at += 2) headers.push([raw[at] ?? "", raw[at + 1] ?? ""]);
  return headers;
}

/** The request target taken apart without decoding or normalising, because a signature covers it as it stands. */
export function targetOf(url: string): { readonly rawPath: string; readonly rawQuery: string } {
  // The absolute form of RFC 9112 names the origin in front of the path.
  const target = url.startsWith("/") ? url : url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i, "");
  const at = target.indexOf("?");
  const rawPath = at === -1 ? target : target.slice(0, at);
  return { rawPath: rawPath === "" ? "/" : rawPath, rawQuery: at === -1 ? "" : target.slice(at + 1) };
}

/**
 * What HTTP itself forbids and Node's parser lets through, because others read it in other ways: a fragment, which a
 * URL parser cuts off (RFC 9112, 3.2); a backslash in the path, which some take for a slash (RFC 3986, 3.3); more than
 * one Host (RFC 9112, 3.2). Undefined where nothing is wrong. How AWS words these is not established.
 */
export function malformedRequest(url: string, headers: HeaderList): string | undefined {
  if (url.includes("#")) return "The request target holds a fragment.";
  if (targetOf(url).rawPath.includes("\\")) return "The path holds a backslash.";
  const hosts = headers.filter(([name]) => name.length === 4 && name.toLowerCase() === "host");
  return hosts.length > 1 ? "There is more than one Host header." : undefined;
}

export type Body =
  { readonly kind: "whole"; readonly bytes: Buffer } | { readonly kind: "too-large" } | { readonly kind: "aborted" };

const empty: Body = { kind: "whole", bytes: Buffer.alloc(0) };

/** The whole body; it stops reading as soon as the limit is passed. */
export function readBody(message: IncomingMessage): Promise<Body> {
  const { headers } = message;
  if (headers["content-length"] === undefined && headers["transfer-encoding"] === undefined)
    return Promise.resolve(empty);
  if (Number(headers["content-length"] ?? 0) > maxBodyBytes) return Promise.resolve({ kind: "too-large" });
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBodyBytes) resolve({ kind: "too-large" });
      else chunks.push(chunk);
    });
    message.once("end", () => resolve({ kind: "whole", bytes: Buffer.concat(chunks) }));
    message.once("error", () => resolve({ kind: "aborted" }));
    message.once("close", () => resolve({ kind: "aborted" }));
  });
}

/** The last value under a name given in lower case. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  let found: string | undefined;
  for (const [key, value] of headers) if (key.length === name.length && key.toLowerCase() === name) found = value;
  return found;
}
