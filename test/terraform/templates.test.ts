import { evaluate } from "../../proof/terraform/expression/evaluate";
import { ExpressionError } from "../../proof/terraform/expression/syntax";
import { parseTemplate } from "../../proof/terraform/expression/template";
import { callFunction } from "../../proof/terraform/functions/call";
import { Unknown } from "../../proof/terraform/value";
import type { Value } from "../../proof/terraform/value";

const context = { directory: __dirname };
const render = (template: string): Value =>
  evaluate(parseTemplate(template), { ...context, variable: () => undefined });

/** Each was given to `terraform console` of Terraform 1.11.4, as `templatefile("t.tftpl", {})`. */
describe("a template with directives and strip markers", () => {
  it.each<[template: string, text: Value]>([
    ["%{ if 1 < 2 }yes%{ else }no%{ endif }", "yes"],
    ["%{ if 1 > 2 }yes%{ else }no%{ endif }", "no"],
    ["%{ if 1 > 2 }yes%{ endif }.", "."],
    ["%{if true}a%{endif}", "a"],
    ['%{ if "true" }a%{ endif }', "a"],
    ["%{ if true }${1}%{ endif }", "1"],
    ['${ "%{ if true }q%{ endif }" }', "q"],
    ['%{ for x in ["a", "b"] }<${x}>%{ endfor }', "<a><b>"],
    ['%{ for i, x in ["a", "b"] }${i}=${x};%{ endfor }', "0=a;1=b;"],
    ["%{ for x in [] }${x}%{ endfor }", ""],
    ["%{ for k, v in {b = 1, a = 2} ~}\n  ${k}=${v}\n%{ endfor ~}\nend", "  a=2\n  b=1\nend"],
    [
      "%{ for a in [1, 2] }%{ for b in [3, 4] }${a}${b}%{ if b == 3 },%{ endif }%{ endfor }|%{ endfor }",
      "13,14|23,24|",
    ],
    ["x ${~ 1 ~} y", "x1y"],
    ["x  \n ${~ 1 ~}  \n  y", "x  \n1  y"],
    ["a\n\n  %{~ if true }x%{ endif }", "a\n\nx"],
    ["a \n%{~ if true ~}\n\n  x\n%{~ endif ~}\n b", "a\n  x b"],
    ["a%{ if false }\n b\n%{ else ~}\n c\n%{ endif }\nd", "a c\n\nd"],
    ["%{ if true ~} ${~ 1 ~} %{~ endif }", "1"],
    ["${~ [1] ~}", [1]],
    ["100%% and %%{ if } and $${x}", "100%% and %{ if } and ${x}"],
  ])("%j is %j", (template, text) => {
    expect(render(template)).toEqual(text);
  });

  it.each([
    "%{ if true }x",
    "%{ endif }",
    "%{ foo }",
    "%{ for x [1] }%{ endfor }",
    "%{ if true }a%{ else }b%{ else }c%{ endif }",
    "%{ for x in [1] }%{ endif }",
    `${"%{ if true }".repeat(5000)}x`,
  ])("%.60j is none", (template) => {
    expect(() => render(template)).toThrow(ExpressionError);
  });

  it.each([
    "%{ for x in 5 }${x}%{ endfor }",
    "%{ if true }${[1]}%{ endif }",
    '%{ if "x" }a%{ endif }',
    "%{ if null }a%{ endif }",
  ])("%j fails, as in Terraform", (template) => {
    expect(render(template)).toMatchObject({ failed: true });
  });
});

/** Each was given to `terraform console` of Terraform 1.11.4. */
describe("yamldecode", () => {
  const decode = (text: string): Value => callFunction("yamldecode", [text], context);

  it.each<[string, Value]>([
    ["- a\n- b: c\n", ["a", { b: "c" }]],
    ["just text", "just text"],
    ["a: no\nb: On\nc: Y\nd: TRUE\ne: tRUE\nf: 'yes'", { a: false, b: true, c: true, d: true, e: "tRUE", f: "yes" }],
    ["a: ~\nb: Null\nc:\nd: ''", { a: null, b: null, c: null, d: "" }],
    [
      "a: 010\nb: 0x1f\nc: 0o17\nd: 1_000\ne: 1e3\nf: .5\ng: -0x10\nh: +1",
      { a: 10, b: 31, c: 15, d: "1_000", e: 1000, f: 0.5, g: "-0x10", h: 1 },
    ],
    [
      'a: 2012-10-17\nb: "2012-10-17"\nc: 2001-1-1\nd: 2001-13-01',
      { a: "2012-10-17T00:00:00Z", b: "2012-10-17", c: "2001-01-01T00:00:00Z", d: "2001-13-01" },
    ],
    [
      "a: 2001-12-14t21:59:43.10-05:00\nb: 2001-12-14 21:59:43",
      { a: "2001-12-14T21:59:43-05:00", b: "2001-12-14T21:59:43Z" },
    ],
    ["x: &a {p: 1, q: 1}\nz:\n  <<: *a\n  q: 2", { x: { p: 1, q: 1 }, z: { p: 1, q: 2 } }],
    ["1: a\nyes: b\n2.5: c", { "1": "a", true: "b", "2.5": "c" }],
    ["a: 1\na: 2", { a: 2 }],
    ["text: |\n  a\n   b\nfolded: >\n  c\n  d\n", { text: "a\n b\n", folded: "c d\n" }],
    ["a: !!str 5 # said to be text", { a: "5" }],
  ])("of %j is %j", (text, value) => {
    expect(decode(text)).toEqual(value);
  });

  it.each([
    "",
    "a: [1",
    "a: 1\n---\nb: 2",
    "null: a",
    "[a]: b",
    "a: *nowhere",
    "a: !foo b",
    "a: .inf",
    "z:\n  <<: [{p: 1}]",
    `a: &a [x]\n${Array.from(
      { length: 9 },
      (_, n) =>
        `b${n}: &b${n} [${Array(9)
          .fill(n === 0 ? "*a" : `*b${n - 1}`)
          .join(",")}]`,
    ).join("\n")}`,
    "a: &a [*a, *a]",
    "[".repeat(5000) + "]".repeat(5000),
  ])("of %.40j has no value", (text) => {
    expect(decode(text)).toBeInstanceOf(Unknown);
  });
});
