/** The smallest value a JSON schema lets through, as far as the schemas of a route table go. */
export function sampleOf(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return {};
  const { type, properties, required, minimum, enum: allowed } = schema as Readonly<Record<string, unknown>>;
  if (Array.isArray(allowed)) return allowed[0];
  switch (type) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return typeof minimum === "number" ? minimum : 1;
    case "boolean":
      return true;
    case "array":
      return [];
    default: {
      const members = (properties ?? {}) as Readonly<Record<string, unknown>>;
      const names = Array.isArray(required) ? (required as readonly string[]) : [];
      return Object.fromEntries(names.map((name) => [name, sampleOf(members[name])]));
    }
  }
}
