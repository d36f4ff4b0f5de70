import { request } from "node:https";

const TIMEOUT_MS = 3000;
const MAXIMUM_BYTES = 1024 * 1024;

/**
 * The text of a document over HTTPS, from the very URL: redirects are not followed.
 *
 * @throws Error that names the URL, where the answer is not a 200 within three seconds and one mebibyte.
 */
export function fetchText(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (reason: string): void => reject(new Error(`${url} ${reason}.`));
    const asked = request(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on("error", (error) => fail(`broke off: ${error.message}`));
      response.on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAXIMUM_BYTES) {
          fail(`answered more than ${MAXIMUM_BYTES} bytes`);
          asked.destroy();
        } else chunks.push(chunk);
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks).toString("utf8"));
        else fail(`answered ${response.statusCode} instead of 200`);
      });
    });
    asked.on("error", (error) => fail(`cannot be fetched: ${error.message}`));
    asked.end();
  });
}
