import { InputError } from "../../errors";
import { repeatedMembers } from "../../json-members";
import { locate } from "../../terraform/json-mistake";

/** Lines end at a line feed alone: U+2028 and its like may stand inside JSON strings. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest + decoder.decode();
}

/** @throws InputError without quoting the text, which may hold a token */
export function parseJson(text: string, where: string): unknown {
  const json = text.replace(/^\ufeff/, "");
  try {
    const value: unknown = JSON.parse(json);
    const repeated = repeatedMembers(json, value);
    if (repeated.length === 0) return value;
    throw new InputError({ what: `Stands twice in one object: ${repeated.join(", ")}.`, where });
  } catch (error) {
    if (error instanceof RangeError) throw new InputError({ what: "It is nested too deep.", where });
    if (!(error instanceof SyntaxError)) throw error;
    const before = json.slice(0, locate(json).position).split("\n");
    const at = `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
    throw new InputError({ what: `It is not JSON, from ${at} on.`, where });
  }
}
