import { heldReferences, soleReference } from "./held-references";
import { RootModule } from "../terraform/module";
import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";
import type { Deployment } from "./types";

/** What makes Terraform deploy an API anew, as far as the configuration says it. */
export function buildDeployments(reading: Reading, resources: readonly Resource[]): readonly Deployment[] {
  return resources.map((resource) => {
    const triggers = resource.json["triggers"];
    const module = moduleOf(reading, resource);
    const text = triggers === undefined ? "" : withLocals(module, JSON.stringify(triggers));
    return {
      address: reading.address(resource),
      hasTriggers: triggers !== undefined && triggers !== null,
      triggeredBy: referencesIn(text),
      triggeredWith: heldBy(reading, resource, triggers),
      computedElsewhere: isDigest(triggers) || (module === undefined ? UNFOLLOWED : ELSEWHERE).test(text),
      dependsOn: dependsOn(resource),
      source: reading.source(resource),
    };
  });
}

const REFERENCE = /\baws_[a-z0-9_]+\.[A-Za-z0-9_-]+(?:\[[^\]]*\])*(?:\.[a-z_]+)?/g;
/**
 * Inputs, files and modules, which are not followed, and functions that differ every time; data sources, but for those
 * whose answer is written here or says nothing of any API.
 */
const ELSEWHERE =
  /\b(?:var|module)\.|\bdata\.(?!aws_(?:iam_policy_document|caller_identity|region|partition)\.)|\bfile[a-z0-9]*\(|\b(?:templatefile|timestamp|plantimestamp|uuid)\(/;
/** Where locals and data sources are not there to be followed either. */
const UNFOLLOWED = new RegExp(`${ELSEWHERE.source}|\\b(?:data|local)\\.`);
/** Hexadecimal or Base64 of at least 128 bits. */
const DIGEST = /^(?:[0-9a-f]{32,}|[A-Za-z0-9+/_-]{22,}={0,2})$/i;

/** A value that holds no expression: worked out by whoever wrote the JSON, as CDKTF and plans do. */
function isDigest(triggers: unknown): boolean {
  if (typeof triggers !== "object" || triggers === null) return false;
  return Object.values(triggers).some((value) => typeof value === "string" && DIGEST.test(value));
}

/** The root module that a resource is written in. A plan does not hold its locals; those of a called module are not read. */
function moduleOf(reading: Reading, { moduleName, address }: Resource): RootModule | undefined {
  const module = reading.modules.find(({ name }) => name === moduleName) ?? reading.modules[0];
  return module instanceof RootModule && !address.startsWith("module.") ? module : undefined;
}

function localsOf(module: RootModule | undefined): ReadonlyMap<string, unknown> {
  return new Map(module?.topLevel("locals").flatMap(({ json }) => Object.entries(json)) ?? []);
}

/** The text with the locals that it names behind it, and those that they name. */
function withLocals(module: RootModule | undefined, text: string): string {
  if (module === undefined) return text;
  const locals = localsOf(module);
  let all = text;
  const seen = new Set<string>();
  for (let rest = text; rest !== "";) {
    const names = [...rest.matchAll(/\blocal\.([A-Za-z0-9_-]+)/g)].map(([, name = ""]) => name);
    const fresh = names.filter((name) => !seen.has(name));
    fresh.forEach((name) => seen.add(name));
    rest = fresh.map((name) => JSON.stringify(locals.get(name) ?? "")).join(" ");
    all += rest;
  }
  return all;
}

/** What the triggers hold, and attributes of APIs that are a local or a policy document which they hold. */
function heldBy(reading: Reading, resource: Resource, triggers: unknown): readonly string[] {
  const module = moduleOf(reading, resource);
  const held = heldReferences(triggers, localsOf(module));
  const holding = ([type, attribute]: (typeof HELD)[number]): string[] =>
    reading.resources(type).flatMap(({ moduleName, name, json }) => {
      const sole = soleReference(json[attribute]);
      if (moduleName !== resource.moduleName || sole === undefined || !/^(?:local|data)$/.test(sole[0] ?? ""))
        return [];
      const isHeld = held.some((one) => one.every((step, index) => step === sole[index]));
      return isHeld ? [`${type}.${name}.${attribute}`] : [];
    });
  return [...held.map((reference) => reference.slice(0, 3).join(".")), ...(module ? HELD.flatMap(holding) : [])];
}

const HELD = [
  ["aws_api_gateway_rest_api_policy", "policy"],
  ["aws_api_gateway_rest_api", "policy"],
  ["aws_api_gateway_rest_api", "body"],
] as const;

const INDEX = /\[[^\]]*\]/g;

/** Each once, without indexes. */
function referencesIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(REFERENCE)].map(([reference]) => reference.replace(INDEX, "")))];
}

function dependsOn({ json }: Resource): readonly string[] {
  const listed = json["depends_on"];
  return Array.isArray(listed) ? listed.filter((item): item is string => typeof item === "string") : [];
}
