import { isList, toText } from "../value";
import type { Value } from "../value";
import { FunctionError, list, number, text, texts, value } from "./arguments";
import type { TerraformFunction } from "./arguments";
import { toBoolean, toNumber } from "../expression/operators";

const simple = (call: TerraformFunction["call"]): TerraformFunction => ({ call });
const points = (from: string): string[] => Array.from(from);

/** Removes from both ends, or one, every character that stands in `cutset`. */
function trim(subject: string, cutset: string, ends: "both" | "start" | "end"): string {
  const cut = new Set(points(cutset));
  const characters = points(subject);
  let start = 0;
  let end = characters.length;
  if (ends !== "end") while (start < end && cut.has(characters[start] ?? "")) start += 1;
  if (ends !== "start") while (end > start && cut.has(characters[end - 1] ?? "")) end -= 1;
  return characters.slice(start, end).join("");
}

/** Terraform's `format`: the verbs that configurations use. */
function format(pattern: string, args: readonly Value[]): string {
  let next = 0;
  return pattern.replace(/%(%|([-+ 0#]*)([0-9]*)(?:\.([0-9]+))?(\[[0-9]+\])?([a-zA-Z]))/g, (...groups: string[]) => {
    const [whole = "", rest = "", flags = "", width = "", precision, index, verb = ""] = groups;
    if (rest === "%") return "%";
    if (index !== undefined) throw new FunctionError(`"${whole}" is not supported`, false);
    if (next >= args.length) throw new FunctionError(`has no argument for "${whole}"`);
    const arg = args[next] ?? null;
    next += 1;
    const unsigned = formatOne(verb, arg, precision, whole);
    const sign = /[+ ]/.exec(flags)?.[0] ?? "";
    const piece = "dfxX".includes(verb) && !unsigned.startsWith("-") ? sign.concat(unsigned) : unsigned;
    const filler = flags.includes("0") && !flags.includes("-") && verb !== "s" ? "0" : " ";
    return flags.includes("-") ? piece.padEnd(Number(width)) : piece.padStart(Number(width), filler);
  });
}

function formatOne(verb: string, arg: Value, precision: string | undefined, whole: string): string {
  const string = toText(arg);
  const numeric = toNumber(arg);
  if (verb === "s" && string !== undefined)
    return precision === undefined ? string : string.slice(0, Number(precision));
  if (verb === "v") return string ?? JSON.stringify(arg);
  if (verb === "q" && string !== undefined) return JSON.stringify(string);
  if (verb === "t" && toBoolean(arg) !== undefined) return String(toBoolean(arg));
  if (verb === "d" && numeric !== undefined) return String(Math.trunc(numeric));
  if (verb === "f" && numeric !== undefined) return numeric.toFixed(precision === undefined ? 6 : Number(precision));
  if ((verb === "x" || verb === "X") && numeric !== undefined) {
    const hex = Math.trunc(numeric).toString(16);
    return verb === "x" ? hex : hex.toUpperCase();
  }
  throw new FunctionError(`cannot format this argument with "${whole}"`, string !== undefined);
}

/** A pattern between slashes is a regular expression (RE2), with `$1` and `${name}` in the replacement. */
function replace(subject: string, search: string, replacement: string): string {
  if (search.length < 2 || !search.startsWith("/") || !search.endsWith("/")) {
    return subject.split(search).join(replacement);
  }
  return subject.replace(regex(search.slice(1, -1), "gu"), (...found: unknown[]) => {
    const groups = found.at(-1);
    const named = typeof groups === "object" && groups !== null ? (groups as Record<string, string>) : {};
    return replacement.replace(
      /\$(?:\$|([A-Za-z0-9_]+)|\{([A-Za-z0-9_]+)\})/g,
      (whole, bare: string, braced: string) => {
        if (whole === "$$") return "$";
        const name = bare ?? braced;
        const group = /^[0-9]+$/.test(name) ? found[Number(name)] : named[name];
        return typeof group === "string" ? group : "";
      },
    );
  });
}

function regex(pattern: string, flags: string): RegExp {
  try {
    return new RegExp(pattern.replaceAll("(?P<", "(?<"), flags);
  } catch {
    throw new FunctionError(`cannot use the regular expression ${pattern}`, false);
  }
}

function captures(found: RegExpMatchArray): Value {
  if (found.groups !== undefined) {
    return Object.fromEntries(Object.entries(found.groups).map(([name, item]) => [name, item ?? null]));
  }
  return found.length > 1 ? found.slice(1).map((item) => item ?? null) : found[0];
}

export const strings: Readonly<Record<string, TerraformFunction>> = {
  format: simple((args) => format(text(args, 0), args.slice(1))),
  formatlist: simple((args) => {
    const rest = args.slice(1);
    const length = Math.max(1, ...rest.map((item) => (isList(item) ? item.length : 1)));
    return Array.from({ length }, (_, index) =>
      format(
        text(args, 0),
        rest.map((item) => (isList(item) ? (item[index] ?? null) : item)),
      ),
    );
  }),
  join: simple((args) =>
    args
      .slice(1)
      .flatMap((_, index) => texts(args, index + 1))
      .join(text(args, 0)),
  ),
  split: simple((args) => text(args, 1).split(text(args, 0))),
  lower: simple((args) => text(args, 0).toLowerCase()),
  upper: simple((args) => text(args, 0).toUpperCase()),
  title: simple((args) => text(args, 0).replace(/(?<![\p{L}\p{N}_])\p{L}/gu, (start) => start.toUpperCase())),
  replace: simple((args) => replace(text(args, 0), text(args, 1), text(args, 2))),
  regex: simple((args) => {
    const found = regex(text(args, 0), "u").exec(text(args, 1));
    if (found === null) throw new FunctionError("finds no match");
    return captures(found);
  }),
  regexall: simple((args) => [...text(args, 1).matchAll(regex(text(args, 0), "gu"))].map(captures)),
  startswith: simple((args) => text(args, 0).startsWith(text(args, 1))),
  endswith: simple((args) => text(args, 0).endsWith(text(args, 1))),
  strcontains: simple((args) => text(args, 0).includes(text(args, 1))),
  strrev: simple((args) => points(text(args, 0)).reverse().join("")),
  substr: simple((args) => {
    const characters = points(text(args, 0));
    const offset = number(args, 1);
    const start = offset < 0 ? Math.max(0, characters.length + offset) : offset;
    const length = number(args, 2);
    return characters.slice(start, length < 0 ? undefined : start + length).join("");
  }),
  trim: simple((args) => trim(text(args, 0), text(args, 1), "both")),
  trimspace: simple((args) => text(args, 0).trim()),
  trimprefix: simple((args) => {
    const [subject, prefix] = [text(args, 0), text(args, 1)];
    return subject.startsWith(prefix) ? subject.slice(prefix.length) : subject;
  }),
  trimsuffix: simple((args) => {
    const [subject, suffix] = [text(args, 0), text(args, 1)];
    return suffix !== "" && subject.endsWith(suffix) ? subject.slice(0, -suffix.length) : subject;
  }),
  chomp: simple((args) => text(args, 0).replace(/(\r\n|\n|\r)+$/, "")),
  indent: simple((args) => text(args, 1).replaceAll("\n", `\n${" ".repeat(number(args, 0))}`)),
  tostring: simple((args) => {
    const found = value(args, 0);
    return found === null ? null : text(args, 0);
  }),
  tonumber: simple((args) => (value(args, 0) === null ? null : number(args, 0))),
  tobool: simple((args) => {
    const found = value(args, 0);
    const truth = toBoolean(found);
    if (truth === undefined && found !== null) throw new FunctionError("needs a boolean");
    return truth ?? null;
  }),
  parseint: simple((args) => Number.parseInt(text(args, 0), number(args, 1))),
  abs: simple((args) => Math.abs(number(args, 0))),
  ceil: simple((args) => Math.ceil(number(args, 0))),
  floor: simple((args) => Math.floor(number(args, 0))),
  max: simple((args) => Math.max(...args.map((_, index) => number(args, index)))),
  min: simple((args) => Math.min(...args.map((_, index) => number(args, index)))),
  sum: simple((args) => list(args, 0).reduce<number>((total, _, index) => total + number(list(args, 0), index), 0)),
};
