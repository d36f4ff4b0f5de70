import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { environmentNames } from "../../../environments";
import { InputError } from "../../../proof/errors";
import { inBase, portcullis, synthesizeBase, type Proof } from "../access";
import { text, type DeliverCommand } from "../command";
import { namedEnvironment, unknownEnvironment } from "../environment";
import { synthesize } from "../synthesis";

const USAGE = "npm run deliver -- access ENVIRONMENT --base COMMIT [--out FOLDER]";
/** Access and findings that reviewers accepted; code owners guard it. */
const ALLOWED = "access-allowed.json";
/** What must never become true; read by portcullis check where it is there. */
const INVARIANTS = "invariants.ts";

export const command: DeliverCommand = {
  usage: USAGE,
  summary: "For pull requests: who gains and who loses access. Fails on gained access that no reviewer accepted.",
  options: { base: { type: "string" }, out: { type: "string" } },
  async run(io, values, positionals) {
    const name = namedEnvironment(positionals, USAGE);
    const stays = environmentNames.includes(name);
    const base = text(values.base);
    if (base === undefined || base === "") {
      throw new InputError({ what: "No commit to compare with was named.", where: "--base", next: `Usage: ${USAGE}` });
    }
    const { root, env } = io;
    const folder = mkdtempSync(join(tmpdir(), "portcullis-access-"));
    try {
      const [before, after] = [join(folder, "base"), join(folder, "head")];
      if (stays) synthesize({ root, environment: name, outdir: after, env });
      const known = await inBase({ root, base, env }, (tree) => synthesizeBase(tree, name, before, env));
      if (!stays && !known) throw unknownEnvironment(name);
      if (!known) writeNothing(before);
      if (!stays) writeNothing(after);
      const allow = existsSync(join(root, ALLOWED)) ? ["--allow", join(root, ALLOWED)] : [];
      const diff = portcullis(root, ["diff", before, after, "--markdown", "--fail-on", "gained", ...allow], env);
      const invariants = existsSync(join(root, INVARIANTS)) ? ["--invariants", join(root, INVARIANTS)] : [];
      const check = stays ? portcullis(root, ["check", after, ...invariants, ...allow], env) : NOTHING_TO_CHECK;
      const out = join(resolve(root, text(values.out) ?? "reviews"), name);
      mkdirSync(out, { recursive: true });
      const title = !known ? ADDED : stays ? "" : removed(name);
      writeFileSync(join(out, "access.md"), `${title}${accessMarkdown(diff, check)}`);
      io.out(diff.stdout);
      io.err(`${diff.stderr}${check.code === 0 ? "" : check.stdout}${check.stderr}`);
      return verdict(io.err, name, diff, check);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const NOTHING_TO_CHECK: Proof = { code: 0, stdout: "", stderr: "" };
const ADDED = "**This adds the environment:** all of its access is new.\n\n";

function removed(name: string): string {
  return `**This removes the environment.** What is deployed stays until somebody destroys it: \`npm run destroy -- ${name}\`, at a commit that still has it.\n\n`;
}

/** What an environment that is added or removed is compared with: an API that serves nobody, for a comparison needs two. */
function writeNothing(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const provider = { aws: { region: "us-east-1", allowed_account_ids: ["000000000000"] } };
  const resource = { aws_api_gateway_rest_api: { nothing: { name: "nothing" } } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ provider, resource }));
}

function accessMarkdown(diff: Proof, check: Proof): string {
  const said =
    diff.code === 2 ? `**The access difference could not be worked out:**\n\n${fenced(diff.stderr)}` : diff.stdout;
  const gate =
    diff.code === 1
      ? `\n\n🔴 **Access was gained that is not accepted yet.** A reviewer accepts it by adding it to \`${ALLOWED}\` in this pull request.`
      : "";
  const findings =
    check.code === 0 ? "" : `\n\n**\`portcullis check\` found mistakes:**\n\n${fenced(check.stdout + check.stderr)}`;
  return `${said.trim()}${gate}${findings}\n`;
}

function verdict(say: (text: string) => void, environment: string, diff: Proof, check: Proof): 0 | 1 | 2 {
  if (diff.code > 1 || check.code > 1) return 2;
  if (diff.code === 1) {
    say(`${environment}: access was gained that is not accepted. Accept it in ${ALLOWED}, or take it back.\n`);
  }
  if (check.code === 1) say(`${environment}: portcullis check found mistakes.\n`);
  return diff.code === 0 && check.code === 0 ? 0 : 1;
}

function fenced(text: string): string {
  return `~~~~\n${text.trim()}\n~~~~`;
}
