import { InputError } from "../../errors";
import { repeatedMembers } from "../../json-members";

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
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const position = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new InputError({
      what: position === undefined ? "It is not JSON." : `It is not JSON, from character ${Number(position) + 1} on.`,
      where,
    });
  }
  const repeated = repeatedMembers(text, value);
  if (repeated.length > 0) throw new InputError({ what: `Stands twice in one object: ${repeated.join(", ")}.`, where });
  return value;
}
