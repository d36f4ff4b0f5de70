import { normalizePath } from "../../proof/sigv4";
import { smithySigned } from "./requests";
import { NOW, verify } from "./verifying";

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
