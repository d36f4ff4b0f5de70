import { createHmac, createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import fc from "fast-check";
import { issuerOfUserPool, verifyUserPoolToken } from "../../proof/tokens/verify";
import type { TokenVerdict, UserPoolTokenRules, VerificationKey } from "../../proof/tokens/verify";

const NOW = Date.UTC(2026, 4, 1, 12, 0, 0);
const SECOND = NOW / 1000;
const POOL = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI";
const OTHER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Other";

interface Pair {
  readonly kid: string;
  readonly private: KeyObject;
  readonly public: VerificationKey;
}

function pair(kid: string): Pair {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const { n = "", e = "" } = publicKey.export({ format: "jwk" });
  return { kid, private: privateKey, public: { kty: "RSA", alg: "RS256", use: "sig", kid, n, e } };
}

const ours = pair("ours=");
const before = pair("before=");
const theirs = pair("theirs=");
const attacker = pair("ours=");
const keys: Record<string, readonly VerificationKey[]> = {
  [POOL]: [ours.public, before.public],
  [OTHER]: [theirs.public],
};

const rules: UserPoolTokenRules = {
  issuers: [POOL],
  keyOf: (issuer, kid) => keys[issuer]?.find((key) => key.kid === kid),
  now: NOW,
  scopes: [],
};

const ID = {
  sub: "0f5b4d3a-7f44-4c7f-8ac3-3d54c9f34f5e",
  iss: POOL,
  aud: "client1",
  token_use: "id",
  auth_time: SECOND - 10,
  iat: SECOND - 10,
  exp: SECOND + 3590,
  jti: "j",
  "cognito:username": "alice",
};
const ACCESS = { ...ID, aud: undefined, client_id: "client1", token_use: "access", scope: "orders/read openid" };

const b64 = (value: string | object): string =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A token whose header and payload are exactly that text, signed by that key. */
function signed(header: string | object, payload: string | object, key: Pair = ours, hash = "RSA-SHA256"): string {
  const input = `${b64(header)}.${b64(payload)}`;
  return `${input}.${sign(hash, Buffer.from(input), key.private).toString("base64url")}`;
}

const HEADER = { alg: "RS256", kid: ours.kid };
const good = signed(HEADER, ID);
const [goodHeader = "", goodPayload = "", goodSignature = ""] = good.split(".");
const access = signed(HEADER, ACCESS);

function because(verdict: TokenVerdict): string {
  return verdict.outcome === "accepted" ? "accepted" : `${verdict.expired ? "expired: " : ""}${verdict.because}`;
}

describe("a token that the authorizer takes", () => {
  it.each<[string, string, Partial<UserPoolTokenRules>]>([
    ["an ID token on a method without scopes", good, {}],
    ["with the word Bearer before it", `Bearer ${good}`, {}],
    ["an access token with one of the method's scopes", access, { scopes: ["orders/write", "orders/read"] }],
    ["signed with the key before a rotation", signed({ ...HEADER, kid: before.kid }, ID, before), {}],
    [
      "of the second pool in the authorizer's list",
      signed({ ...HEADER, kid: theirs.kid }, { ...ID, iss: OTHER }, theirs),
      { issuers: [POOL, OTHER] },
    ],
    ["with typ JWT", signed({ ...HEADER, typ: "JWT" }, ID), {}],
    ["of any app client, as no audience is asked", signed(HEADER, { ...ID, aud: "somebody" }), {}],
    ["whose aud matches the authorizer's expression", good, { audienceRegex: "client[0-9]|other" }],
    ["whose aud matches an expression with a dash in a class", good, { audienceRegex: "[\\w-]+" }],
    ["one millisecond before it expires", good, { now: ID.exp * 1000 - 1 }],
    ["that was revoked: API Gateway does not ask Cognito", signed(HEADER, { ...ID, origin_jti: "revoked" }), {}],
  ])("%s", (_what, token, over) => {
    expect(because(verifyUserPoolToken(token, { ...rules, ...over }))).toBe("accepted");
  });

  it("yields its claims as they were signed", () => {
    expect(verifyUserPoolToken(good, rules)).toEqual({ outcome: "accepted", claims: ID });
  });

  it("with a claim twice yields the last, as RFC 7519 section 4 leaves open and JSON parsers do", () => {
    const twice = `${JSON.stringify(ID).slice(0, -1)},"sub":"second"}`;
    expect(verifyUserPoolToken(signed(HEADER, twice), rules)).toMatchObject({ claims: { sub: "second" } });
  });

  it("cannot reach the prototype of the claims", () => {
    const verdict = verifyUserPoolToken(
      signed(HEADER, `{"__proto__":{"admin":true},${JSON.stringify(ID).slice(1)}`),
      rules,
    );
    expect(verdict.outcome === "accepted" && "admin" in verdict.claims).toBe(false);
  });
});

const publicPem = createPublicKey({ key: { ...ours.public }, format: "jwk" }).export({ type: "spki", format: "pem" });
const hmac = (header: object): string => {
  const input = `${b64(header)}.${b64(ID)}`;
  return `${input}.${createHmac("sha256", publicPem).update(input).digest("base64url")}`;
};
const without = (name: string, from: object = ID): object =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name));
const flip = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
/** Another spelling of the same bytes: the last character of a 256-byte value carries four bits that say nothing. */
const respelled = (part: string): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.at(-1) ?? "") + 1);
};

