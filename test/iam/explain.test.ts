import { compilePolicy, explainPolicies, reducePolicies } from "../../proof/iam";
import { statementApplies } from "../../proof/iam/explain";
import { ACCOUNT, ANONYMOUS, API, USER, compiled, request, SOURCE } from "./helpers";
import type { Asked } from "./helpers";

function explain(statement: object, asked: Asked = {}, kind: "identity" | "resource" = "identity") {
  const policy = compiled({ Effect: "Allow", Action: "*", Resource: "*", ...statement }, kind);
  const explanation = explainPolicies([policy], request(asked));
  const [trace] = explanation.statements;
  if (trace === undefined) throw new Error("a policy has a statement");
  return trace;
}

const sourceIp = (address: string) => ({ context: { "aws:SourceIp": address } });

describe("An explanation says what did not match, with the values seen", () => {
  it.each<[string, object, Asked, string, string]>([
    [
      "Action",
      { Action: "s3:GetObject" },
      {},
      "Action: execute-api:Invoke does not match s3:GetObject",
      "the action would have to match s3:GetObject",
    ],
    [
      "Action",
      { Action: ["s3:*", "sts:*"] },
      {},
      "Action: execute-api:Invoke matches none of s3:*, sts:*",
      "the action would have to match one of s3:*, sts:*",
    ],
    [
      "Resource",
      { Resource: `${API}/prod/*` },
      {},
      `Resource: ${API}/dev/GET/orders does not match ${API}/prod/*`,
      `the resource would have to match ${API}/prod/*`,
    ],
    [
      "Condition IpAddress aws:SourceIp",
      { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
      sourceIp("198.51.100.7"),
      "Condition IpAddress aws:SourceIp: 198.51.100.7 is in none of 203.0.113.0/24",
      "aws:SourceIp would have to be one that is in one of 203.0.113.0/24",
    ],
    [
      "Condition NotIpAddress aws:SourceIp",
      { Condition: { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } } },
      sourceIp("203.0.113.7"),
      "Condition NotIpAddress aws:SourceIp: 203.0.113.7 is in one of 203.0.113.0/24",
      "aws:SourceIp would have to be one that is in none of 203.0.113.0/24, or be absent",
    ],
    [
      "Condition StringEquals aws:SourceVpce",
      { Condition: { StringEquals: { "aws:SourceVpce": "vpce-1" } } },
      {},
      "Condition StringEquals aws:SourceVpce: the request has no aws:SourceVpce",
      "aws:SourceVpce would have to be one that is one of vpce-1",
    ],
    [
      "Condition StringLike s3:prefix",
      { Condition: { StringLike: { "s3:prefix": ["a*", "b*"] } } },
      { context: { "s3:prefix": "c" } },
      "Condition StringLike s3:prefix: c matches none of a*, b*",
      "s3:prefix would have to be one that matches one of a*, b*",
    ],
    [
      "Condition NumericLessThan s3:max-keys",
      { Condition: { NumericLessThan: { "s3:max-keys": "10" } } },
      { context: { "s3:max-keys": "10" } },
      "Condition NumericLessThan s3:max-keys: 10 is not less than 10",
      "s3:max-keys would have to be one that is less than 10",
    ],
    [
      "Condition DateGreaterThanEquals aws:CurrentTime",
      { Condition: { DateGreaterThanEquals: { "aws:CurrentTime": "2026" } } },
      { context: { "aws:CurrentTime": "2025-01-01T00:00:00Z" } },
      "Condition DateGreaterThanEquals aws:CurrentTime: 2025-01-01T00:00:00Z is before 2026",
      "aws:CurrentTime would have to be one that is not before 2026",
    ],
    [
      "Condition Null aws:TokenIssueTime",
      { Condition: { Null: { "aws:TokenIssueTime": "false" } } },
      {},
      "Condition Null aws:TokenIssueTime: the key is absent, asked for false",
      "aws:TokenIssueTime would have to be present",
    ],
    [
      "Condition Null aws:SourceIp",
      { Condition: { Null: { "aws:SourceIp": "true" } } },
      sourceIp("203.0.113.7"),
      "Condition Null aws:SourceIp: the key is present (203.0.113.7), asked for true",
      "aws:SourceIp would have to be absent",
    ],
    [
      "Condition ForAllValues:StringEquals aws:TagKeys",
      { Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": "a" } } },
      { context: { "aws:TagKeys": ["a", "b"] } },
      "Condition ForAllValues:StringEquals aws:TagKeys: a, b (at least one of them) is none of a",
      "aws:TagKeys would have to be one that is one of a, or be absent",
    ],
    [
      "Condition ForAnyValue:StringEquals aws:TagKeys",
      { Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": "c" } } },
      { context: { "aws:TagKeys": ["a", "b"] } },
      "Condition ForAnyValue:StringEquals aws:TagKeys: a, b (each of them) is none of c",
      "aws:TagKeys would have to be one that is one of c",
    ],
  ])("%s: %j", (element, statement, asked, because, change) => {
    const trace = explain(statement, asked);
    expect(trace).toMatchObject({ applies: false, because, change, failed: { element, because, change } });
  });

  it.each<[object, Asked, string]>([
    [
      { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/bob` } },
      { principal: USER },
      `Principal: ${USER.arn} does not match arn:aws:iam::${ACCOUNT}:user/bob`,
    ],
    [
      { Principal: { AWS: ACCOUNT } },
      { principal: ANONYMOUS },
      `Principal: the anonymous caller does not match ${ACCOUNT}`,
    ],
    [
      { Principal: { AWS: ACCOUNT } },
      { principal: { kind: "service", service: "x.amazonaws.com" } },
      `Principal: the service x.amazonaws.com does not match ${ACCOUNT}`,
    ],
    [
      { Principal: { AWS: ACCOUNT } },
      { principal: { kind: "federated", provider: "idp" } },
      `Principal: the identity provider idp does not match ${ACCOUNT}`,
    ],
    [{ NotPrincipal: { AWS: USER.arn } }, { principal: USER }, `NotPrincipal: ${USER.arn} matches ${USER.arn}`],
  ])("%j", (statement, asked, because) => {
    expect(explain(statement, asked, "resource")).toMatchObject({ applies: false, because });
  });

  it("names the first element that fails, and those before it that hold", () => {
    const Condition = { Bool: { "aws:SecureTransport": "true" }, IpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
    const trace = explain(
      { Condition },
      { context: { "aws:SecureTransport": "true", "aws:SourceIp": "198.51.100.7" } },
    );
    expect(trace.matched.map(({ element }) => element)).toEqual([
      "Action",
      "Resource",
      "Condition Bool aws:SecureTransport",
    ]);
    expect(trace.failed?.element).toBe("Condition IpAddress aws:SourceIp");
  });

  it.each([
    ["StringEquals", "a", "b", "b is none of a", "is one of a"],
    ["StringNotEquals", "a", "a", "a is one of a", "is none of a"],
    ["StringEqualsIgnoreCase", "a", "b", "b is none of a", "is one of a"],
    ["StringNotEqualsIgnoreCase", "a", "A", "A is one of a", "is none of a"],
    ["StringLike", "a*", "b", "b matches none of a*", "matches one of a*"],
    ["StringNotLike", "a*", "ab", "ab matches one of a*", "matches none of a*"],
    ["NumericEquals", "1", "2", "2 is none of 1", "is one of 1"],
    ["NumericNotEquals", "1", "1", "1 is one of 1", "is none of 1"],
    ["NumericLessThan", "1", "2", "2 is not less than 1", "is less than 1"],
    ["NumericLessThanEquals", "1", "2", "2 is greater than 1", "is not greater than 1"],
    ["NumericGreaterThan", "2", "1", "1 is not greater than 2", "is greater than 2"],
    ["NumericGreaterThanEquals", "2", "1", "1 is less than 2", "is not less than 2"],
    ["DateEquals", "2026", "2027", "2027 is none of 2026", "is one of 2026"],
    ["DateNotEquals", "2026", "2026", "2026 is one of 2026", "is none of 2026"],
    ["DateLessThan", "2026", "2027", "2027 is not before 2026", "is before 2026"],
    ["DateLessThanEquals", "2026", "2027", "2027 is after 2026", "is not after 2026"],
    ["DateGreaterThan", "2026", "2025", "2025 is not after 2026", "is after 2026"],
    ["DateGreaterThanEquals", "2026", "2025", "2025 is before 2026", "is not before 2026"],
    ["Bool", "true", "false", "false is not true", "is true"],
    ["BinaryEquals", "AAEC", "AAED", "AAED is none of AAEC", "is one of AAEC"],
    ["IpAddress", "10.0.0.0/8", "192.0.2.1", "192.0.2.1 is in none of 10.0.0.0/8", "is in one of 10.0.0.0/8"],
    ["NotIpAddress", "10.0.0.0/8", "10.0.0.1", "10.0.0.1 is in one of 10.0.0.0/8", "is in none of 10.0.0.0/8"],
    ["ArnEquals", "arn:a:b:c:d:e", "x", "x matches none of arn:a:b:c:d:e", "matches one of arn:a:b:c:d:e"],
    ["ArnLike", "arn:a:b:c:d:e", "x", "x matches none of arn:a:b:c:d:e", "matches one of arn:a:b:c:d:e"],
    [
      "ArnNotEquals",
      "arn:a:b:c:d:*",
      "arn:a:b:c:d:e",
      "arn:a:b:c:d:e matches one of arn:a:b:c:d:*",
      "matches none of arn:a:b:c:d:*",
    ],
    [
      "ArnNotLike",
      "arn:a:b:c:d:*",
      "arn:a:b:c:d:e",
      "arn:a:b:c:d:e matches one of arn:a:b:c:d:*",
      "matches none of arn:a:b:c:d:*",
    ],
  ])("in the words of %s", (operator, policy, value, seen, wanted) => {
    const trace = explain({ Condition: { [operator]: { "s3:key": policy } } }, { context: { "s3:key": value } });
    expect(trace.because).toBe(`Condition ${operator} s3:key: ${seen}`);
    expect(trace.change).toContain(`s3:key would have to be one that ${wanted}`);
  });

  it("calls NotAction, NotResource and NotPrincipal by their names", () => {
    const policy = (element: object) => ({ Version: "2012-10-17", Statement: { Effect: "Deny", ...element } });
    const failed = (element: object, kind: "identity" | "resource") => {
      const compiledPolicy = compilePolicy(policy(element), { kind, source: SOURCE });
      const [trace] = explainPolicies([compiledPolicy], request()).statements;
      return [trace?.failed?.because, trace?.failed?.change];
    };
    expect(failed({ NotAction: "execute-api:*", Resource: "*" }, "identity")).toEqual([
      "NotAction: execute-api:Invoke matches execute-api:*",
      "the action would have to match none of execute-api:*",
    ]);
    expect(failed({ Action: "*", NotResource: `${API}/*` }, "identity")).toEqual([
      `NotResource: ${API}/dev/GET/orders matches ${API}/*`,
      `the resource would have to match none of ${API}/*`,
    ]);
    expect(failed({ NotPrincipal: "*", Action: "*", Resource: "*" }, "resource")).toEqual([
      `NotPrincipal: ${USER.arn} matches *`,
      "the caller would have to match none of *",
    ]);
    expect(failed({ NotPrincipal: { AWS: [USER.arn, ACCOUNT] }, Action: "*", Resource: "*" }, "resource")).toEqual([
      `NotPrincipal: ${USER.arn} matches ${USER.arn}, ${ACCOUNT}`,
      `the caller would have to match none of ${USER.arn}, ${ACCOUNT}`,
    ]);
  });

  it.each([{ AWS: USER.arn }, { AWS: ACCOUNT }])(
    "says what is missing for a Deny with NotPrincipal %j to spare",
    (one) => {
      const trace = explain({ Effect: "Deny", NotPrincipal: one }, { principal: USER }, "resource");
      const words = trace.matched.map(({ because }) => because);
      expect(words).toContain(
        `NotPrincipal: ${USER.arn} is not named together with its account, without which AWS may deny whom NotPrincipal names`,
      );
    },
  );

  it("says of whom NotPrincipal does not name at all that nothing matched", () => {
    const eve = `arn:aws:iam::${ACCOUNT}:user/eve`;
    const { matched } = explain({ Effect: "Deny", NotPrincipal: { AWS: eve } }, { principal: USER }, "resource");
    expect(matched.map(({ because }) => because)).toContain(`NotPrincipal: ${USER.arn} does not match ${eve}`);
  });

  it("says that a Deny with NotPrincipal spares nobody who has a permissions boundary", () => {
    const statement = { Effect: "Deny", NotPrincipal: { AWS: [USER.arn, ACCOUNT] } };
    const bounded = { ...USER, bounded: true };
    expect(explain(statement, { principal: USER }, "resource").applies).toBe(false);
    expect(explain(statement, { principal: bounded }, "resource")).toMatchObject({
      applies: true,
      matched: [{}, { because: expect.stringContaining(`NotPrincipal: ${USER.arn} has a permissions boundary`) }, {}],
    });
    expect(explain({ NotPrincipal: { AWS: USER.arn } }, { principal: bounded }, "resource").because).toBe(
      `NotPrincipal: ${USER.arn} matches ${USER.arn}`,
    );
  });

  it("keeps long lists short", () => {
    const Action = Array.from({ length: 40 }, (_, i) => `s3:Action${i}`);
    expect(explain({ Action: Action.slice(0, 6) }).because).toBe(
      "Action: execute-api:Invoke matches none of s3:Action0, s3:Action1, s3:Action2, s3:Action3, s3:Action4, s3:Action5",
    );
    expect(explain({ Action }).because).toBe(
      "Action: execute-api:Invoke matches none of s3:Action0, s3:Action1, s3:Action2, s3:Action3, s3:Action4, s3:Action5, … (40 in all)",
    );
  });
});

describe("An explanation of a statement that applies", () => {
  it("says to whom and what, with the condition that held and what would undo it", () => {
    const Condition = { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } };
    expect(explain({ Effect: "Deny", Condition }, sourceIp("198.51.100.7"))).toMatchObject({
      applies: true,
      because: `denies ${USER.arn} execute-api:Invoke on ${API}/dev/GET/orders (Condition NotIpAddress aws:SourceIp: 198.51.100.7 is in none of 203.0.113.0/24)`,
      change: "aws:SourceIp would have to be one that is in one of 203.0.113.0/24",
    });
  });

  it.each([
    ["ForAllValues:StringEquals", ["a", "b"], "a, b (each of them) is one of a, b"],
    ["ForAnyValue:StringEquals", ["b", "c"], "b, c (at least one of them) is one of a, b"],
    ["StringEquals", ["a"], "a is one of a, b"],
  ])("says how many values made %s hold: %j", (operator, seen, words) => {
    const Condition = { [operator]: { "aws:TagKeys": ["a", "b"] } };
    expect(explain({ Condition }, { context: { "aws:TagKeys": seen } }).because).toContain(
      `(Condition ${operator} aws:TagKeys: ${words})`,
    );
  });

  it("of an Allow without conditions says what it allows, and which element would have to differ", () => {
    expect(explain({})).toMatchObject({
      applies: true,
      because: `allows ${USER.arn} execute-api:Invoke on ${API}/dev/GET/orders`,
      change: "the resource would have to match none of *",
    });
  });

  it("says how widely an Allow of a resource policy reaches", () => {
    expect(explain({ Principal: { AWS: ACCOUNT } }, {}, "resource").grantedTo).toBe("account");
    expect(explain({ Effect: "Deny", Principal: "*" }, {}, "resource").grantedTo).toBeUndefined();
    expect(explain({ Principal: "*", Resource: "arn:aws:s3:::b" }, {}, "resource").grantedTo).toBeUndefined();
  });

  it("tells where it stands", () => {
    expect(explain({ Sid: "Only" }).ref).toEqual({
      policy: SOURCE,
      kind: "identity",
      index: 0,
      sid: "Only",
      effect: "Allow",
    });
  });
});

it("an explanation comes to the same verdict, by the same statement, as the evaluation", () => {
  const policies = [
    compiled([{ Effect: "Allow", Action: "*", Resource: "*" }]),
    compiled([
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: `${API}/dev/*` },
    ]),
  ];
  for (const resource of [`${API}/dev/GET/orders`, `${API}/prod/GET/orders`]) {
    const { statements, ...reduction } = explainPolicies(policies, request({ resource }));
    expect(reduction).toEqual(reducePolicies(policies, request({ resource })));
    expect(statements).toHaveLength(3);
  }
});

it.each([
  ["s3:*", false],
  ["execute-api:*", true],
])("without words: a statement on %s applies: %s", (Action, applies) => {
  const [statement] = compiled({ Effect: "Allow", Action, Resource: "*" }).statements;
  if (statement === undefined) throw new Error("a policy has a statement");
  expect(statementApplies(statement, request())).toBe(applies);
});
