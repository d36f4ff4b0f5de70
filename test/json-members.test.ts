import fc from "fast-check";
import { repeatedMembers } from "../proof/json-members";

const found = (text: string) => repeatedMembers(text, JSON.parse(text));

describe("members that stand twice in one object", () => {
  it.each<[string, string[]]>([
    ['{"a":1,"a":2}', ['"a"']],
    ['{"a":1,\n "b":{"c":[0,{"d":1,"d":1}]}}', ['b.c[1]."d"']],
    ['[[],[{"a":1,"a":1}]]', ['[1][0]."a"']],
    ['{"a":1,"\\u0061":2}', ['"\\u0061"']],
    ['{"a":1,"a":2,"a":3,"b":1,"b":2}', ['"a"', '"a"', '"b"']],
    ['{"__proto__":1,"__proto__":2}', ['"__proto__"']],
    ['{ "a": [{"a":1},{"a":2}], "b": {"a": 3} }', []],
    ['{ "text": "{\\"a\\":1,\\"a\\":2}", "c": ",:{}" }', []],
    ['{ "10": 1, "9": 2 }', []],
    ["[]", []],
    ['"a"', []],
  ])("of %s are at %j", (text, places) => expect(found(text)).toEqual(places));

  it("are in no JSON that was written by JSON.stringify, however spaced", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, space) => found(JSON.stringify(value, null, space)).length === 0),
    );
  });

  it("are found wherever one is added", () => {
    const name = fc.string();
    fc.assert(
      fc.property(fc.dictionary(name, fc.jsonValue(), { minKeys: 1 }), fc.jsonValue(), (object, other) => {
        const [first] = Object.keys(object);
        const text = `[${JSON.stringify(object).slice(0, -1)},${JSON.stringify(first)}:${JSON.stringify(other)}}]`;
        expect(found(text)).toEqual([`[0].${JSON.stringify(first)}`]);
      }),
    );
  });
});
