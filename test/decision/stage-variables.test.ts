import { lacksVariable, stageVariable, withStageVariables } from "../../proof/decision/stage-variables";

const own = (text: string) => JSON.parse(text) as Record<string, string>;

describe("A URI or ARN with stage variables", () => {
  it.each<[string, string, Record<string, string>, string | undefined]>([
    [
      "is as written without any",
      "arn:aws:lambda:eu-west-1:111111111111:function:f",
      {},
      "arn:aws:lambda:eu-west-1:111111111111:function:f",
    ],
    ["has the value of one", "function:${stageVariables.fn}", { fn: "orders" }, "function:orders"],
    [
      "has the values of several, and of one that stands twice",
      "${stageVariables.a}-${stageVariables.b_1}-${stageVariables.a}",
      { a: "x", b_1: "y" },
      "x-y-x",
    ],
    ["has a value that is empty", "function:orders${stageVariables.suffix}", { suffix: "" }, "function:orders"],
    [
      "takes a value as it is, whatever it would mean in a replacement",
      "a${stageVariables.v}b",
      { v: "$&$1" },
      "a$&$1b",
    ],
    [
      "does not fill in what a value names",
      "${stageVariables.a}",
      { a: "${stageVariables.b}", b: "x" },
      "${stageVariables.b}",
    ],
    ["is none where the stage lacks one", "function:orders${stageVariables.suffix}", { other: "x" }, undefined],
    ["is none where the stage lacks one of two", "${stageVariables.a}/${stageVariables.b}", { b: "x" }, undefined],
    ["tells capitals apart", "${stageVariables.Fn}", { fn: "orders" }, undefined],
    ["is none for a member of every object", "${stageVariables.constructor}", {}, undefined],
    ["is none for the prototype", "${stageVariables.__proto__}", {}, undefined],
    [
      "has a variable of that name where the stage has one",
      "${stageVariables.__proto__}",
      own('{"__proto__":"x"}'),
      "x",
    ],
    ["is none for a name that no variable can have", "${stageVariables.a-b}", { a: "x" }, undefined],
    ["leaves what is no stage variable", "https://x/{id}/${context.stage}", {}, "https://x/{id}/${context.stage}"],
  ])("%s: %s", (_, text, variables, filled) => {
    expect(withStageVariables(text, { variables })).toBe(filled);
  });

  it("is none for a variable without a stage, and as written otherwise", () => {
    expect(withStageVariables("${stageVariables.a}", undefined)).toBeUndefined();
    expect(withStageVariables("a", undefined)).toBe("a");
  });
});

it.each([
  [{ name: "dev" }, "'f${stageVariables.a}' names a stage variable that the stage 'dev' does not have."],
  [undefined, "'f${stageVariables.a}' names a stage variable that the stage '' does not have."],
])("What is lacking is told with the text and the stage", (stage, words) => {
  expect(lacksVariable("f${stageVariables.a}", stage)).toBe(words);
});

describe("A stage variable", () => {
  it.each([
    ["tier", "gold"],
    ["other", undefined],
    ["toString", undefined],
    ["__proto__", undefined],
  ])("%s is %s", (name, value) => expect(stageVariable({ variables: { tier: "gold" } }, name)).toBe(value));
  it("has no value without a stage", () => expect(stageVariable(undefined, "tier")).toBeUndefined());
});
