"use strict";
/*
 * Sends a function's HTTPS requests to given URLs to local stand-ins (an OIDC issuer's keys, a user pool's keys), so
 * that the function runs unchanged and without a network. Every other request goes where it was meant to go.
 */
const http = require("node:http");
const https = require("node:https");
const { syncBuiltinESMExports } = require("node:module");

/** @param {readonly { from: string, to: string }[]} redirects */
function redirectRequests(redirects) {
  if (redirects.length === 0) return;
  const originals = { "http:": http.request, "https:": https.request };
  for (const [module, protocol] of [
    [http, "http:"],
    [https, "https:"],
  ]) {
    module.request = function request(...args) {
      const { url, options, callback } = normalize(args, protocol);
      const local = url === undefined ? undefined : redirected(url, redirects);
      if (local === undefined) return originals[protocol].apply(module, args);
      const target = new URL(local);
      return originals[target.protocol](
        {
          ...withoutDestination(options),
          protocol: target.protocol,
          hostname: target.hostname,
          port: target.port,
          path: target.pathname + target.search,
        },
        callback,
      );
    };
    module.get = function get(...args) {
      const request = module.request(...args);
      request.end();
      return request;
    };
  }
  syncBuiltinESMExports();

  const originalFetch = globalThis.fetch;
  globalThis.fetch = function fetch(input, init) {
    const isRequest = typeof input === "object" && input !== null && "url" in input;
    const local = redirected(isRequest ? input.url : String(input), redirects);
    if (local === undefined) return originalFetch(input, init);
    return originalFetch(isRequest ? new Request(local, input) : local, init);
  };
}

/** The local URL for one that begins with a redirected prefix, at the end of a segment. */
function redirected(url, redirects) {
  for (const { from, to } of redirects) {
    if (!url.startsWith(from)) continue;
    const rest = url.slice(from.length);
    if (rest === "" || from.endsWith("/") || /^[/?#]/.test(rest)) return to + rest;
  }
  return undefined;
}

/** The three ways to call `request`: (url), (url, options), (options), each with an optional callback. */
function normalize(args, protocol) {
  const callback = args.find((value) => typeof value === "function");
  const [first, second] = args;
  const byUrl = typeof first === "string" || first instanceof URL;
  const options = (byUrl ? second : first) ?? {};
  if (typeof options === "function") return { url: new URL(first).href, options: {}, callback };
  try {
    if (byUrl && options.path === undefined) return { url: new URL(first).href, options, callback };
    const base = byUrl ? new URL(first) : undefined;
    const host = options.hostname ?? options.host ?? base?.hostname ?? "localhost";
    const port = options.port ?? base?.port ?? "";
    const scheme = options.protocol ?? base?.protocol ?? protocol;
    const authority = port === "" ? host : `${host}:${port}`;
    return { url: new URL(`${scheme}//${authority}${options.path ?? "/"}`).href, options, callback };
  } catch {
    // Node itself says what is wrong with these arguments.
    return { url: undefined, options, callback };
  }
}

function withoutDestination(options) {
  const kept = { ...options };
  for (const name of ["agent", "host", "hostname", "port", "path", "protocol", "servername", "defaultPort", "auth"]) {
    delete kept[name];
  }
  if (typeof kept.headers === "object" && kept.headers !== null && !Array.isArray(kept.headers)) {
    kept.headers = Object.fromEntries(Object.entries(kept.headers).filter(([name]) => name.toLowerCase() !== "host"));
  }
  return kept;
}

module.exports = { redirectRequests };
