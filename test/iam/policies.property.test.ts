import fc from "fast-check";
import { compilePolicy, decideAccess, explainPolicies, InvalidPolicyError, reducePolicies } from "../../proof/iam";
import type { PolicyKind } from "../../proof/iam";
import { inputOf, LAYER_NAMES, layers, requests, RUNS, statements } from "./arbitraries";
import type { StatementJson } from "./arbitraries";
import { compiled, SOURCE } from "./helpers";

const lists = fc.array(statements(true), { minLength: 1, maxLength: 5 });
const reduce = (list: readonly StatementJson[], request: Parameters<typeof reducePolicies>[1]) =>
  reducePolicies([compiled(list, "resource")], request);

it("an explicit Deny always wins", () => {
  fc.assert(
    fc.property(lists, requests, (list, request) => {
      const denies = list.some((one) => reduce([one], request).verdict === "DENY");
      const allows = list.some((one) => reduce([one], request).verdict === "ALLOW");
      expect(reduce(list, request).verdict).toBe(denies ? "DENY" : allows ? "ALLOW" : "NEITHER");
    }),
    RUNS,
  );
});

it("a Deny in any layer that is asked denies explicitly, and nothing else does", () => {
  fc.assert(
    fc.property(layers, (given) => {
      const { decision, layers: asked } = decideAccess(inputOf(given));
      expect(decision === "explicitDeny").toBe(asked.some(({ verdict }) => verdict === "DENY"));
    }),
    RUNS,
  );
});

it("adding a Deny to any layer never admits anyone", () => {
  fc.assert(
    fc.property(layers, fc.constantFrom(...LAYER_NAMES), statements(true, fc.constant("Deny")), (given, name, deny) => {
      const { Principal: _p, NotPrincipal: _n, ...plain } = deny;
      const added = name === "resource" || name === "vpcEndpoint" ? deny : plain;
      // A layer that is not there stays away: a first boundary is another matter than a Deny in one.
      fc.pre(given[name] !== undefined);
      const before = decideAccess(inputOf(given)).decision;
      const after = decideAccess(inputOf({ ...given, [name]: [...(given[name] ?? []), added] })).decision;
      if (before !== "allowed") expect(after).not.toBe("allowed");
      if (before === "explicitDeny") expect(after).toBe("explicitDeny");
    }),
    RUNS,
  );
});

it("removing an Allow from any layer never admits anyone", () => {
  fc.assert(
    fc.property(layers, fc.constantFrom(...LAYER_NAMES), fc.nat(2), (given, name, at) => {
      const list = given[name];
      fc.pre(list !== undefined && list[at]?.["Effect"] === "Allow" && list.length > 1);
      const before = decideAccess(inputOf(given)).decision;
      const after = decideAccess(inputOf({ ...given, [name]: list?.filter((_, i) => i !== at) })).decision;
      if (before !== "allowed") expect(after).toBe(before);
    }),
    RUNS,
  );
});

it("the order of statements, and how they are spread over policies, is irrelevant", () => {
  const shuffled = lists.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, requests, fc.nat(5), ([list, other], request, cut) => {
      const { verdict, grantedTo } = reduce(list, request);
      const parts = [other.slice(0, cut), other.slice(cut)].map((part) => compiled(part, "resource"));
      const spread = reducePolicies(parts, request);
      expect([spread.verdict, spread.grantedTo]).toEqual([verdict, grantedTo]);
    }),
    RUNS,
  );
});

