import { groupBy } from "../model/group-by";
import type { Subject, TokenSubject } from "./subject";
import type { Named } from "./who";

/** Names callers who do not sign: tokens and authorizers that are answered alike are named together. */
export function namedBearers<T>(
  answered: readonly { readonly subject: Subject; readonly profile: string; readonly of: T }[],
): readonly Named<T>[] {
  const tokens = answered.map(({ subject }) => subject).filter(isToken);
  const groups = groupBy(answered, ({ subject, profile }) => `${bearerKind(subject)} ${profile}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const subjects = group.map(({ subject }) => subject);
    return [{ who: bearerName(subjects, tokens), subject: first.subject, of: first.of }];
  });
}

function bearerKind(subject: Subject): string {
  if (subject.kind === "token") return `token ${subject.issuer} ${subject.scope === undefined ? "other" : "scope"}`;
  if (subject.kind !== "authorizer") return subject.kind;
  return `authorizer ${subject.name} ${subject.says === "allow" ? "allow" : "no"} ${subject.without.join()} ${subject.sending}`;
}

function bearerName(subjects: readonly Subject[], tokens: readonly TokenSubject[]): string {
  const [first] = subjects;
  if (first?.kind === "token") return tokenName(first, subjects.filter(isToken), tokens);
  if (first?.kind !== "authorizer") return "anonymous";
  const left = first.without.length === 0 ? "" : ` without ${first.without.map(sourceWords).join(", ")}`;
  const without = `${left}${first.sending === undefined ? "" : ` with ${first.sending}`}`;
  if (first.says === "allow") return `authorizer ${first.name} allows${without}`;
  if (subjects.length > 1) return `authorizer ${first.name} does not allow${without}`;
  return `authorizer ${first.name} ${first.says === "deny" ? "denies" : "neither allows nor denies"}${without}`;
}

function isToken(subject: Subject): subject is TokenSubject {
  return subject.kind === "token";
}

/** @param tokens all that are told apart, of any issuer */
function tokenName(first: TokenSubject, mine: readonly TokenSubject[], tokens: readonly TokenSubject[]): string {
  if (first.scope !== undefined) {
    return first.words.replace(/ with scope .*/, ` with scope ${mine.map(({ scope }) => scope).join(" or ")}`);
  }
  if (mine.length === 1) return first.words;
  if (mine.every(({ use }) => use === "id")) {
    return mine.map(({ words }, index) => (index === 0 ? words : words.replace(/^.*? for /, "for "))).join(" or ");
  }
  const all = tokens.filter(({ issuer }) => issuer === first.issuer).length === mine.length;
  const token = first.words.replace(/ (?:access|ID) token/, " token").replace(/ (?:with|for) .*/, "");
  return all ? token : `${token} of any other kind`;
}

function sourceWords(expression: string): string {
  return expression.replace(/^method\.request\.(header|querystring)\./, (_, kind: string) =>
    kind === "header" ? "header " : "query ",
  );
}
