import { HOST, smithySigned, TEMPORARY } from "./requests";
import { NOW, verify, withHeader, replaced, editAuthorization, refused, MISMATCH } from "./verifying";

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

describe("characters", () => {
  it("that are no bytes are refused, since hashing would fold them into others", async () => {
    const request = await smithySigned({ signedAt: NOW, headers: { "x-name": "A" } });
    const folded = replaced(request, "x-name", "\u0141");
    expect("\u0141".charCodeAt(0) & 0xff).toBe("A".charCodeAt(0));
    expect(verify(folded)).toMatchObject({ outcome: "refused", because: expect.stringContaining("U+00FF") });
  });
});
