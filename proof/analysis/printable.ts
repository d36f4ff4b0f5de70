/**
 * A name for a terminal, on one line: what would move the cursor, colour, hide or turn text around is written as `\u001b`.
 * Names of APIs, authorizers and files are anybody's to choose.
 */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
