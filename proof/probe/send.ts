import { lookup } from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import type { LookupFunction } from "node:net";
import type { Unsent } from "./identity";

const TIMEOUT_MS = 10_000;

/** Not every system's resolver knows names under `localhost`; they are this machine (RFC 6761, section 6.3). */
const lookupLocal: LookupFunction = (host, options, callback) => {
  if (!/\.localhost\.?$/i.test(host)) return lookup(host, options, callback);
  const [address, family] = ["127.0.0.1", 4] as const;
  if (options.all !== true) return callback(null, address, family);
  return callback(null, [
    { address, family },
    { address: "::1", family: 6 },
  ]);
};

/**
 * Sends one request as it stands and reads the answer to its end; redirects are not followed.
 *
 * @throws Error where there is no answer within ten seconds
 */
export function sendRequest({ method, url, headers, body }: Unsent): Promise<{ status: number; headers: Headers }> {
  const { request } = url.protocol === "https:" ? https : http;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, lookup: lookupLocal, signal }, (answer) => {
      const errorType = answer.headers["x-amzn-errortype"];
      const told = new Headers(errorType === undefined ? {} : { "x-amzn-errortype": String(errorType) });
      answer.on("error", reject).on("end", () => resolve({ status: answer.statusCode ?? 0, headers: told }));
      answer.resume();
    });
    sent.on("error", reject).end(body);
  });
}
