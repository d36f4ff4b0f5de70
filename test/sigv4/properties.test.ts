import fc from "fast-check";
import { normalizePath, verifySignature } from "../../proof/sigv4";
import { LONG_TERM, options, smithySigned, TEMPORARY } from "./requests";

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const RUNS = { numRuns: 150 };

const segment = fc.oneof(
  fc.constantFrom("", ".", "..", "...", "%2e", "%2F", "%25", "a+b", "$default", "@x", "a=b", "caf%C3%A9", "~", "*"),
  fc.string({ minLength: 1, maxLength: 8 }).map((text) => encodeURIComponent(text)),
);
const path = fc.array(segment, { maxLength: 7 }).map((segments) => `/${segments.join("/")}`);
const text = fc.string({ unit: "grapheme", maxLength: 12 });
// Smithy keeps the query in an object and loses a parameter of this name.
const queryName = text.filter((name) => name !== "__proto__");
const query = fc.dictionary(queryName, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })), {
  maxKeys: 5,
  noNullPrototype: true,
});
const headerName = fc.stringMatching(/^x-[a-z]{1,8}$/).filter((name) => name !== "x-amz");
const headers = fc.dictionary(headerName, fc.stringMatching(/^[\t\x20-\x7e]{0,30}$/), {
  maxKeys: 4,
  noNullPrototype: true,
});
const unsigned = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH"),
  path,
  query,
  headers,
  body: text,
  credential: fc.constantFrom(LONG_TERM, TEMPORARY),
  form: fc.constantFrom("header" as const, "query" as const),
});

describe("for any request at all", () => {
  it("what the SDK's signer signs is verified, as its own caller and normalised path", async () => {
    await fc.assert(
      fc.asyncProperty(unsigned, async (request) => {
        const result = verifySignature(await smithySigned({ ...request, signedAt: NOW }), options(NOW));
        expect(result).toMatchObject({
          outcome: "signed",
          credential: request.credential,
          normalizedPath: normalizePath(request.path),
        });
      }),
      RUNS,
    );
  });

  it("a signature opens another path only where both normalise to one", async () => {
    await fc.assert(
      fc.asyncProperty(path, path, async (signedPath, sentPath) => {
        const signed = await smithySigned({ path: signedPath, signedAt: NOW });
        const { outcome } = verifySignature({ ...signed, rawPath: sentPath }, options(NOW));
        expect(outcome === "signed").toBe(normalizePath(signedPath) === normalizePath(sentPath));
      }),
      RUNS,
    );
  });

  it("normalising twice is normalising once, and leaves no empty and no dot segment", () => {
    fc.assert(
      fc.property(path, (raw) => {
        const normalized = normalizePath(raw);
        expect(normalizePath(normalized)).toBe(normalized);
        const inner = normalized.replace(/^\//, "").replace(/\/$/, "").split("/");
        expect(normalized === "/" || inner.every((part) => part !== "" && part !== "." && part !== "..")).toBe(true);
      }),
      RUNS,
    );
  });

  it("no bytes make the verifier throw, and none but a signer's are verified", () => {
    const bytes = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
      maxLength: 40,
    });
    const credential = "Credential=AKIALONGTERM/20260131/eu-central-1/execute-api/aws4_request";
    const authorization = fc.oneof(
      bytes,
      bytes.map((more) => `AWS4-HMAC-SHA256 ${more}`),
      fc.tuple(bytes, bytes).map(([a, b]) => `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${a}, Signature=${b}`),
    );
    const date = fc.oneof(bytes, fc.constant("20260131T120000Z"));
    fc.assert(
      fc.property(bytes, bytes, bytes, authorization, date, (method, rawPath, rawQuery, value, when) => {
        const sent = [
          ["host", "x"],
          ["authorization", value],
          ["x-amz-date", when],
        ] as const;
        const request = { method, rawPath, rawQuery, headers: sent, body: Buffer.from(method) };
        expect(verifySignature(request, options(NOW)).outcome).toBe("refused");
      }),
      { numRuns: 500 },
    );
  });
});
