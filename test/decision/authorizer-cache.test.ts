import fc from "fast-check";
import { AuthorizerCache, cacheKey } from "../../proof/decision/authorizer-cache";
import type { AuthorizerResult } from "../../proof/decision/authorizer-output";

const result = (principalId: string) => ({ principalId }) as AuthorizerResult;

describe("the cache of authorizer answers", () => {
  it("gives an answer until its time is over, and not at that very moment", () => {
    const cache = new AuthorizerCache(10);
    cache.set("a", result("u"), 1_000);
    expect(cache.get("a", 999)?.principalId).toBe("u");
    expect(cache.get("a", 1_000)).toBeUndefined();
    expect(cache.get("a", 0)).toBeUndefined();
  });

  it("never grows beyond its bound, and drops what was not used for longest", () => {
    const cache = new AuthorizerCache(2);
    cache.set("a", result("a"), 10);
    cache.set("b", result("b"), 10);
    cache.get("a", 0);
    cache.set("c", result("c"), 10);
    expect(["a", "b", "c"].map((key) => cache.get(key, 0)?.principalId)).toEqual(["a", undefined, "c"]);
    expect(cache.size).toBe(2);
  });

  it("keeps nothing where its bound is 0", () => {
    const cache = new AuthorizerCache(0);
    cache.set("a", result("a"), 10);
    expect(cache.get("a", 0)).toBeUndefined();
  });

  it("forgets everything when cleared", () => {
    const cache = new AuthorizerCache(2);
    cache.set("a", result("a"), 10);
    cache.clear();
    expect(cache.get("a", 0)).toBeUndefined();
  });
});

describe("the key of an answer", () => {
  it("differs wherever a value, the order or a boundary between values differs", () => {
    const values = fc.array(fc.array(fc.string({ maxLength: 4 }), { maxLength: 3 }), { maxLength: 3 });
    const scope = fc.array(fc.string({ maxLength: 3 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(scope, values, scope, values, (scopeA, a, scopeB, b) => {
        const same = JSON.stringify([scopeA, a]) === JSON.stringify([scopeB, b]);
        expect(cacheKey(scopeA, a) === cacheKey(scopeB, b)).toBe(same);
      }),
      { numRuns: Number(process.env.PORTCULLIS_PROPERTY_RUNS ?? 2_000) },
    );
  });

  it.each<[string, string[][], string[][]]>([
    ["separators in values", [["a|b"], ["c"]], [["a"], ["b|c"]]],
    ["lengths written into values", [["1:a"], ["b"]], [["1"], ["a1:b"]]],
    ["two values of one source", [["a", "b"]], [["a"], ["b"]]],
    ["the order of sources", [["a"], ["b"]], [["b"], ["a"]]],
  ])("is not confused by %s", (_, a, b) => {
    expect(cacheKey(["api", "dev", "auth"], a)).not.toBe(cacheKey(["api", "dev", "auth"], b));
  });

  it("holds no token in the clear", () => {
    expect(cacheKey(["api", "dev", "auth"], [["Bearer secret"]])).not.toContain("secret");
  });
});
