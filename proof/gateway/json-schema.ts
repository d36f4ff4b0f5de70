/**
 * A JSON schema of draft 4, in which API Gateway's models are written, as one of draft 7: the numeric bounds became
 * numbers of their own, and the names of schema and document are not looked up.
 */
export function draft4(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(draft4);
  if (typeof schema !== "object" || schema === null) return schema;
  const converted: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === "$schema" || (key === "id" && typeof value === "string")) continue;
    // Names of properties are data, not keywords.
    converted[key] =
      key === "enum" || key === "const" || key === "default"
        ? value
        : isNames(key, value)
          ? names(value)
          : draft4(value);
  }
  for (const [flag, bound] of [
    ["exclusiveMinimum", "minimum"],
    ["exclusiveMaximum", "maximum"],
  ] as const) {
    if (typeof converted[flag] !== "boolean") continue;
    if (converted[flag] === true) {
      converted[flag] = converted[bound];
      delete converted[bound];
    } else delete converted[flag];
  }
  return converted;
}

function isNames(key: string, value: unknown): value is Readonly<Record<string, unknown>> {
  const maps = ["properties", "patternProperties", "definitions", "dependencies"];
  return maps.includes(key) && typeof value === "object" && value !== null && !Array.isArray(value);
}

function names(map: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(map).map(([name, value]) => [name, draft4(value)]));
}
