/** Reading a request as it stood on the wire. */
import type { WireRequest } from "./types";

/** Every value sent under that name, in order. @param name in lower case */
export function headerValues(request: WireRequest, name: string): string[] {
  const values: string[] = [];
  for (const [sent, value] of request.headers) {
    if (sent.length === name.length && sent.toLowerCase() === name) values.push(value);
  }
  return values;
}

/** The last value sent under that name: API Gateway keeps the last where it keeps one (recorded for queries). */
export function lastHeader(request: WireRequest, name: string): string | undefined {
  return headerValues(request, name).at(-1);
}

/** The query, decoded as API Gateway hands it on: `+` is a space, a broken escape stays as it stands. */
export function queryPairs(rawQuery: string): [name: string, value: string][] {
  return rawQuery
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0 ? [decode(pair), ""] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

/** Groups pairs by exact name, keeping the order in which names first came. */
export function multiValues(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = grouped.get(name);
    if (values === undefined) grouped.set(name, [value]);
    else values.push(value);
  }
  return grouped;
}

function decode(text: string): string {
  const spaced = text.replace(/\+/g, " ");
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}
