import { createHash } from "node:crypto";
import { smithySigned, TEMPORARY } from "./requests";
import { NOW, unsigned, verify, withHeader, replaced, editAuthorization, refused } from "./verifying";

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

describe("the reason of a refusal", () => {
  it("stays on one line, whatever the request says of itself", async () => {
    const request = await smithySigned({ form: "query", signedAt: NOW });
    const rawQuery = request.rawQuery.replace("AKIALONGTERM", "AKIA%0A200%20GET%20admin%1b%5b2J");
    expect(verify({ ...request, rawQuery })).toMatchObject({ because: expect.stringContaining("'AKIA 200 GET") });
    expect(verify({ ...request, rawQuery })).toMatchObject({ because: expect.not.stringMatching(/\p{Cc}/u) });
  });
});
