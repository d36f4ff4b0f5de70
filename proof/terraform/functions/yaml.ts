import type { Node } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import { isObject, toText } from "../value";
import type { Value } from "../value";
import { FunctionError, text } from "./arguments";
import type { TerraformFunction } from "./arguments";

/** Deeper nesting and more values, by aliases too, are refused, so that no input can exhaust stack or memory. */
const deepest = 200;
const most = 100_000;

/**
 * Terraform's `yamldecode`, which is YAML 1.1 in places: `yes` and `on` are booleans, `2012-10-17` is an instant, `010` is
 * ten (recorded from Terraform 1.11.4). Of a key that stands twice the last counts, as there.
 */
function yamlDecode(from: string): Value {
  const documents = parseAllDocuments(from, { schema: "failsafe", uniqueKeys: false, logLevel: "silent" });
  const [document, more] = Array.isArray(documents) ? documents : [];
  const [error] = document?.errors ?? [];
  if (error !== undefined) throw new FunctionError(`needs YAML: ${error.message.split("\n")[0] ?? ""}`);
  if (document === undefined || document.contents === null || more !== undefined)
    throw new FunctionError("needs one YAML document");
  const anchored = (node: Node): Node => {
    const found = isAlias(node) ? node.resolve(document) : node;
    if (found === undefined) throw new FunctionError("needs an anchor for each alias");
    return found;
  };

  let count = 0;
  const decode = (found: unknown, depth: number): Value => {
    const node = anchored(found as Node);
    count += 1;
    if (depth > deepest || count > most) {
      throw new FunctionError(`takes at most ${String(deepest)} levels and ${String(most)} values`, false);
    }
    if (isScalar(node)) return scalar(node.value, node.type === "PLAIN", node.tag);
    if (isSeq(node)) return node.items.map((item) => decode(item, depth + 1));
    if (!isMap(node)) return null;
    const own: [string, Value][] = [];
    const merged: [string, Value][] = [];
    for (const { key, value } of node.items) {
      if (isScalar(key) && key.value === "<<" && key.type === "PLAIN") {
        const given = decode(value, depth + 1);
        if (!isObject(given)) throw new FunctionError("can merge a map only");
        merged.push(...Object.entries(given));
        continue;
      }
      const name = toText(decode(key, depth + 1));
      if (name === undefined) throw new FunctionError("needs keys that are strings, numbers or booleans");
      own.push([name, decode(value, depth + 1)]);
    }
    return Object.fromEntries([...merged, ...own]);
  };
  return decode(document.contents, 0);
}

const yes = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const no = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const number = /^(?:0x[0-9a-fA-F]+|0o[0-7]+|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)$/;

function scalar(value: unknown, plain: boolean, tag: string | undefined): Value {
  const written = String(value ?? "");
  if (tag === "tag:yaml.org,2002:str" || tag === "tag:yaml.org,2002:binary" || tag === "!") return written;
  if (tag !== undefined) throw new FunctionError(`does not support the tag ${tag} here`, false);
  if (!plain) return written;
  if (/^(~|null|Null|NULL|)$/.test(written)) return null;
  if (yes.test(written) || no.test(written)) return yes.test(written);
  if (number.test(written)) return Number(written);
  if (/^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/.test(written))
    throw new FunctionError(`does not support ${written}`, false);
  return instant(written) ?? written;
}

/** A date, or a time of a date, as RFC 3339 writes it; without its fraction. */
function instant(written: string): string | undefined {
  const found =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|\s+)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?\s*(Z|[-+]\d{2}:\d{2})?)?$/.exec(
      written,
    );
  if (found === null) return undefined;
  const [year = "", month = "", day = "", hour = "0", minute = "0", second = "0"] = found
    .slice(1, 7)
    .map((one) => one ?? "0");
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = at.getUTCMonth() === Number(month) - 1 && at.getUTCDate() === Number(day);
  if (!exists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const two = (part: string): string => part.padStart(2, "0");
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${found[7] ?? "Z"}`;
}

export const yaml: Readonly<Record<string, TerraformFunction>> = {
  yamldecode: { call: (args) => yamlDecode(text(args, 0)) },
};
