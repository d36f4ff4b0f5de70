/** The same configuration in other words: no diff, whatever the text. */
import fc from "fast-check";
import { findChanges } from "../../proof/analysis/diff";
import type { Model, PolicyDocument } from "../../proof/model/types";
import { ARN } from "../decision/support";
import { modelOf, world } from "./worlds";
import { CHANGES } from "./changes/cases";
import { allow, ipDeny, modelOf as modelOfParts, orders, route } from "./changes/configuration";

const PAIRS = Number(process.env["PORTCULLIS_PAIRS"] ?? 2000);

type Json = Record<string, unknown>;
type Random = () => number;

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

function shuffled<T>(values: readonly T[], random: Random): T[] {
  return values
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

/** One element or several in any order, some of them twice, one without its list where it may stand so. */
function spelt(values: readonly unknown[], random: Random): unknown {
  const [only] = values;
  const repeated = random() < 0.3 && only !== undefined ? [...values, only] : [...values];
  const order = shuffled(repeated, random);
  return order.length === 1 && random() < 0.7 ? order[0] : order;
}

function cidrs(text: unknown, random: Random): unknown[] {
  if (typeof text !== "string" || random() < 0.4) return [text];
  if (text === "10.0.0.0/8") return ["10.128.0.0/9", "10.0.0.0/9"];
  if (text === "203.0.113.0/24") return ["203.0.113.9/25", "203.0.113.128/25", "203.0.113.7"];
  if (text === "10.1.0.0/16") return ["10.1.255.255/16"];
  if (text === "203.0.113.7") return ["203.0.113.7/32"];
  if (text === "2001:db8::/32") return ["2001:0DB8:0:0::/33", "2001:db8:8000::/33"];
  if (text === "::/0") return ["::/1", "8000::/1"];
  return [text];
}

function resourceOf(text: unknown, random: Random): unknown {
  if (typeof text !== "string" || !text.startsWith("execute-api:/") || random() < 0.5) return text;
  const full = `${ARN}${text.slice("execute-api:".length)}`;
  return random() < 0.5 ? full : full.replace(/\*/g, "**");
}

function principalOf(value: unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null) return random() < 0.5 ? value : { AWS: value };
  const names = list((value as { AWS: unknown }).AWS).map((name) => {
    const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(String(name))?.[1];
    if (account === undefined || random() < 0.5) return name;
    return random() < 0.5 ? account : `arn:aws:iam::${account}:root`;
  });
  return { AWS: spelt(names, random) };
}

function keyOf(key: string, random: Random): string {
  return random() < 0.5 || key.includes("/") ? key : key.toLowerCase();
}

function conditionOf(condition: Json, random: Random): Json {
  return Object.fromEntries(
    shuffled(Object.entries(condition), random).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        shuffled(Object.entries(keys as Json), random).map(([key, values]) => [
          keyOf(key, random),
          spelt(
            list(values).flatMap((value) => (operator.includes("IpAddress") ? cidrs(value, random) : [value])),
            random,
          ),
        ]),
      ),
    ]),
  );
}

function statementOf(statement: Json, index: number, random: Random): Json {
  const spelling: Json = { Sid: `s${index}${Math.floor(random() * 1e6)}` };
  for (const [name, value] of shuffled(Object.entries(statement), random)) {
    if (name === "Sid") continue;
    if (name === "Principal" || name === "NotPrincipal") spelling[name] = principalOf(value, random);
    else if (name === "Resource" || name === "NotResource") {
      spelling[name] = spelt(
        list(value).map((one) => resourceOf(one, random)),
        random,
      );
    } else if (name === "Action" && value !== "execute-api:InvalidateCache") {
      spelling[name] = spelt(random() < 0.5 ? ["EXECUTE-API:invoke"] : ["execute-api:Invoke", "s3:GetObject"], random);
    } else if (name === "Condition") spelling[name] = conditionOf(value as Json, random);
    else spelling[name] = value;
  }
  return spelling;
}

function documentOf(policy: PolicyDocument, random: Random): PolicyDocument {
  const statements = list((policy.document as { Statement: unknown }).Statement) as Json[];
  // A statement said twice says nothing new.
  const repeated = random() < 0.3 ? [...statements, ...statements.slice(0, 1)] : statements;
  const Statement = shuffled(repeated, random).map((statement, index) => statementOf(statement, index, random));
  return {
    document: { Version: "2012-10-17", Id: "other", Statement },
    source: { file: "other.tf.json", address: "aws_api_gateway_rest_api_policy.renamed.policy" },
  };
}

/** The same model under other addresses, in another order, in other words. */
function respelt(model: Model, random: Random): Model {
  return {
    ...model,
    apis: model.apis.map((api) => ({
      ...api,
      address: "aws_api_gateway_rest_api.renamed",
      source: { file: "other.tf.json", address: "aws_api_gateway_rest_api.renamed" },
      routes: shuffled(api.routes, random).map((route, index) => ({
        ...route,
        source: { file: "other.tf.json", address: `aws_api_gateway_method.renamed_${index}` },
      })),
      ...(api.policy === undefined ? {} : { policy: documentOf(api.policy, random) }),
    })),
    roles: shuffled(model.roles, random).map((role) => ({
      ...role,
      address: `renamed_${role.name}`,
      identityPolicies: shuffled(role.identityPolicies, random).map((policy) => documentOf(policy, random)),
    })),
  };
}

/** A small generator of numbers (mulberry32), so that a failure can be repeated. */
function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe("A configuration in other words", () => {
  it("changes nothing, for any configuration", () => {
    fc.assert(
      fc.property(world, fc.integer(), (one, seed) => {
        const model = modelOf(one);
        expect(findChanges(model, respelt(model, randomOf(seed)))).toEqual([]);
      }),
      { numRuns: Math.ceil(PAIRS / 10), seed: 5 },
    );
  });

  it("changes nothing in the realistic ones either", () => {
    CHANGES.forEach(({ head }, index) => {
      const model = modelOfParts(head);
      expect(findChanges(model, respelt(model, randomOf(index)))).toEqual([]);
    });
  });

  it("is told apart from one that differs in a single address", () => {
    const base = modelOfParts({
      ...orders,
      routes: [route("GET", "/health")],
      statements: [ipDeny("10.0.0.0/8"), allow("*", `${ARN}/*`)],
    });
    const text = JSON.stringify(base).replace("10.0.0.0/8", "10.0.0.0/9");
    expect(findChanges(base, JSON.parse(text) as Model).map(({ kind, network }) => [kind, network])).toEqual([
      ["gained", "10.128.0.0/9"],
    ]);
  });
});
