import { createHash } from "node:crypto";
import { isList, isObject, sortedEntries } from "../value";
import type { Value } from "../value";
import { FunctionError, number, text, value } from "./arguments";
import type { TerraformFunction } from "./arguments";

const simple = (call: TerraformFunction["call"]): TerraformFunction => ({ call });

/** Terraform's `jsonencode`: keys sorted, no white space, `<`, `>` and `&` escaped. */
export function jsonEncode(item: Value): string {
  return encode(item).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function encode(item: Value): string {
  if (isList(item)) return `[${item.map(encode).join(",")}]`;
  if (isObject(item)) {
    return `{${sortedEntries(item)
      .map(([key, inner]) => `${JSON.stringify(key)}:${encode(inner)}`)
      .join(",")}}`;
  }
  return JSON.stringify(item);
}

function jsonDecode(from: string): Value {
  try {
    return JSON.parse(from) as Value;
  } catch (error) {
    throw new FunctionError(`needs JSON: ${(error as Error).message}`);
  }
}

const hash = (algorithm: string, encoding: "hex" | "base64"): TerraformFunction =>
  simple((args) => createHash(algorithm).update(text(args, 0)).digest(encoding));

/** IPv4 only: `cidrsubnet`, `cidrhost`, `cidrnetmask`. */
function parseCidr(from: string): { base: number; length: number } {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(from);
  if (found === null) throw new FunctionError(`supports IPv4 prefixes only, not ${from}`, false);
  const [a = 0, b = 0, c = 0, d = 0, length = 0] = found.slice(1).map(Number);
  if (Math.max(a, b, c, d) > 255 || length > 32) throw new FunctionError(`needs a CIDR prefix, not ${from}`);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { base: address - (address % 2 ** (32 - length)), length };
}

const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

export const encodings: Readonly<Record<string, TerraformFunction>> = {
  jsonencode: simple((args) => jsonEncode(value(args, 0))),
  jsondecode: simple((args) => jsonDecode(text(args, 0))),
  base64encode: simple((args) => Buffer.from(text(args, 0)).toString("base64")),
  base64decode: simple((args) => Buffer.from(text(args, 0), "base64").toString("utf8")),
  urlencode: simple((args) =>
    encodeURIComponent(text(args, 0))
      .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+"),
  ),
  md5: hash("md5", "hex"),
  sha1: hash("sha1", "hex"),
  sha256: hash("sha256", "hex"),
  sha512: hash("sha512", "hex"),
  base64sha256: hash("sha256", "base64"),
  base64sha512: hash("sha512", "base64"),
  cidrsubnet: simple((args) => {
    const { base, length } = parseCidr(text(args, 0));
    const size = length + number(args, 1);
    if (size > 32 || number(args, 2) >= 2 ** number(args, 1)) throw new FunctionError("has no room for this subnet");
    return `${dotted(base + number(args, 2) * 2 ** (32 - size))}/${String(size)}`;
  }),
  cidrhost: simple((args) => {
    const { base, length } = parseCidr(text(args, 0));
    const host = number(args, 1);
    return dotted(host < 0 ? base + 2 ** (32 - length) + host : base + host);
  }),
  cidrnetmask: simple((args) => dotted(2 ** 32 - 2 ** (32 - parseCidr(text(args, 0)).length))),
};
