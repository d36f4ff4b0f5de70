import { problemsOfBodySchema } from "../../../constructs/routes/body-schema";

describe("The schema of a body", () => {
  it.each([
    ["a type nobody knows", { type: "objekt" }, "body.type", "one of array, boolean"],
    ["one in a property", { properties: { a: { type: "strin" } } }, "body.properties.a.type", "one of array"],
    ["one in a list's items", { items: { type: "strin" } }, "body.items.type", "one of array"],
    ["one in a choice", { anyOf: [{}, { type: ["string", "nul"] }] }, "body.anyOf.1.type.1", "one of array"],
    ["required as a flag", { properties: { a: { required: true } } }, "body.properties.a.required", "a list of names"],
    ["a pattern that is none", { pattern: "[a" }, "body.pattern", "a regular expression"],
    ["a length below 0", { maxLength: -1 }, "body.maxLength", "from 0 up"],
    ["a bound of a later draft", { exclusiveMinimum: 1 }, "body.exclusiveMinimum", "beside minimum"],
    ["text for a schema", "object", "body", "a schema"],
  ])("is refused for %s, at its place and with what is allowed", (_what, schema, where, allowed) => {
    const problems = problemsOfBodySchema(schema, "body");
    expect(problems.map((problem) => problem.where)).toEqual([where]);
    expect(problems[0]?.next).toContain(allowed);
  });

  it("is told with the value that is not accepted", () =>
    expect(problemsOfBodySchema({ items: { type: "objekt" } }, "body")[0]?.what).toBe('"objekt" is not accepted.'));

  it("is told every problem at once", () =>
    expect(problemsOfBodySchema({ type: "objekt", minItems: "1" }, "body").map(({ where }) => where)).toEqual([
      "body.type",
      "body.minItems",
    ]));

  it.each([
    ["every keyword in its form", { type: ["object", "null"], required: ["a"], additionalProperties: false }],
    ["properties named as keywords", { properties: { type: { type: "string" }, required: { type: "boolean" } } }],
    ["a bound of draft 4", { minimum: 0, exclusiveMinimum: true, multipleOf: 0.5 }],
    ["a definition and its reference", { definitions: { a: { enum: [1] } }, $ref: "#/definitions/a" }],
    ["dependencies", { dependencies: { a: ["b"], c: { not: {} } }, items: [{}, {}], additionalItems: {} }],
    ["keywords the draft does not know", { example: { type: 1 }, format: "date" }],
  ])("may have %s", (_what, schema) => expect(problemsOfBodySchema(schema, "body")).toEqual([]));
});
