import { createHash } from "node:crypto";
import type { SignableRequest } from "../../proof/sigv4";
import { normalizePath, verifySignature } from "../../proof/sigv4";
import { EXPIRED, HOST, LONG_TERM, options, smithySigned, TEMPORARY } from "./requests";

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const unsigned: SignableRequest = {
  method: "GET",
  rawPath: "/dev/orders",
  rawQuery: "",
  headers: [["Host", HOST]],
  body: new Uint8Array(),
};
const verify = (request: SignableRequest, more = {}) => verifySignature(request, options(NOW, more));
const withHeader = (request: SignableRequest, name: string, value: string): SignableRequest => ({
  ...request,
  headers: [...request.headers, [name, value]],
});
const replaced = (request: SignableRequest, name: string, value: string): SignableRequest => ({
  ...request,
  headers: request.headers.map(([key, old]) => [key, key.toLowerCase() === name ? value : old]),
});
const authorization = (request: SignableRequest) =>
  request.headers.find(([name]) => name === "authorization")?.[1] ?? "";
const editAuthorization = (request: SignableRequest, edit: (value: string) => string) =>
  replaced(request, "authorization", edit(authorization(request)));
const refused = (errorType: string, message: string, responseType = "INVALID_SIGNATURE") => ({
  outcome: "refused",
  denial: { status: 403, errorType, responseType, message, messageKey: "message" },
});
const MISMATCH =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";
const INVALID_TOKEN = "The security token included in the request is invalid.";
const sha256Base64 = (text: string) => createHash("sha256").update(text).digest("base64");

