import type { Block } from "../block";
import type { Resource } from "../resource";
import { byCodePoint, isList, toText, Unknown } from "../value";
import type { Value } from "../value";

type Statement = Record<string, unknown>;

/**
 * The JSON of an `aws_iam_policy_document` data source, as the provider writes it: `&{…}` becomes a policy variable,
 * lists of one become strings, longer ones are sorted backwards, source documents come first and overriding ones replace statements of the same `sid`.
 *
 * Rules: the provider's documentation of the data source, and `data_source_iam_policy_document` in its source.
 */
export function policyDocumentJson(data: Resource, indent: number): Value {
  try {
    return JSON.stringify(policyDocument(data), null, indent);
  } catch (error) {
    if (error instanceof NotKnown) return error.unknown;
    throw error;
  }
}

/** Carries an unknown out of the depths of a document: one unknown part makes the whole unknown. */
class NotKnown extends Error {
  constructor(readonly unknown: Unknown) {
    super("not known");
  }
}

function policyDocument(data: Resource): unknown {
  const statements = data.blocks("statement").map((block) => statement(known(block)));
  const sids = statements.map((one) => one["Sid"]).filter((sid) => sid !== undefined);
  const repeated = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (repeated !== undefined) {
    throw new NotKnown(new Unknown(`has two statements with the sid "${String(repeated)}"`, data.address, true));
  }
  let version = text(data, "version") ?? "2012-10-17";
  let id = text(data, "policy_id");
  let merged: Statement[] = [];
  const documents = (name: string): Record<string, unknown>[] =>
    (strings(data, name) ?? []).filter((json) => json !== "").map((json) => parse(json, `${data.address}.${name}`));
  const take = (document: Record<string, unknown>): void => {
    if (typeof document["Id"] === "string") id = document["Id"];
    if (typeof document["Version"] === "string") version = document["Version"];
    merged = override(merged, statementsOf(document));
  };
  for (const source of documents("source_policy_documents")) {
    if (typeof source["Id"] === "string") id ??= source["Id"];
    merged.push(...statementsOf(source));
  }
  merged = override(merged, statements);
  for (const overriding of documents("override_policy_documents")) take(overriding);
  return {
    Version: version,
    ...(id === undefined ? {} : { Id: id }),
    ...member("Statement", merged.length === 0 ? undefined : merged),
  };
}

/** Statements of the same sid are replaced where they stand; the others are added. */
function override(base: readonly Statement[], added: readonly Statement[]): Statement[] {
  const result = [...base];
  for (const one of added) {
    const sid = one["Sid"];
    const at = sid === undefined || sid === "" ? -1 : result.findIndex((existing) => existing["Sid"] === sid);
    if (at === -1) result.push(one);
    else result[at] = one;
  }
  return result;
}

function statementsOf(document: Record<string, unknown>): Statement[] {
  const found = document["Statement"];
  return (Array.isArray(found) ? found : found === undefined ? [] : [found]) as Statement[];
}

function parse(json: string, address: string): Record<string, unknown> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw new NotKnown(new Unknown("holds a document that is no JSON", address, true));
  }
}

function statement(block: Block): Statement {
  const sid = text(block, "sid");
  return {
    ...(sid === undefined || sid === "" ? {} : { Sid: sid }),
    Effect: text(block, "effect") ?? "Allow",
    ...member("Action", several(block, "actions")),
    ...member("NotAction", several(block, "not_actions")),
    ...member("Resource", several(block, "resources")),
    ...member("NotResource", several(block, "not_resources")),
    ...member("Principal", principals(block, "principals")),
    ...member("NotPrincipal", principals(block, "not_principals")),
    ...member("Condition", conditions(block)),
  };
}

const member = (name: string, value: unknown): Statement => (value === undefined ? {} : { [name]: value });

function principals(block: Block, name: string): unknown {
  const blocks = block.blocks(name).map(known);
  const byType: Record<string, string | string[]> = {};
  for (const one of blocks) {
    const type = text(one, "type") ?? "";
    const all = [...new Set([byType[type] ?? [], strings(one, "identifiers") ?? []].flat())];
    byType[type] = all.length === 1 ? (all[0] ?? "") : all.sort(byCodePoint).reverse();
  }
  if (blocks.length === 0) return undefined;
  return blocks.length === 1 && byType["*"] === "*" ? "*" : sorted(byType);
}

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => byCodePoint(a, b)));

function conditions(block: Block): unknown {
  const result: Record<string, Record<string, string | string[]>> = {};
  for (const found of block.blocks("condition")) {
    const one = known(found);
    const operator = text(one, "test") ?? "";
    const key = text(one, "variable") ?? "";
    const values = (strings(one, "values") ?? []).map(variables);
    const keys = (result[operator] ??= {});
    const all = [keys[key] ?? [], values].flat();
    keys[key] = all.length === 1 ? (all[0] ?? "") : all;
  }
  if (Object.keys(result).length === 0) return undefined;
  return sorted(Object.fromEntries(Object.entries(result).map(([operator, keys]) => [operator, sorted(keys)])));
}

function several(block: Block, name: string): string | string[] | undefined {
  const found = [...new Set(strings(block, name)?.map(variables))];
  return found.length <= 1 ? found[0] : found.sort(byCodePoint).reverse();
}

/** `&{aws:username}` stands for the policy variable, because `${` is Terraform's own. */
const variables = (from: string): string => from.replaceAll("&{", "${");

function known(block: Block | Unknown): Block {
  if (block instanceof Unknown) throw new NotKnown(block);
  return block;
}

function text(block: Block, name: string): string | undefined {
  const found = block.configured(name);
  if (found instanceof Unknown) throw new NotKnown(found);
  return found === undefined ? undefined : toText(found);
}

function strings(block: Block, name: string): string[] | undefined {
  const found = block.configured(name);
  if (found === undefined) return undefined;
  if (found instanceof Unknown) throw new NotKnown(found);
  const items = isList(found) ? found : [found];
  return items.map((item) => {
    if (item instanceof Unknown) throw new NotKnown(item);
    const one = toText(item);
    if (one === undefined) throw new NotKnown(new Unknown("is no string", `${block.address}.${name}`, true));
    return one;
  });
}
