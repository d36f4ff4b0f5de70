import { HOST, smithySigned } from "./requests";
import { NOW, unsigned, verify, refused } from "./verifying";

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
