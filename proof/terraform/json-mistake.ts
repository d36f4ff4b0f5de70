interface Mistake {
  readonly position: number;
  readonly message: string;
}

const literal = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const space = /[ \t\r\n]*/y;

/**
 * Where a text stops being JSON, or repeats a member's name. Node 20's own message does not always say, and never as
 * line and column.
 * The stack is a list, so that no nesting can exhaust it.
 */
export function locate(text: string): Mistake {
  let position = text.startsWith("\ufeff") ? 1 : 0;
  const step = (pattern: RegExp): boolean => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position += found[0].length;
    return found !== null;
  };
  const take = (character: string): boolean => {
    if (text.charAt(position) !== character) return false;
    position += 1;
    return true;
  };
  const mistake = (expected: string): Mistake => ({
    position,
    message: `expected ${expected}, found ${position >= text.length ? "the end of the file" : JSON.stringify(text.charAt(position))}`,
  });
  const open: ("}" | "]")[] = [];
  const names: Set<string>[] = [];
  let state: "value" | "first" | "key" | "after" = "value";
  for (;;) {
    step(space);
    const inside = open.at(-1);
    if (state === "first" && inside !== undefined && take(inside)) {
      open.pop();
      state = "after";
    } else if (state === "after") {
      if (inside === undefined) return mistake("nothing more");
      if (take(inside)) open.pop();
      else if (take(",")) state = inside === "}" ? "key" : "value";
      else return mistake(`"," or "${inside}"`);
    } else if (state === "key" || (state === "first" && inside === "}")) {
      const start = position;
      if (!step(string)) return mistake("a name in double quotes");
      const name = text.slice(start, position);
      const seen = names[open.length - 1];
      if (seen?.has(name) === true) return { position: start, message: `${name} stands here again` };
      seen?.add(name);
      step(space);
      if (!take(":")) return mistake('":"');
      state = "value";
    } else if (take("{")) {
      open.push("}");
      names[open.length - 1] = new Set();
      state = "first";
    } else if (take("[")) {
      open.push("]");
      state = "first";
    } else if (step(string) || step(literal)) state = "after";
    else return mistake("a value");
  }
}
