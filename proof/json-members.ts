const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;

interface Open {
  /** The members seen in an object; none for a list. */
  readonly names?: Set<string>;
  /** The member or the element that the text is in. */
  at: string | number;
}

/**
 * Where an object has a member twice, of which `JSON.parse` keeps the last without a word, so that a second `Condition`
 * of a policy would undo the first: `callers[0].policies[0].Statement[1]."Condition"`.
 *
 * @param text JSON
 * @param value what was parsed from it
 */
export function repeatedMembers(text: string, value: unknown): readonly string[] {
  // What is written again as it stood has lost nothing; this is most of the lines of a large input.
  if (JSON.stringify(value) === text) return [];
  const repeated: string[] = [];
  const open: Open[] = [];
  let last = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === "{") open.push({ names: new Set(), at: "" });
    else if (token === "[") open.push({ at: 0 });
    else if (token === "}" || token === "]") open.pop();
    else if (token === "," && typeof inner?.at === "number") inner.at += 1;
    else if (token === ":" && inner?.names !== undefined) {
      // The same name can be spelt with and without escapes.
      const name: string = JSON.parse(last);
      if (inner.names.has(name)) repeated.push([...open.slice(0, -1).map(step), last].join(".").replaceAll(".[", "["));
      inner.names.add(name);
      inner.at = name;
    }
    last = token;
  }
  return repeated;
}

function step({ at }: Open): string {
  return typeof at === "number" ? `[${at}]` : at;
}
