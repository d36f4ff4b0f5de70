import { EXPIRED, LONG_TERM, smithySigned, TEMPORARY } from "./requests";
import { NOW, verify, refused, MISMATCH } from "./verifying";

const INVALID_TOKEN = "The security token included in the request is invalid.";

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
