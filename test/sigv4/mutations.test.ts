import type { SignableRequest } from "../../proof/sigv4";
import { verifySignature } from "../../proof/sigv4";
import { options, smithySigned, TEMPORARY } from "./requests";

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);

type Kind = "replaced" | "removed" | "doubled" | "other case";
interface Mutation {
  readonly part: string;
  readonly kind: Kind;
  readonly before: string;
  readonly at: number;
  readonly request: SignableRequest;
}

/** Every one-character change of a text. */
function* changes(text: string): Generator<readonly [Kind, number, string]> {
  for (let at = 0; at < text.length; at += 1) {
    const [head, character, tail] = [text.slice(0, at), text.charAt(at), text.slice(at + 1)];
    yield ["replaced", at, head + String.fromCharCode(character.charCodeAt(0) ^ 1) + tail];
    yield ["removed", at, head + tail];
    yield ["doubled", at, head + character + character + tail];
    const other = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
    if (other !== character) yield ["other case", at, head + other + tail];
  }
}

/** Every one-character change of everything that is on the wire. */
function* mutations(request: SignableRequest): Generator<Mutation> {
  const body = Buffer.from(request.body).toString("latin1");
  const parts: [string, string, (text: string) => SignableRequest][] = [
    ["method", request.method, (method) => ({ ...request, method })],
    ["path", request.rawPath, (rawPath) => ({ ...request, rawPath })],
    ["query", request.rawQuery, (rawQuery) => ({ ...request, rawQuery })],
    ["body", body, (text) => ({ ...request, body: Buffer.from(text, "latin1") })],
    ...request.headers.flatMap(([name, value], index): [string, string, (text: string) => SignableRequest][] => [
      [`name of ${name}`, name, (text) => ({ ...request, headers: request.headers.with(index, [text, value]) })],
      [`value of ${name}`, value, (text) => ({ ...request, headers: request.headers.with(index, [name, text]) })],
    ]),
  ];
  for (const [part, before, build] of parts) {
    for (const [kind, at, text] of changes(before)) yield { part, kind, before, at, request: build(text) };
  }
}

/** Why a changed request may still be signed: its canonical request is the same. Anything else must be refused. */
function sameMeaning({ part, kind, before, at }: Mutation): string | undefined {
  const character = before.charAt(at);
  if (part.startsWith("name of ") && kind === "other case") return "header names have no case";
  if (part.endsWith("of user-agent")) return "user-agent is not signed";
  if (part === "value of x-words" && character === " ") return "runs of white space in a header are one space";
  if (part === "path" && kind === "doubled" && character === "/") return "empty segments are dropped from the path";
  if (part === "path" && kind === "removed" && at === 0) return "a path starts with a slash, written or not";
  if (part === "query" && kind === "removed" && before.slice(0, at + 1).endsWith("empty="))
    return "a name without an equal sign has the empty value";
  if (part === "query" && /^%[0-9A-Fa-f]{0,2}$/.test(before.slice(Math.max(0, at - 2), at).replace(/^[^%]*/, "")))
    return kind === "other case" ? "hexadecimal digits have no case" : undefined;
  if (part === "value of authorization" && character === " ") return "white space between members does not count";
  return undefined;
}

const METHOD = "POST";
const headers = { "user-agent": "me/1", "x-words": "two words", "content-type": "application/json" };
const request = {
  method: METHOD,
  path: "/dev/a%2Fb/caf%C3%A9/x",
  query: { name: "a+b=c", empty: "", list: ["1", "2"] },
  body: '{"id":1}',
  credential: TEMPORARY,
  headers,
  signedAt: NOW,
};

describe.each(["header", "query"] as const)("a request signed in the %s form", (form) => {
  it("is refused after any one-character change that gives it another meaning", async () => {
    const signed = await smithySigned({ ...request, form });
    const honest = verifySignature(signed, options(NOW));
    if (honest.outcome !== "signed") throw new Error(honest.because);

    let tried = 0;
    const admitted: Mutation[] = [];
    for (const mutation of mutations(signed)) {
      tried += 1;
      const result = verifySignature(mutation.request, options(NOW));
      if (result.outcome === "refused") continue;
      expect(result.normalizedPath).toBe(honest.normalizedPath);
      expect(result.credential).toBe(honest.credential);
      admitted.push(mutation);
    }
    const unexplained = admitted
      .filter((mutation) => sameMeaning(mutation) === undefined)
      .map(({ part, kind, before, at }) => `${part}: '${before.charAt(at)}' at ${at} ${kind}`);
    expect(unexplained).toEqual([]);
    expect(tried).toBeGreaterThan(1900);
    expect(admitted.length).toBeLessThan(150);
  });

  it("is refused for every single bit of its signature", async () => {
    const signed = await smithySigned({ ...request, form });
    const text = JSON.stringify([signed.rawQuery, signed.headers]);
    const signature = /Signature=([0-9a-f]{64})/.exec(text)?.[1] ?? "";
    expect(signature).toHaveLength(64);
    const outcomes = new Set<string>();
    for (let bit = 0; bit < 256; bit += 1) {
      const flipped = (BigInt(`0x${signature}`) ^ (1n << BigInt(bit))).toString(16).padStart(64, "0");
      const [rawQuery, changed] = JSON.parse(text.replace(signature, flipped)) as [string, SignableRequest["headers"]];
      outcomes.add(verifySignature({ ...signed, rawQuery, headers: changed }, options(NOW)).outcome);
    }
    expect([...outcomes]).toEqual(["refused"]);
  });

  it("may have its query reordered and its headers reordered, which change nothing", async () => {
    const signed = await smithySigned({ ...request, form });
    const rawQuery = signed.rawQuery.split("&").reverse().join("&");
    const shuffled = { ...signed, rawQuery, headers: signed.headers.toReversed() };
    expect(verifySignature(shuffled, options(NOW)).outcome).toBe("signed");
  });
});
