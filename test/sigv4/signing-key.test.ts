import { signingKey } from "../../proof/sigv4/signing-key";

const scope = { date: "20150830", region: "us-east-1", service: "iam", terminator: "aws4_request" };

describe("the signing key", () => {
  it("is the one of AWS's worked example", () => {
    const key = signingKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", scope);
    expect(key.toString("hex")).toBe("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  });

  it("is kept, and still right after more secrets than are kept", () => {
    const first = signingKey("first", scope);
    expect(signingKey("first", scope)).toBe(first);
    for (let n = 0; n < 1000; n += 1) signingKey(`secret ${n}`, scope);
    const again = signingKey("first", scope);
    expect(again).not.toBe(first);
    expect(again.equals(first)).toBe(true);
  });

  it("differs by secret, date, region and service", () => {
    const keys = [
      signingKey("a", scope),
      signingKey("b", scope),
      signingKey("a", { ...scope, date: "20150831" }),
      signingKey("a", { ...scope, region: "us-east-2" }),
      signingKey("a", { ...scope, service: "sts" }),
    ].map((key) => key.toString("hex"));
    expect(new Set(keys).size).toBe(5);
  });
});