describe("a token that the authorizer refuses", () => {
  it.each<[string, string, string]>([
    // not a token
    ["nothing", "", "3 parts"],
    ["the word Bearer alone", "Bearer ", "3 parts"],
    ["two parts", `${goodHeader}.${goodPayload}`, "3 parts"],
    ["four parts", `${good}.`, "3 parts"],
    ["a JWE's five parts", "a.b.c.d.e", "3 parts"],
    ["no signature", `${goodHeader}.${goodPayload}.`, "base64url"],
    ["a SigV4 header", "AWS4-HMAC-SHA256 Credential=AKIA/20260501/eu-west-1/execute-api/aws4_request", "3 parts"],
    // white space and other spellings
    ["lower-case bearer", `bearer ${good}`, "base64url"],
    ["two spaces after Bearer", `Bearer  ${good}`, "base64url"],
    ["a tab after Bearer", `Bearer\t${good}`, "base64url"],
    ["Bearer twice", `Bearer Bearer ${good}`, "base64url"],
    ["a space in front", ` ${good}`, "base64url"],
    ["a space at the end", `${good} `, "base64url"],
    ["a new line at the end", `${good}\n`, "base64url"],
    [
      "a space in the signature",
      `${goodHeader}.${goodPayload}.${goodSignature.slice(0, 9)} ${goodSignature.slice(9)}`,
      "base64url",
    ],
    ["padding at the end", `${good}==`, "base64url"],
    ["padding in the header", `${goodHeader}=.${goodPayload}.${goodSignature}`, "base64url"],
    ["plain base64", good.replaceAll("-", "+").replaceAll("_", "/"), "base64url"],
    ["another spelling of the same signature", `${goodHeader}.${goodPayload}.${respelled(goodSignature)}`, "base64url"],
    // algorithms
    ["alg none without signature bytes", `${b64({ alg: "none", kid: ours.kid })}.${goodPayload}.AA`, 'alg is "none"'],
    ["alg None", signed({ ...HEADER, alg: "None" }, ID), 'alg is "None"'],
    ["alg rs256", signed({ ...HEADER, alg: "rs256" }, ID), 'alg is "rs256"'],
    ["no alg", signed({ kid: ours.kid }, ID), "alg is absent"],
    ["HS256 keyed with the public key", hmac({ alg: "HS256", kid: ours.kid }), 'alg is "HS256"'],
    ["HS256 that calls itself RS256", hmac(HEADER), "Invalid signature"],
    ["a genuine RS512 signature", signed({ ...HEADER, alg: "RS512" }, ID, ours, "RSA-SHA512"), 'alg is "RS512"'],
    ["an RS512 signature that calls itself RS256", signed(HEADER, ID, ours, "RSA-SHA512"), "Invalid signature"],
    ["alg as a list", signed({ ...HEADER, alg: ["RS256"] }, ID), "alg claim is not a string"],
    // keys
    ["no kid", signed({ alg: "RS256" }, ID), "no kid"],
    ["an unknown kid", signed({ ...HEADER, kid: "unknown" }, ID), "not a key of"],
    ["kid as a number", signed({ ...HEADER, kid: 1 }, ID), "kid claim is not a string"],
    ["the kid of another key of the pool", signed({ ...HEADER, kid: before.kid }, ID), "Invalid signature"],
    ["the kid of a pool that is not listed", signed({ ...HEADER, kid: theirs.kid }, ID, theirs), "not a key of"],
    ["a stranger's key under our kid", signed(HEADER, ID, attacker), "Invalid signature"],
    [
      "a stranger's key brought along as jwk",
      signed({ ...HEADER, jwk: attacker.public }, ID, attacker),
      "Invalid signature",
    ],
    [
      "a stranger's key named by jku",
      signed({ ...HEADER, jku: "https://evil.example/jwks" }, ID, attacker),
      "Invalid signature",
    ],
    ["__proto__ as kid", signed({ ...HEADER, kid: "__proto__" }, ID), "not a key of"],
    // headers
    ["an unknown crit", signed({ ...HEADER, crit: ["exp2"], exp2: 1 }, ID), "crit"],
    ["an empty crit", signed({ ...HEADER, crit: [] }, ID), "crit"],
    ["b64 false", signed({ ...HEADER, b64: false, crit: ["b64"] }, ID), "crit"],
    ["b64 without crit", signed({ ...HEADER, b64: false }, ID), "b64"],
    ["the typ of another kind of token", signed({ ...HEADER, typ: "at+jwt" }, ID), 'typ is "at+jwt"'],
    ["a list as header", signed("[]", ID), "header is not an object"],
    ["a header that is no JSON", signed("{", ID), "Header is not a valid JSON object"],
    // payloads
    ["a list as payload", signed(HEADER, "[]"), "payload is not an object"],
    ["null as payload", signed(HEADER, "null"), "payload is not an object"],
    ["text as payload", signed(HEADER, '"text"'), "payload is not an object"],
    ["a payload that is no JSON", signed(HEADER, "{"), "Payload is not a valid JSON object"],
    [
      "a payload changed after signing",
      `${goodHeader}.${b64({ ...ID, sub: "admin" })}.${goodSignature}`,
      "Invalid signature",
    ],
    [
      "one bit of the signature changed",
      `${goodHeader}.${goodPayload}.${flip(goodSignature, 20)}`,
      "Invalid signature",
    ],
    [
      "half a signature",
      `${goodHeader}.${goodPayload}.${goodSignature.slice(0, 171 - (171 % 4))}`,
      "Invalid signature",
    ],
    // time
    ["no exp", signed(HEADER, without("exp")), "no exp"],
    ["exp null", signed(HEADER, { ...ID, exp: null }), "exp claim is not a number"],
    ["exp as text", signed(HEADER, { ...ID, exp: String(ID.exp) }), "exp claim is not a number"],
    [
      "exp beyond all numbers",
      signed(HEADER, JSON.stringify(ID).replace(`"exp":${ID.exp}`, '"exp":1e999')),
      "exp claim is not a number",
    ],
    ["nbf in the future", signed(HEADER, { ...ID, nbf: SECOND + 60 }), "not valid before"],
    // issuer
    ["no iss", signed(HEADER, without("iss")), "issuer absent"],
    [
      "a pool that is not listed",
      signed({ ...HEADER, kid: theirs.kid }, { ...ID, iss: OTHER }, theirs),
      "not a user pool of the authorizer",
    ],
    [
      "an issuer that begins like ours",
      signed(HEADER, { ...ID, iss: `${POOL}/` }),
      "not a user pool of the authorizer",
    ],
    ["our issuer in capitals", signed(HEADER, { ...ID, iss: POOL.toUpperCase() }), "not a user pool of the authorizer"],
    ["a list with our issuer", signed(HEADER, { ...ID, iss: [POOL] }), "iss claim is not a string"],
    // use
    ["an access token on a method without scopes", access, "takes ID tokens only"],
    ["no token_use", signed(HEADER, without("token_use")), "token_use is absent"],
    ["token_use in capitals", signed(HEADER, { ...ID, token_use: "ID" }), 'token_use is "ID"'],
    ["token_use as a list", signed(HEADER, { ...ID, token_use: ["id"] }), "takes ID tokens only"],
  ])("%s", (_what, token, words) => {
    const verdict = verifyUserPoolToken(token, rules);
    expect(verdict).toMatchObject({ outcome: "rejected", expired: false });
    expect(because(verdict)).toContain(words);
  });

  it.each<[string, object, readonly string[], string]>([
    ["an ID token", { ...ID, scope: "orders/read" }, ["orders/read"], "takes access tokens only"],
    ["no scope", without("scope", ACCESS), ["orders/read"], "hold none of the method's"],
    ["other scopes", ACCESS, ["orders/write"], "(orders/read openid) hold none of the method's: orders/write"],
    ["a scope that only begins like one", { ...ACCESS, scope: "orders/read-all" }, ["orders/read"], "hold none"],
    ["a scope in capitals", { ...ACCESS, scope: "ORDERS/READ" }, ["orders/read"], "hold none"],
    ["scopes divided by commas", { ...ACCESS, scope: "orders/read,openid" }, ["orders/read"], "hold none"],
    ["scopes as a list", { ...ACCESS, scope: ["orders/read"] }, ["orders/read"], "scope claim is not a string"],
  ])("%s on a method with scopes", (_what, claims, scopes, words) => {
    expect(because(verifyUserPoolToken(signed(HEADER, claims), { ...rules, scopes }))).toContain(words);
  });

  it.each<[string, string, string, readonly string[]]>([
    ["matches only in part", good, "client", []],
    ["does not match", good, "other", []],
    ["is absent, as in every access token", access, ".*", ["orders/read"]],
    ["is held against an expression that cannot be read", good, "(", []],
    ["is held against Java's own syntax, which would mean something else here", good, "\\Aclient1\\z", []],
    ["matches one branch only in part", good, "x|client", []],
  ])("where aud %s", (_what, token, audienceRegex, scopes) => {
    expect(verifyUserPoolToken(token, { ...rules, scopes, audienceRegex }).outcome).toBe("rejected");
  });

  it.each([
    ["on the very second", ID.exp * 1000, "expired: The token expired at 2026-05-01T12:59:50.000Z."],
    ["years later", ID.exp * 1000 + 1e11, "expired: The token expired at 2026-05-01T12:59:50.000Z."],
  ])("as expired %s", (_when, now, words) => {
    expect(because(verifyUserPoolToken(good, { ...rules, now }))).toBe(words);
  });

  it("not as expired where it was never genuine", () => {
    const forged = signed(HEADER, { ...ID, exp: SECOND - 1 }, attacker);
    expect(verifyUserPoolToken(forged, rules)).toMatchObject({ outcome: "rejected", expired: false });
  });

  it("without asking for keys of an issuer that is not listed", () => {
    const asked: string[] = [];
    const keyOf = (issuer: string, kid: string): undefined => void asked.push(`${issuer} ${kid}`);
    verifyUserPoolToken(signed(HEADER, { ...ID, iss: "https://evil.example" }), { ...rules, keyOf });
    expect(asked).toEqual([]);
  });

  it("where the issuer's key is not for signing or for another algorithm", () => {
    for (const over of [{ use: "enc" }, { alg: "RS384" }, { kty: "EC" }]) {
      const keyOf = (): VerificationKey => ({ ...ours.public, ...over });
      expect(verifyUserPoolToken(good, { ...rules, keyOf }).outcome).toBe("rejected");
    }
  });

  it("whatever single character of it is changed", () => {
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.constantFrom(..."ABCxyz019-_.=+/ \n%"), (at, character) => {
        fc.pre(good[at] !== character);
        const verdict = verifyUserPoolToken(good.slice(0, at) + character + good.slice(at + 1), rules);
        expect(verdict.outcome).toBe("rejected");
      }),
      { numRuns: 500 },
    );
  });

  it("whatever the header holds, and no text makes it throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json(), fc.base64String()), (text) => {
        expect(verifyUserPoolToken(text, rules).outcome).toBe("rejected");
        expect(verifyUserPoolToken(`${b64(text)}.${b64(text)}.${b64("x")}`, rules).outcome).toBe("rejected");
      }),
      { numRuns: 300 },
    );
  });
});

describe("the issuer of a user pool ARN", () => {
  it.each([
    ["arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEfGhI", POOL],
    [
      "arn:aws-cn:cognito-idp:cn-north-1:111111111111:userpool/cn-north-1_A",
      "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_A",
    ],
    [
      "arn:aws-us-gov:cognito-idp:us-gov-west-1:1:userpool/us-gov-west-1_A",
      "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_A",
    ],
    ["arn:aws:cognito-identity:eu-west-1:1:identitypool/x", undefined],
    ["arn:aws:cognito-idp:eu-west-1:1:userpool/a/b", undefined],
  ])("%s is %s", (arn, issuer) => {
    expect(issuerOfUserPool(arn)).toBe(issuer);
  });
});
