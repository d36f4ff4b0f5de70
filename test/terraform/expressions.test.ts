import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { evaluateJson } from "../../proof/terraform/expression/evaluate";
import type { Scope } from "../../proof/terraform/expression/evaluate";
import { describeUnknown, Unknown } from "../../proof/terraform/value";
import type { Value } from "../../proof/terraform/value";
import { fixture } from "./scratch";

const locals: Value = {
  list: [{ name: "one" }, { name: "two" }],
  map: { "k-1": "v" },
  one: "single",
  nothing: null,
  later: new Unknown("is known only after apply", "aws_thing.later"),
};
const scope: Scope = {
  directory: fixture("expressions"),
  variable: (name) => (name === "local" ? locals : undefined),
};
const evaluated = (text: unknown): Value => evaluateJson(text, scope);
const reason = (value: Value): string =>
  value instanceof Unknown ? describeUnknown(value) : `known: ${JSON.stringify(value)}`;

interface Recorded {
  readonly expression: string;
  readonly json: string;
}
/** Terraform 1.11.4's own answers to `jsonencode(<expression>)`. */
const recorded = JSON.parse(readFileSync(fixture("expressions", "recorded.json"), "utf8")) as Recorded[];

describe("an expression has the value that Terraform gives it", () => {
  it.each(recorded)("$expression", ({ expression, json }) => {
    expect(evaluated(`\${jsonencode(${expression})}`)).toBe(json);
  });
});

describe("a JSON string is read as a template", () => {
  it.each<[text: string, value: Value]>([
    ["plain", "plain"],
    ["${local.list}", [{ name: "one" }, { name: "two" }]],
    ["${local.one}-${local.map.k-1}", "single-v"],
    ["$${aws:username}", "${aws:username}"],
    ["a $${b} ${local.one} $${c}", "a ${b} single ${c}"],
    ["%%{ if }", "%{ if }"],
    ["costs $5 or 5%", "costs $5 or 5%"],
    ["${true}", true],
    ["${1 + 1}", 2],
    ["", ""],
  ])("%s", (text, value) => {
    expect(evaluated(text)).toEqual(value);
  });

  it("evaluates the keys and values of objects and lists, and leaves other JSON as it is", () => {
    expect(evaluated({ "${local.one}": ["${local.one}", 1, null, false] })).toEqual({
      single: ["single", 1, null, false],
    });
  });
});

describe("what has no value says why, and passes it on", () => {
  it.each<[text: string, because: RegExp]>([
    ["x-${local.later}", /^aws_thing\.later is known only after apply$/],
    ["${upper(local.later)}", /^aws_thing\.later is known/],
    ["${jsonencode({a = [local.later]})}", /^aws_thing\.later is known/],
    ["${local.later.deep[0].name}", /^aws_thing\.later is known/],
    ["${local.later == 1}", /^aws_thing\.later is known/],
    ["${local.later ? 1 : 2}", /^aws_thing\.later is known/],
    ["${[for x in local.later : x]}", /^aws_thing\.later is known/],
    ["${try(local.later, 1)}", /^aws_thing\.later is known/],
    ["${can(local.later)}", /^aws_thing\.later is known/],
    ["${timestamp()}", /^timestamp\(\) changes with every run$/],
    ["${uuid()}", /changes with every run/],
    ['${yamlencode("a")}', /^yamlencode\(\) is a function that is not supported$/],
    ["${nosuch.thing}", /^nosuch does not exist/],
    ["${local.list[9]}", /has no element 9/],
    ["${local.map.missing}", /has no attribute "missing"/],
    ['${file("absent.txt")}', /cannot read absent\.txt: ENOENT/],
    ["${1 / 0}", /divides by zero/],
    ['${"a" + 1}', /is no number/],
    ["${local.one", /expected "}", found the end/],
    ["${aws:username}", /expected "}", found ":"/],
    ["${}", /cannot start an expression/],
  ])("%s", (text, because) => {
    expect(reason(evaluated(text))).toMatch(because);
  });

  it("keeps what does not depend on it", () => {
    expect(evaluated("${length([local.later, 1])}")).toBe(2);
    expect(evaluated("${merge({a = local.later}, {b = 2}).b}")).toBe(2);
    expect(evaluated('${element(concat([local.later], ["x"]), 1)}')).toBe("x");
    expect(evaluated('${{a = local.later, b = "known"}.b}')).toBe("known");
  });
});

describe("no input harms the evaluator", () => {
  it("refuses nesting that would exhaust the stack", () => {
    expect(reason(evaluated(`\${${"(".repeat(5000)}1${")".repeat(5000)}}`))).toMatch(/nested deeper than 200 levels/);
    expect(reason(evaluated(`\${${"!".repeat(5000)}true}`))).toMatch(/nested deeper/);
    expect(reason(evaluated('${"'.repeat(5000)))).toMatch(/nested deeper/);
  });

  it("reads long templates in linear time", () => {
    const long = "${local.one}x".repeat(20_000);
    const start = performance.now();
    expect(evaluated(long)).toBe("singlex".repeat(20_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("answers any text with a value or a reason, and never throws", () => {
    const piece = fc.constantFrom(
      "${",
      "}",
      "$${",
      "%{",
      "local",
      ".",
      "one",
      "[",
      "]",
      "(",
      ")",
      '"',
      "\\",
      "for",
      " in ",
      ":",
      "?",
      "*",
      "...",
      "1",
      "-",
      "=>",
      "{",
      ",",
      "é",
      " ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const value = evaluated(pieces.join(""));
        expect(value instanceof Unknown ? value.reason : "a value").not.toBe("");
      }),
      { numRuns: 500 },
    );
  });

  it("gives back any text that is escaped", () => {
    const piece = fc.constantFrom("$", "${", "%{", "%", "{", "}", "a", "file(", '"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        expect(evaluated(text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{"))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it("does not reach the prototype of an object", () => {
    expect(reason(evaluated("${local.map.constructor}"))).toMatch(/has no attribute "constructor"/);
    expect(reason(evaluated("${local.map.__proto__}"))).toMatch(/has no attribute "__proto__"/);
    expect(reason(evaluated("${constructor()}"))).toMatch(/not supported/);
  });
});
