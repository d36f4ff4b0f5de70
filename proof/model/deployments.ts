import { RootModule } from "../terraform/module";
import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";
import type { Deployment } from "./types";

/** What makes Terraform deploy an API anew, as far as the configuration says it. */
export function buildDeployments(reading: Reading, resources: readonly Resource[]): readonly Deployment[] {
  return resources.map((resource) => {
    const triggers = resource.json["triggers"];
    const text = triggers === undefined ? "" : withLocals(reading, resource, JSON.stringify(triggers));
    return {
      address: reading.address(resource),
      hasTriggers: triggers !== undefined && triggers !== null,
      triggeredBy: [
        ...new Set([...text.matchAll(REFERENCE)].map(([reference]) => reference.replace(/\[[^\]]*\]/g, ""))),
      ],
      computedElsewhere: isDigest(triggers) || ELSEWHERE.test(text) || isLocalOfPlan(reading, resource, text),
      dependsOn: dependsOn(resource),
      source: reading.source(resource),
    };
  });
}

const REFERENCE = /\baws_[a-z0-9_]+\.[A-Za-z0-9_-]+(?:\[[^\]]*\])*(?:\.[a-z_]+)?/g;
/** Inputs, files and modules, which are not followed, and functions that differ every time. */
const ELSEWHERE = /\b(?:var|module|data)\.|\bfile[a-z0-9]*\(|\b(?:templatefile|timestamp|plantimestamp|uuid)\(/;
/** Hexadecimal or Base64 of at least 128 bits. */
const DIGEST = /^(?:[0-9a-f]{32,}|[A-Za-z0-9+/_-]{22,}={0,2})$/i;

/** A value that holds no expression: worked out by whoever wrote the JSON, as CDKTF and plans do. */
function isDigest(triggers: unknown): boolean {
  if (typeof triggers !== "object" || triggers === null) return false;
  return Object.values(triggers).some((value) => typeof value === "string" && DIGEST.test(value));
}

/** A plan does not hold its locals. */
function isLocalOfPlan(reading: Reading, { moduleName }: Resource, text: string): boolean {
  const module = reading.modules.find(({ name }) => name === moduleName) ?? reading.modules[0];
  return !(module instanceof RootModule) && /\blocal\./.test(text);
}

/** The text with the locals that it names behind it, and those that they name. */
function withLocals(reading: Reading, resource: Resource, text: string): string {
  const module = reading.modules.find(({ name }) => name === resource.moduleName) ?? reading.modules[0];
  if (!(module instanceof RootModule)) return text;
  const locals = new Map(module.topLevel("locals").flatMap(({ json }) => Object.entries(json)));
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

function dependsOn({ json }: Resource): readonly string[] {
  const listed = json["depends_on"];
  return Array.isArray(listed) ? listed.filter((item): item is string => typeof item === "string") : [];
}