describe("Equivalent spellings decide alike", () => {
  const listed = (value: unknown) => (Array.isArray(value) ? value : [value]);
  const mapKeys = (object: unknown, change: (key: string) => string) =>
    Object.fromEntries(Object.entries(object as object).map(([key, value]) => [change(key), value as unknown]));
  const capitals = (value: unknown): unknown => listed(value).map((text: string) => text.toUpperCase());

  it.each<[string, (one: StatementJson) => unknown]>([
    ["a list of one statement and the statement", (one) => one],
    [
      "a list of one and the one",
      (one) =>
        Object.fromEntries(
          Object.entries(one).map(([name, value]) => [name, /Action|Resource/.test(name) ? listed(value) : value]),
        ),
    ],
    [
      "actions in capitals",
      (one) =>
        "Action" in one
          ? { ...one, Action: capitals(one["Action"]) }
          : { ...one, NotAction: capitals(one["NotAction"]) },
    ],
    [
      "condition keys in capitals",
      (one) =>
        "Condition" in one
          ? {
              ...one,
              Condition: Object.fromEntries(
                Object.entries(one["Condition"] as object).map(([operator, block]) => [
                  operator,
                  mapKeys(block, (key) => key.toUpperCase()),
                ]),
              ),
            }
          : one,
    ],
    [
      "condition values as lists",
      (one) =>
        "Condition" in one
          ? {
              ...one,
              Condition: Object.fromEntries(
                Object.entries(one["Condition"] as object).map(([operator, block]) => [
                  operator,
                  Object.fromEntries(Object.entries(block as object).map(([key, value]) => [key, listed(value)])),
                ]),
              ),
            }
          : one,
    ],
    ["elements in another order", (one) => Object.fromEntries(Object.entries(one).reverse())],
    [
      "an Action named twice",
      (one) => ("Action" in one ? { ...one, Action: [...listed(one["Action"]), ...listed(one["Action"])] } : one),
    ],
  ])("%s", (_what, respell) => {
    fc.assert(
      fc.property(statements(true), requests, (one, request) => {
        const { verdict, grantedTo } = reduce([one], request);
        const other = reducePolicies([compiled(respell(one), "resource")], request);
        expect([other.verdict, other.grantedTo]).toEqual([verdict, grantedTo]);
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 4) },
    );
  });

  it("JSON and its text", () => {
    fc.assert(
      fc.property(lists, requests, (list, request) => {
        const text = JSON.stringify({ Version: "2012-10-17", Statement: list }, null, 2);
        const policy = compilePolicy(text, { kind: "resource", source: SOURCE });
        expect(reducePolicies([policy], request)).toEqual(reduce(list, request));
      }),
      { numRuns: Math.ceil(RUNS.numRuns / 4) },
    );
  });
});

it("NotAction and NotResource are the complements of Action and Resource", () => {
  fc.assert(
    fc.property(statements(false, fc.constant("Allow")), requests, fc.boolean(), (one, request, flipAction) => {
      const flip = (names: readonly [string, string]) =>
        Object.fromEntries(
          Object.entries(one).map(([name, value]) => [
            name === names[0] ? names[1] : name === names[1] ? names[0] : name,
            value,
          ]),
        );
      const flipped = flip(flipAction ? ["Action", "NotAction"] : ["Resource", "NotResource"]);
      const open = { ...one, ...(flipAction ? { Action: "*" } : { Resource: "*" }) };
      delete (open as StatementJson)[flipAction ? "NotAction" : "NotResource"];
      const applies = (statement: StatementJson) => reducePolicies([compiled(statement)], request).verdict === "ALLOW";
      expect([applies(one), applies(flipped)].filter(Boolean)).toHaveLength(applies(open) ? 1 : 0);
    }),
    RUNS,
  );
});

it("an explanation agrees with the evaluation, for each statement and together", () => {
  fc.assert(
    fc.property(lists, requests, (list, request) => {
      const policy = compiled(list, "resource");
      const { statements: traces, ...reduction } = explainPolicies([policy], request);
      expect(reduction).toEqual(reducePolicies([policy], request));
      expect(traces.map(({ applies }) => applies)).toEqual(
        list.map((one) => reduce([one], request).verdict !== "NEITHER"),
      );
      for (const trace of traces) expect(trace.because.length * trace.change.length).toBeGreaterThan(0);
    }),
    RUNS,
  );
});

it("no document crashes: it is a policy, or it is refused with the problems it has", () => {
  const words = fc.constantFrom(
    "Version",
    "2012-10-17",
    "Statement",
    "Effect",
    "Allow",
    "Action",
    "*",
    "Resource",
    "Principal",
    "AWS",
    "Condition",
    "StringEquals",
    "aws:SourceIp",
    "${",
    "${aws:x}",
    "__proto__",
    "arn:aws:s3:::x",
    "IpAddress",
    "",
  );
  const scalars = fc.oneof(words, fc.string({ unit: "binary" }), fc.double(), fc.boolean(), fc.constant(null));
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      scalars,
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(words, tie("tree"), { maxKeys: 4 }),
    ),
  }));
  const field = fc.oneof(scalars, tree);
  const almost = fc.record(
    { Sid: field, Effect: field, Principal: field, Action: field, Resource: field, Condition: field },
    { requiredKeys: [] },
  );
  const documents = fc.oneof(
    tree,
    fc.record({ Version: fc.constant("2012-10-17"), Statement: fc.oneof(almost, fc.array(almost, { maxLength: 2 })) }),
  );
  const kinds = fc.constantFrom<PolicyKind>("identity", "resource", "trust", "authorizer");
  fc.assert(
    fc.property(documents, kinds, requests, (document, kind, request) => {
      try {
        const policy = compilePolicy(document, { kind, source: SOURCE });
        expect(["ALLOW", "DENY", "NEITHER"]).toContain(reducePolicies([policy], request).verdict);
      } catch (error) {
        if (!(error instanceof InvalidPolicyError)) throw error;
        expect(error.problems.length).toBeGreaterThan(0);
      }
    }),
    RUNS,
  );
});
