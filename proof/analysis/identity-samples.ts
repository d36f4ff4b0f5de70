import type { IdentitySource } from "../decision/identity-source";
import type { Matcher } from "../decision/java-regex";

/** What a header holds in a witness; `undefined` where nothing that matches was found. */
export function headerValueFor(regex: Matcher | undefined): string | undefined {
  if (regex === undefined) return "Bearer token";
  return [...USUAL, ...sampled(regex)].find((value) => regex.test(value));
}

const USUAL = [
  "Bearer token",
  "token",
  "Bearer aaa.bbb.ccc",
  "aaa.bbb.ccc",
  "Basic dXNlcjpwYXNz",
  "allow",
  "1234567890",
  "0123456789abcdef0123456789abcdef",
  "123e4567-e89b-42d3-a456-426614174000",
  "arn:aws:iam::111122223333:user/caller",
];

/** Strings of an expression: the first alternative, the least number of repetitions, the first of a class. */
function sampled(regex: Matcher): string[] {
  const source = regex.source.replace(/^\^?(?:\(\?:)?\^?/, "").replace(/\$?\)?\$?$/, "");
  return [source, regex.source.replace(/^\^|\$$/g, "")].flatMap((text) => [sample(text, 0), sample(text, 1)]);
}

function sample(source: string, extra: number): string {
  const simple = source.replace(/\(\?:/g, "(");
  let rest = simple;
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest.replace(/\(([^()|]*)(?:\|[^()]*)?\)(?:\?|\*|\{0,?\d*\})/g, extra === 0 ? "" : "$1");
    rest = rest.replace(/\(([^()|]*)(?:\|[^()]*)?\)(?:\+)?/g, "$1");
  }
  const one = String.raw`(\\.|\[(?:\\.|[^\]])*\]|[^\\[\]])`;
  return rest.replace(new RegExp(`${one}(\\*|\\+|\\?|\\{(\\d+)(?:,\\d*)?\\})?`, "g"), (_, unit: string, how, least) => {
    const times = how === undefined || how === "+" ? 1 : how === "*" || how === "?" ? extra : Number(least);
    return character(unit).repeat(times);
  });
}

function character(unit: string): string {
  if (unit === "." || unit === "\\w" || unit === "\\S") return "a";
  if (unit === "\\d") return "1";
  if (unit === "\\s") return " ";
  if (unit === "^" || unit === "$") return "";
  if (unit.startsWith("[")) {
    const test = new RegExp(`^${unit}$`);
    return ["a", "A", "1", "-", "x", ".", "_", "/", "="].find((candidate) => test.test(candidate)) ?? "";
  }
  return unit.startsWith("\\") ? unit.slice(1) : unit;
}

/** What a request sends for an identity source, or undefined for one that every request has. */
export function sourceInRequest(
  { expression }: IdentitySource,
  value: string,
): { readonly headers: [string, string[]][]; readonly query: [string, string[]][] } | undefined {
  const [, kind, name] = /^method\.request\.(header|querystring)\.(.+)$/.exec(expression.trim()) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  return kind === "header" ? { headers: [[name, [value]]], query: [] } : { headers: [], query: [[name, [value]]] };
}
