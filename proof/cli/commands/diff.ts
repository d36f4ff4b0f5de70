import { changeId } from "../../analysis/accepted";
import { DIFF_KINDS, diffOf } from "../../analysis/change";
import { findChanges } from "../../analysis/diff";
import type { DiffKind, FoundChange } from "../../analysis/change";
import { diffText } from "../../analysis/diff-text";
import { diffMarkdown } from "../../analysis/markdown";
import { printable } from "../../analysis/printable";
import { InputError } from "../../errors";
import { acceptToday, readAllowFile } from "../analysis/allow-file";
import { loadForAnalysis } from "../analysis/load";
import type { Command, Values } from "../command";

export const command: Command = {
  name: "diff",
  summary: "Who gains and who loses access between two configurations, each with a request that proves it.",
  usage: "diff BASE HEAD [--env E] [--account ID] [--json | --markdown] [--fail-on KIND]… [--allow FILE]",
  help: [
    "BASE, HEAD       directories of Terraform JSON or synthesized CDKTF output, or plans as JSON",
    "--env E          the environment, where they hold several",
    "--account ID     the account that owns what they do not place in one",
    "--json           one JSON document: gained, lost, changed, undecided",
    "--markdown       a comment for a pull request",
    "--fail-on KIND   exits 1 if anything is of that kind: gained (undecided counts), lost, changed or undecided",
    '--allow FILE     findings that do not fail: {"accepted":[{"id":"…","reason":"…","expires":"2026-12-31"}]}; instead',
    "                 of id any of kind, api, stage, method, path, who, network. The same file serves check",
  ],
  options: {
    env: { type: "string" },
    account: { type: "string" },
    json: { type: "boolean" },
    markdown: { type: "boolean" },
    "fail-on": { type: "string", multiple: true },
    allow: { type: "string" },
  },
  positionals: [2, 2],
  run(io, values, [base = "", head = ""]) {
    const failing = failingKinds(values);
    if (values.json === true && values.markdown === true) {
      throw new InputError({ what: "--json and --markdown are both there.", next: "Choose one." });
    }
    const accepted = readAllowFile(io, values).changes;
    const changes = findChanges(
      loadForAnalysis(io, base, values, "BASE: "),
      loadForAnalysis(io, head, values, "HEAD: "),
    );
    if (values.json === true) io.out(`${JSON.stringify(diffOf(changes))}\n`);
    else io.out(values.markdown === true ? diffMarkdown(changes) : diffText(changes));
    const names = (change: FoundChange) => ({ ...change, id: changeId(change) });
    const open = acceptToday(io, changes, accepted, names, line).filter(({ kind }) => failing.has(kind));
    if (open.length === 0) return Promise.resolve(0);
    io.err(`${open.map((change) => printable(failure(change))).join("\n")}\n`);
    return Promise.resolve(1);
  },
};

/** What is not decided may be gained, so it fails with it. */
function failingKinds(values: Values): ReadonlySet<DiffKind> {
  const named = [values["fail-on"] ?? []].flat().flatMap((value) => String(value).split(","));
  const kinds = new Set<DiffKind>();
  for (const name of named) {
    const kind = DIFF_KINDS.find((known) => known === name);
    if (kind === undefined) {
      throw new InputError({ what: `--fail-on ${name} is none of ${DIFF_KINDS.join(", ")}.` });
    }
    kinds.add(kind);
    if (kind === "gained") kinds.add("undecided");
  }
  return kinds;
}

function failure(change: FoundChange): string {
  return `${line(change)}; to accept it: {"id":"${changeId(change)}","reason":"…","expires":"…"}`;
}

function line({ kind, method, path, who, network }: FoundChange): string {
  return `${kind}: ${method} ${path} for ${who}${network === "any" ? "" : ` from ${network}`}`;
}
