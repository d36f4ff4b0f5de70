import { curlOf } from "./curl";
import type { FoundChange, SideOutcome } from "./change";
import { byDanger, counts } from "./diff-order";
import { printable } from "./printable";

/** What changed, for a terminal: most dangerous first, each with a request that proves it. */
export function diffText(changes: readonly FoundChange[]): string {
  if (changes.length === 0) return "Nobody gained or lost access.\n";
  return `${[...byDanger(changes).map(block), `${counts(changes)}.`].join("\n\n")}\n`;
}

function block(change: FoundChange): string {
  const { kind, method, path, paths, who, network, before, after, because, reason, api, stage } = change;
  const { witness, host, demands } = change;
  const at = `${method} ${path}${paths === undefined ? "" : ` (paths ${paths})`}  ${api}/${stage}`;
  const from = network === "any" ? "" : ` from ${network}`;
  return [
    `${kind.toUpperCase()}  ${at}`,
    `  who      ${who}${from}`,
    `  answer   ${answer(before)} → ${answer(after)}`,
    `  because  ${reason}`,
    `  at       ${because.file}: ${because.address}`,
    ...(witness === null
      ? []
      : [`  request  ${JSON.stringify(witness)}`, `  curl     ${curlOf(witness, host, demands)}`]),
  ]
    .map(printable)
    .join("\n");
}

/** `deny 403` */
export function answer({ outcome, status }: SideOutcome): string {
  return status === null ? outcome : `${outcome} ${status}`;
}
