import { Deferred } from "../expression/evaluate";
import { isJsonObject } from "../json";
import { Unknown } from "../value";

/**
 * A value of a plan or a state in the form in which configuration is read: text is escaped, so that none of it is taken
 * for an expression, and what the plan marks as unknown becomes an unknown value.
 *
 * @param unknown The plan's `after_unknown` at this place.
 * @param configured The configuration's expressions at this place: an unknown attribute that it does not set is AWS's
 *   to fill in, and left out.
 */
export function literal(value: unknown, unknown: unknown, address: string, configured?: unknown): unknown {
  if (unknown === true) return new Deferred(() => new Unknown("is known only after apply", address));
  if (typeof value === "string") return escaped(value);
  if (Array.isArray(value)) {
    const marks: readonly unknown[] = Array.isArray(unknown) ? unknown : [];
    const blocks: readonly unknown[] = Array.isArray(configured) ? configured : [];
    return value.map((item, index) =>
      literal(item, marks[index], `${address}[${String(index)}]`, blocks[index] ?? blocks[0]),
    );
  }
  if (!isJsonObject(value)) return value;
  const marks = isJsonObject(unknown) ? unknown : {};
  const set = isJsonObject(configured) ? configured : undefined;
  const names = [...new Set([...Object.keys(value), ...Object.keys(marks)])].filter(
    (name) => marks[name] !== true || set === undefined || "references" in set || Object.hasOwn(set, name),
  );
  // Attribute names hold no braces, but the keys of a map may.
  return Object.fromEntries(
    names.map((name) => [escaped(name), literal(value[name], marks[name], `${address}.${name}`, set?.[name])]),
  );
}

/** With functions as replacements, because `$$` in a replacement text is one `$`. */
function escaped(text: string): string {
  return text.replaceAll("${", () => "$${").replaceAll("%{", () => "%%{");
}
