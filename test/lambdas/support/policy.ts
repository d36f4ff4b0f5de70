import type { Outcome } from "./container";
import { methodArn } from "./events";

interface PolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string;
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What the returned policy says of one request, by IAM's rules: a Deny wins, then an Allow, else the implicit deny. */
export function decide(
  outcome: unknown,
  verb: string,
  path: string,
  at: Date = new Date(),
): "allow" | "explicit deny" | "implicit deny" {
  const { policyDocument } = outcome as { policyDocument: { Statement: readonly PolicyStatement[] } };
  const effects = policyDocument.Statement.filter(
    ({ Action, Resource, Condition }) =>
      Action === "execute-api:Invoke" &&
      Resource.some((resource) => globMatches(resource, methodArn(verb, path))) &&
      Object.entries(Condition ?? {}).every(([operator, keys]) => holds(operator, keys, at)),
  ).map(({ Effect }) => Effect);
  if (effects.includes("Deny")) return "explicit deny";
  return effects.includes("Allow") ? "allow" : "implicit deny";
}

/** The result of a function that gave one; fails the test with the error of a function that threw. */
export function resultOf(outcome: Outcome): Record<string, unknown> {
  if ("error" in outcome) throw new Error(`The function threw: ${outcome.error}`);
  return outcome.result as Record<string, unknown>;
}

function holds(operator: string, keys: Readonly<Record<string, string>>, at: Date): boolean {
  const limit = Date.parse(keys["aws:CurrentTime"] ?? "");
  if (operator === "DateLessThan") return at.getTime() < limit;
  if (operator === "DateGreaterThanEquals") return at.getTime() >= limit;
  throw new Error(`A condition this test does not know: ${operator}`);
}

/** `*` is any run of characters, slashes included. */
function globMatches(pattern: string, text: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest.slice(0, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  const end = rest.at(-1) ?? "";
  return text.length - end.length >= from && text.endsWith(end);
}
