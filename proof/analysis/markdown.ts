import { changeId } from "./accepted";
import { curlOf } from "./curl";
import type { DiffKind, FoundChange } from "./change";
import { byDanger, counts } from "./diff-order";
import { answer } from "./diff-text";

/** GitHub refuses a comment with more characters (65,536), so some are left for what a workflow adds. */
const LIMIT = 64_000;
/** Findings of one kind that are shown unfolded. */
const OPEN = 5;

const TITLES: Readonly<Record<DiffKind, string>> = {
  gained: "Gained access",
  undecided: "Undecided, counted as gained",
  changed: "Must authenticate in another way, or are trusted for longer",
  lost: "Lost access",
};

/** What changed, as a comment on a pull request: most dangerous first, folded when long, within GitHub's limit. */
export function diffMarkdown(changes: readonly FoundChange[], limit = LIMIT): string {
  if (changes.length === 0) return "## Access diff\n\nNobody gains or loses access.\n";
  const ordered = byDanger(changes);
  const head = `## Access diff: ${counts(changes)}\n`;
  const parts: string[] = [head];
  let left = limit - head.length - 200;
  let told = 0;
  for (const kind of Object.keys(TITLES) as DiffKind[]) {
    const own = ordered.filter((change) => change.kind === kind);
    if (own.length === 0) continue;
    const title = `\n### ${TITLES[kind]} (${own.length})\n\n`;
    if (title.length > left) break;
    parts.push(title);
    left -= title.length;
    let folded = false;
    for (const [index, change] of own.entries()) {
      const open = index === OPEN ? `<details><summary>${own.length - OPEN} more</summary>\n\n` : "";
      const item = open + finding(change);
      if (item.length + 12 > left) break;
      folded ||= index === OPEN;
      parts.push(item);
      left -= item.length;
      told++;
    }
    if (folded) {
      parts.push("\n</details>\n");
      left -= 12;
    }
  }
  if (told < changes.length) {
    parts.push(
      `\n_${changes.length - told} more do not fit into a comment: \`portcullis diff BASE HEAD\` shows all._\n`,
    );
  }
  return parts.join("");
}

function finding(change: FoundChange): string {
  const { method, path, paths, api, stage, who, network, before, after, reason, because, witness, host, demands } =
    change;
  const from = network === "any" ? "" : ` from ${code(network)}`;
  const route = `${method} ${path}`;
  const where = paths === undefined ? "" : ` (paths ${code(paths)})`;
  const proof =
    witness === null
      ? []
      : [
          `<details><summary>request that proves it</summary>`,
          "",
          fenced("json", JSON.stringify(witness)),
          fenced("sh", curlOf(witness, host, demands)),
          "</details>",
        ];
  return [
    `- **${code(route)}**${where} of ${code(`${api}/${stage}`)}: ${code(who)}${from}: ${answer(before)} → **${answer(after)}**`,
    `  ${escaped(inShort(reason))}`,
    `  at ${code(`${because.file}: ${because.address}`)}, id ${code(changeId(change))}`,
    ...proof
      .join("\n")
      .split("\n")
      .map((line) => (line === "" ? "" : `  ${line}`)),
    "",
  ].join("\n");
}

function fenced(language: string, text: string): string {
  return ["```" + language, text, "```"].join("\n");
}

/** Text of the configuration as code, whatever backticks it holds. */
function code(written: string): string {
  const text = oneLine(written);
  const ticks = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(ticks + 1);
  return ticks === 0 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

/** Text of the configuration cannot become markup, mentions or links. */
function escaped(text: string): string {
  return oneLine(text)
    .replace(/&/g, "&amp;")
    .replace(/:\/\/|www\./gi, (link) => `${link.charAt(0)}\u200b${link.slice(1)}`)
    .replace(/[\\`*_[\]<>#|~!]/g, "\\$&")
    .replace(/@/g, "@\u200b");
}

/** Without line ends and without characters that turn the direction of what follows. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\u0085\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ");
}

/** Longest reason in a comment; `diff` without `--markdown` tells all of it. */
const MOST = 400;

/** What brought it about, without what would undo it. */
function inShort(reason: string): string {
  const told = reason.replace(/ To change that, .*?\.(?= |$)/g, "");
  return told.length <= MOST ? told : `${told.slice(0, MOST)}…`;
}
