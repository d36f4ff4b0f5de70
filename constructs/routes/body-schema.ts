import { z } from "zod";
import type { Problem } from "../problems";

const TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"] as const;
const type = z.enum(TYPES, `one of ${TYPES.join(", ")}`);
const count = z.int("a whole number from 0 up").min(0, "a whole number from 0 up");
const flag = z.boolean("true or false");
const number = z.number("a number");
const names = z.array(z.string("a name"), "a list of names").min(1, "at least one name");

/**
 * The keywords of draft 4 with what each accepts; others pass, as the draft has it.
 * https://json-schema.org/draft-04/schema
 */
const schema: z.ZodType = z.lazy(() => {
  const schemas = z.array(schema, "a list of schemas").min(1, "at least one schema");
  const byName = z.record(z.string(), schema, "schemas by name");
  const flagOrSchema = z.union([z.boolean(), schema], "true, false or a schema");
  return z
    .looseObject(
      {
        type: z.union([type, z.array(type).min(1)], `one of ${TYPES.join(", ")}, or a list of them`),
        enum: z.array(z.unknown(), "a list of values").min(1, "at least one value"),
        allOf: schemas,
        anyOf: schemas,
        oneOf: schemas,
        not: schema,
        properties: byName,
        patternProperties: byName,
        definitions: byName,
        dependencies: z.record(z.string(), z.union([names, schema], "names or a schema"), "names or schemas by name"),
        additionalProperties: flagOrSchema,
        required: names,
        minProperties: count,
        maxProperties: count,
        items: z.union([z.array(schema).min(1), schema], "a schema or a list of schemas"),
        additionalItems: flagOrSchema,
        minItems: count,
        maxItems: count,
        uniqueItems: flag,
        minLength: count,
        maxLength: count,
        pattern: z.string("a regular expression").refine(isExpression, "a regular expression"),
        minimum: number,
        maximum: number,
        exclusiveMinimum: z.boolean("true or false, beside minimum"),
        exclusiveMaximum: z.boolean("true or false, beside maximum"),
        multipleOf: number.positive("a number above 0"),
        $ref: z.string("the address of a schema"),
      },
      "a schema",
    )
    .partial();
});

/**
 * What is wrong with the JSON schema of a body, which API Gateway would refuse after half of an apply.
 *
 * @param where The schema itself; the place within it is added.
 */
export function problemsOfBodySchema(body: unknown, where: string): Problem[] {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return [];
  return result.error.issues.map(deepest).map(({ path, input, message }) => ({
    where: [where, ...path.map(String)].join("."),
    what: `${JSON.stringify(input)} is not accepted.`,
    next: `Allowed in a JSON schema of draft 4: ${message}.`,
  }));
}

/** Of a choice, the branch that came furthest: what the author most likely meant. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const inner = issue.errors
    .flat()
    .map(deepest)
    .filter(({ path }) => path.length > 0)
    .sort((a, b) => b.path.length - a.path.length)[0];
  return inner === undefined ? issue : { ...inner, path: [...issue.path, ...inner.path] };
}

function isExpression(text: string): boolean {
  try {
    new RegExp(text);
    return true;
  } catch {
    return false;
  }
}