describe("a request without a whole signature", () => {
  const needs = (...members: string[]) =>
    members.map((name) => `Authorization header requires '${name}' parameter. `).join("");
  const needsDate = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";

  it.each<[string, string | undefined]>([
    ["no Authorization header", undefined],
    ["an empty Authorization header", " "],
  ])("with %s is missing its token", (_, value) => {
    const request = value === undefined ? unsigned : withHeader(unsigned, "Authorization", value);
    expect(verify(request)).toMatchObject(
      refused("MissingAuthenticationTokenException", "Missing Authentication Token", "MISSING_AUTHENTICATION_TOKEN"),
    );
  });

  it.each(["Bearer abc.def.ghi", "Basic dXNlcjpwYXNz", "AWS4-HMAC-SHA256 nonsense", "a  b"])(
    "that says '%s' lacks an equal sign, and is answered with a hash of the header",
    (value) => {
      const result = verify(withHeader(unsigned, "Authorization", value));
      const hash = sha256Base64(value);
      expect(result).toMatchObject(
        refused(
          "IncompleteSignatureException",
          `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${hash}'.`,
        ),
      );
      expect(JSON.stringify(result)).not.toContain("abc.def.ghi");
    },
  );

  it.each([
    ["rawjwt", `${needs("Credential", "Signature", "SignedHeaders")}${needsDate}`],
    ["AWS4-HMAC-SHA256", `${needs("Credential", "Signature", "SignedHeaders")}${needsDate}`],
    ["AWS4-HMAC-SHA256 Credential=a/b/c/d/e", `${needs("Signature", "SignedHeaders")}${needsDate}`],
    ["AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=", `${needs("Signature")}${needsDate}`],
    ["AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=0", needsDate],
    [
      "AWS4-ECDSA-P256-SHA256 Credential=a/20260131/execute-api/aws4_request",
      `${needs("Signature", "SignedHeaders")}${needsDate}`,
    ],
  ])("that says '%s' is answered with what it lacks", (value, message) => {
    expect(verify(withHeader(unsigned, "Authorization", value))).toMatchObject(
      refused("IncompleteSignatureException", `${message}Authorization=${value}`),
    );
  });

  it.each([
    ["X-Amz-Algorithm=AWS4-HMAC-SHA256", ["X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date"]],
    ["X-Amz-Signature=00&X-Amz-Date=x", ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-SignedHeaders"]],
  ])("whose query is '%s' is answered with the parameters it lacks", (rawQuery, names) => {
    const list = names.map((name) => `AWS query-string parameters must include '${name}'. `).join("");
    expect(verify({ ...unsigned, rawQuery })).toMatchObject(
      refused("IncompleteSignatureException", `${list}Re-examine the query-string parameters.`),
    );
  });
});

describe("a signature that says something else than it must", () => {
  it.each([
    ["an algorithm of its own", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'."],
    ["SigV4a", "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256", "Unsupported AWS 'algorithm': 'AWS4-ECDSA-P256-SHA256'."],
    [
      "a credential of four parts",
      "/aws4_request",
      "",
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIALONGTERM/20260131/eu-central-1/execute-api'",
    ],
    [
      "a member twice",
      "Signature=",
      "Signature=0, Signature=",
      "Authorization header must contain 'Signature' exactly once.",
    ],
    [
      "a signed header in capitals",
      "SignedHeaders=host",
      "SignedHeaders=host;Accept",
      "SignedHeaders must be a list of lower-case header names separated by semicolons, got 'host;Accept;x-amz-content-sha256;x-amz-date'",
    ],
  ])("such as %s is incomplete", async (_, from, to, message) => {
    const request = editAuthorization(await smithySigned({ signedAt: NOW }), (value) => value.replace(from, to));
    expect(verify(request)).toMatchObject(refused("IncompleteSignatureException", message));
  });

  it("names SigV4a as something that is supported by AWS and not here", async () => {
    const request = editAuthorization(await smithySigned({ signedAt: NOW }), (value) =>
      value.replace("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
    );
    expect(verify(request)).toMatchObject({ because: expect.stringContaining("SigV4a") });
  });

  it.each([
    [
      "its region",
      { region: "ap-northeast-1" },
      "Credential should be scoped to a valid region, not 'ap-northeast-1'. ",
    ],
    ["its service", { service: "s3" }, "Credential should be scoped to correct service: 'execute-api'. "],
    [
      "both",
      { region: "us-east-1", service: "sts" },
      "Credential should be scoped to a valid region, not 'us-east-1'. Credential should be scoped to correct service: 'execute-api'. ",
    ],
  ])("is refused for the wrong scope by %s", async (_, scope, message) => {
    expect(verify(await smithySigned({ signedAt: NOW, ...scope }))).toMatchObject(
      refused("InvalidSignatureException", message),
    );
  });

  it.each([
    [
      "aws4_request",
      "aws5_request",
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
    ],
    [
      "20260131",
      "20260130",
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20260130' != '20260131', from '20260131T120000Z'. ",
    ],
  ])("is refused where its scope says %s changed to %s", async (from, to, message) => {
    const request = editAuthorization(await smithySigned({ signedAt: NOW }), (value) => value.replace(from, to));
    expect(verify(request)).toMatchObject(refused("InvalidSignatureException", message));
  });

  it.each(["2026-01-31T12:00:00Z", "20260230T120000Z", "20260131T250000Z", "yesterday", "20260131T120000"])(
    "is incomplete where its date is '%s'",
    async (date) => {
      const request = replaced(await smithySigned({ signedAt: NOW }), "x-amz-date", date);
      expect(verify(request)).toMatchObject(
        refused(
          "IncompleteSignatureException",
          `Date must be in ISO-8601 'basic format'. Got '${date}'. See http://en.wikipedia.org/wiki/ISO_8601`,
        ),
      );
    },
  );
});

describe("the clock", () => {
  it.each([
    [-300, "signed"],
    [-301, "Signature expired: 20260131T115459Z is now earlier than 20260131T115500Z (20260131T120000Z - 5 min.)"],
    [300, "signed"],
    [
      301,
      "Signature not yet current: 20260131T120501Z is still later than 20260131T120500Z (20260131T120000Z + 5 min.)",
    ],
  ])("at a signature %d seconds away says %s", async (seconds, expected) => {
    const result = verify(await smithySigned({ signedAt: NOW + seconds * 1000 }));
    if (expected === "signed") expect(result.outcome).toBe("signed");
    else expect(result).toMatchObject(refused("InvalidSignatureException", expected));
  });

  it.each([
    [60, 59, "signed"],
    [60, 60, "signed"],
    [60, 61, "Signature expired: 20260131T115859Z is now earlier than 20260131T115900Z (20260131T120000Z - 1 min.)"],
    [90, 91, "Signature expired: 20260131T115829Z is now earlier than 20260131T115830Z (20260131T120000Z - 90 sec.)"],
    [604_800, 604_800, "signed"],
  ])("lets a query signature of %d seconds be used after %d seconds: %s", async (expiresSeconds, age, expected) => {
    const result = verify(await smithySigned({ form: "query", expiresSeconds, signedAt: NOW - age * 1000 }));
    if (expected === "signed") expect(result.outcome).toBe("signed");
    else expect(result).toMatchObject(refused("InvalidSignatureException", expected));
  });

  it.each(["0", "-1", "604801", "1e3", "", "99999999999"])("refuses an X-Amz-Expires of '%s'", async (value) => {
    const request = await smithySigned({ form: "query", signedAt: NOW });
    const rawQuery = request.rawQuery.replace("X-Amz-Expires=900", `X-Amz-Expires=${value}`);
    expect(verify({ ...request, rawQuery })).toMatchObject(
      refused("IncompleteSignatureException", `X-Amz-Expires must be between 1 and 604800 seconds, got '${value}'.`),
    );
  });

  it("gives a query signature without X-Amz-Expires five minutes", async () => {
    const request = await smithySigned({ form: "query", signedAt: NOW - 301_000 });
    const rawQuery = request.rawQuery.replace(/&?X-Amz-Expires=900/, "");
    expect(verify({ ...request, rawQuery })).toMatchObject({
      outcome: "refused",
      denial: { message: expect.stringContaining("- 5 min.") },
    });
  });
});

describe("the key and its session", () => {
  it.each(["header", "query"] as const)("in the %s form must be known", async (form) => {
    const credential = { ...LONG_TERM, accessKeyId: "AKIANOBODY" };
    const result = verify(await smithySigned({ form, credential, signedAt: NOW }));
    expect(result).toMatchObject(refused("UnrecognizedClientException", INVALID_TOKEN));
    expect(result).toMatchObject({ because: expect.stringContaining("'AKIANOBODY'") });
  });

  it.each([
    ["another token", { ...TEMPORARY, sessionToken: "token/with+odd=characters&more=!" }],
    ["a longer token", { ...TEMPORARY, sessionToken: `${TEMPORARY.sessionToken}=` }],
    ["a token where none belongs", { ...LONG_TERM, sessionToken: "any" }],
  ])("are refused with %s, and the token is not repeated", async (_, credential) => {
    for (const form of ["header", "query"] as const) {
      const result = verify(await smithySigned({ form, credential, signedAt: NOW }));
      expect(result).toMatchObject(refused("UnrecognizedClientException", INVALID_TOKEN));
      expect(JSON.stringify(result)).not.toContain(credential.sessionToken);
    }
  });

  it("are refused without the token of a temporary key", async () => {
    const { sessionToken: _, ...credential } = TEMPORARY;
    expect(verify(await smithySigned({ credential, signedAt: NOW }))).toMatchObject(
      refused("UnrecognizedClientException", INVALID_TOKEN),
    );
  });

  it("are refused once the session is over, whatever the signature", async () => {
    const message = "The security token included in the request is expired";
    const expected = refused("ExpiredTokenException", message, "EXPIRED_TOKEN");
    const credential = { ...EXPIRED, secretAccessKey: "wrong" };
    expect(verify(await smithySigned({ credential: EXPIRED, signedAt: NOW }))).toMatchObject(expected);
    expect(verify(await smithySigned({ credential, signedAt: NOW }))).toMatchObject(expected);
  });

  it("end at the very millisecond that the session ends", async () => {
    const request = await smithySigned({ credential: { ...LONG_TERM }, signedAt: NOW });
    const until = (expiresAt: number) =>
      verify(request, { findCredential: () => ({ ...LONG_TERM, expiresAt }) }).outcome;
    expect([until(NOW), until(NOW + 1)]).toEqual(["refused", "signed"]);
  });

  it("are refused for the wrong secret, in the words of AWS and without any secret", async () => {
    const result = verify(
      await smithySigned({ credential: { ...LONG_TERM, secretAccessKey: "guess" }, signedAt: NOW }),
    );
    expect(result).toMatchObject(refused("InvalidSignatureException", MISMATCH));
    expect(JSON.stringify(result)).not.toContain(LONG_TERM.secretAccessKey);
  });

  it("are verified anew when a key is given another secret, although signing keys are cached", async () => {
    const request = await smithySigned({ signedAt: NOW });
    expect(verify(request).outcome).toBe("signed");
    const changed = { ...LONG_TERM, secretAccessKey: "another" };
    expect(verify(request, { findCredential: () => changed }).outcome).toBe("refused");
  });

  it("are looked up with the token that the request carries", async () => {
    const asked: unknown[] = [];
    const findCredential = (...question: unknown[]) => void asked.push(question);
    for (const form of ["header", "query"] as const) {
      verify(await smithySigned({ form, credential: TEMPORARY, signedAt: NOW }), { findCredential });
    }
    expect(asked).toEqual([
      [TEMPORARY.accessKeyId, TEMPORARY.sessionToken],
      [TEMPORARY.accessKeyId, TEMPORARY.sessionToken],
    ]);
  });
});

describe("what a signature must cover", () => {
  const signedAt = NOW;

  it("is the host", async () => {
    const request = editAuthorization(await smithySigned({ signedAt }), (value) => value.replace("host;", ""));
    expect(verify(request)).toMatchObject(
      refused("InvalidSignatureException", "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."),
    );
  });

  it("is every x-amz-* header of the request", async () => {
    const request = withHeader(await smithySigned({ signedAt }), "X-Amz-Anything", "1");
    expect(verify(request)).toMatchObject(
      refused("InvalidSignatureException", "'x-amz-anything' must be a 'SignedHeader' in the AWS Authorization."),
    );
  });

  it("is not a header that proxies add on the way", async () => {
    const request = withHeader(await smithySigned({ signedAt }), "X-Amzn-Trace-Id", "Root=1");
    expect(verify(request).outcome).toBe("signed");
  });

  it("is the session token, which cannot be appended to a signed query", async () => {
    const { sessionToken, ...credential } = TEMPORARY;
    const request = await smithySigned({ form: "query", credential, signedAt });
    const rawQuery = `${request.rawQuery}&X-Amz-Security-Token=${encodeURIComponent(sessionToken ?? "")}`;
    expect(verify({ ...request, rawQuery })).toMatchObject(refused("InvalidSignatureException", MISMATCH));
  });

  it("is the body's own hash: UNSIGNED-PAYLOAD is refused and said to be", async () => {
    const headers = { "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
    const result = verify(await smithySigned({ signedAt, method: "POST", body: "{}", headers }));
    expect(result).toMatchObject(refused("InvalidSignatureException", MISMATCH));
    expect(result).toMatchObject({ because: expect.stringContaining("UNSIGNED-PAYLOAD") });
  });

  it("is a header that is there: one that is listed but absent is refused", async () => {
    const request = await smithySigned({ signedAt, headers: { "x-list": "" } });
    expect(verify(request).outcome).toBe("signed");
    const without = { ...request, headers: request.headers.filter(([name]) => name !== "x-list") };
    expect(verify(without)).toMatchObject({ outcome: "refused", because: expect.stringContaining("x-list is signed") });
  });

  it("is the addressed host where the request has no Host header of its own", async () => {
    const request = await smithySigned({ signedAt });
    const without = { ...request, headers: request.headers.filter(([name]) => name !== "host") };
    expect(verify(without).outcome).toBe("refused");
    expect(verify(without, { host: HOST }).outcome).toBe("signed");
    expect(verify(replaced(request, "host", "evil.example"), { host: HOST }).outcome).toBe("refused");
  });
});

describe("a request that says a thing twice", () => {
  it.each(["authorization", "host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"])(
    "is refused where the header %s is doubled, even alike",
    async (name) => {
      const request = await smithySigned({ credential: TEMPORARY, signedAt: NOW });
      const value = request.headers.find(([key]) => key === name)?.[1] ?? "";
      expect(verify(withHeader(request, name.toUpperCase(), value))).toMatchObject({
        outcome: "refused",
        denial: { status: 403, errorType: "IncompleteSignatureException" },
      });
    },
  );

  it.each([
    "X-Amz-Signature",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-Security-Token",
    "X%2DAmz-Signature",
  ])("is refused where the query parameter %s is doubled", async (name) => {
    const request = await smithySigned({ form: "query", credential: TEMPORARY, signedAt: NOW });
    expect(verify({ ...request, rawQuery: `${request.rawQuery}&${name}=1` })).toMatchObject(
      refused(
        "IncompleteSignatureException",
        `AWS query-string parameters must include '${decodeURIComponent(name)}' at most once. Re-examine the query-string parameters.`,
      ),
    );
  });

  it("is refused where both the header and the query hold credentials", async () => {
    const request = await smithySigned({ signedAt: NOW });
    const query = await smithySigned({ form: "query", signedAt: NOW });
    expect(verify({ ...request, rawQuery: query.rawQuery })).toMatchObject({
      outcome: "refused",
      denial: { errorType: "IncompleteSignatureException" },
    });
    expect(verify(withHeader(query, "Authorization", "Bearer x"))).toMatchObject({
      outcome: "refused",
      denial: { errorType: "IncompleteSignatureException" },
    });
  });
});

describe("a Date header", () => {
  /** The signature was computed with Python's hmac, and covers the host alone. */
  it.each(["Sat, 31 Jan 2026 12:00:00 GMT", "20260131T120000Z"])("'%s' takes the place of X-Amz-Date", (date) => {
    const result = verify({
      ...unsigned,
      headers: [
        ["Host", HOST],
        ["Date", date],
        [
          "Authorization",
          `AWS4-HMAC-SHA256 Credential=AKIALONGTERM/20260131/eu-central-1/execute-api/aws4_request, SignedHeaders=host, Signature=eb70e1b9ed1340372917e2fe83cedba3fed800dcd71add84986e2773bf44af6e`,
        ],
      ],
    });
    expect(result).toMatchObject({ outcome: "signed", signedAt: NOW });
  });
});

describe("characters", () => {
  it("that are no bytes are refused, since hashing would fold them into others", async () => {
    const request = await smithySigned({ signedAt: NOW, headers: { "x-name": "A" } });
    const folded = replaced(request, "x-name", "\u0141");
    expect("\u0141".charCodeAt(0) & 0xff).toBe("A".charCodeAt(0));
    expect(verify(folded)).toMatchObject({ outcome: "refused", because: expect.stringContaining("U+00FF") });
  });
});

describe("the reason of a refusal", () => {
  it("stays on one line, whatever the request says of itself", async () => {
    const request = await smithySigned({ form: "query", signedAt: NOW });
    const rawQuery = request.rawQuery.replace("AKIALONGTERM", "AKIA%0A200%20GET%20admin%1b%5b2J");
    expect(verify({ ...request, rawQuery })).toMatchObject({ because: expect.stringContaining("'AKIA 200 GET") });
    expect(verify({ ...request, rawQuery })).toMatchObject({ because: expect.not.stringMatching(/\p{Cc}/u) });
  });
});

describe("the normalised path", () => {
  it.each([
    ["/dev/orders", "/dev/orders"],
    ["/dev/orders/", "/dev/orders/"],
    ["", "/"],
    ["/", "/"],
    ["//", "/"],
    ["/dev//orders", "/dev/orders"],
    ["/dev/./orders", "/dev/orders"],
    ["/dev/public/../admin", "/dev/admin"],
    ["/dev/a/..", "/dev"],
    ["/dev/a/../", "/dev/"],
    ["/..", "/"],
    ["/../../dev", "/dev"],
    ["/dev/...", "/dev/..."],
    ["/dev/%2e%2e/admin", "/dev/%2e%2e/admin"],
    ["/dev/a%2F..%2Fb", "/dev/a%2F..%2Fb"],
  ])("of '%s' is '%s'", (raw, expected) => expect(normalizePath(raw)).toBe(expected));

  it("is what a verified request is routed by, since a raw path with '..' bears the same signature", async () => {
    const honest = await smithySigned({ path: "/dev/admin", signedAt: NOW });
    expect(verify({ ...honest, rawPath: "/dev/public/../admin" })).toMatchObject({
      outcome: "signed",
      normalizedPath: "/dev/admin",
    });
  });
});

describe("a plus sign in the query", () => {
  it.each([
    ["%20", "a b", "signed", "which it stands for"],
    ["%2B", "a+b", "refused", "which the integration would read as a space"],
  ])("in the place of %s, signed for '%s', is %s: %s", async (encoded, q, outcome) => {
    const request = await smithySigned({ signedAt: NOW, query: { q } });
    const sent = { ...request, rawQuery: request.rawQuery.replace(encoded, "+") };
    expect([sent.rawQuery, verify(sent).outcome]).toEqual(["q=a+b", outcome]);
  });
});
