import { authorizerPolicy, type Caller } from "../../../lambdas/shared/authorizer-policy";
import { methodsOf } from "../../../lambdas/shared/route-overlap";
import { routes } from "../../../lambdas/shared/routes";
import { methodArn, STAGE_ARN } from "../support/events";
import { decide } from "../support/policy";

const EXPIRES = 1_900_000_000;
const BEFORE = new Date(EXPIRES * 1000 - 1000);
const AFTER = new Date(EXPIRES * 1000);

const caller = (...scopes: string[]): Caller => ({
  principalId: "alice",
  expires: EXPIRES,
  scopes,
  client: "console",
  context: {},
});

const policy = (table: unknown, who: Caller, arn = methodArn("GET", "/reports/1")) =>
  authorizerPolicy(arn, methodsOf(routes(JSON.stringify(table))), who);

const REPORTS = [
  { verb: "GET", path: "/reports/*", scopes: ["reports/read"] },
  { verb: "POST", path: "/reports", scopes: ["reports/write"] },
  { verb: "*", path: "/drafts/*", scopes: ["drafts/edit"] },
  { verb: "GET", path: "/", scopes: [] },
];

describe("an authorizer's policy", () => {
  it.each([
    ["GET", "/reports/1", "allow"],
    ["GET", "/reports/2026-q1", "allow"],
    ["GET", "/", "allow"],
    ["POST", "/reports", "explicit deny"],
    ["DELETE", "/reports/1", "implicit deny"],
    ["GET", "/drafts/1", "explicit deny"],
    ["GET", "/unknown", "implicit deny"],
  ])("asked for one route, is right for %s %s too: %s", (verb, path, decision) => {
    expect(decide(policy(REPORTS, caller("reports/read")), verb, path, BEFORE)).toBe(decision);
  });

  it("is the same whichever of its routes was asked for, because the cache keeps the first one", () => {
    const first = policy(REPORTS, caller("reports/read"), methodArn("GET", "/reports/1"));
    const second = policy(REPORTS, caller("reports/read"), methodArn("POST", "/reports"));
    expect(second).toEqual(first);
  });

  it.each(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])(
    "grants a route of any verb for %s without reaching deeper paths through a wildcard verb",
    (verb) => {
      const granted = policy(REPORTS, caller("drafts/edit"));
      expect(decide(granted, verb, "/drafts/1", BEFORE)).toBe("allow");
      expect(decide(granted, verb, "/archive/drafts/1", BEFORE)).toBe("implicit deny");
      expect(granted.policyDocument.Statement.flatMap((one) => ("Resource" in one ? one.Resource : []))).not.toContain(
        `${STAGE_ARN}/*/drafts/*`,
      );
    },
  );

  it("names the root route with the slash after the verb that API Gateway puts there", () => {
    const granted = policy([{ verb: "GET", path: "/" }], caller());
    expect(granted.policyDocument.Statement[0]).toMatchObject({ Effect: "Allow", Resource: [`${STAGE_ARN}/GET/`] });
    expect(decide(granted, "GET", "/", BEFORE)).toBe("allow");
    expect(decide(granted, "GET", "/reports", BEFORE)).toBe("implicit deny");
  });

  it.each([
    ["a parameter that would reach below", "/reports/*", "/reports/*/secrets", "/reports/1/secrets"],
    ["a parameter that would reach a literal", "/reports/*", "/reports/all", "/reports/all"],
    ["a greedy parameter", "/files/*", "/files/*/owner", "/files/a/owner"],
    ["a parameter in the middle", "/a/*/c", "/a/*/b/c", "/a/1/b/c"],
    ["a parameter in braces", "/reports/{id}", "/reports/{id}/secrets", "/reports/1/secrets"],
    ["a greedy parameter in braces", "/files/{path+}", "/files/{path}/owner", "/files/a/owner"],
    ["a parameter before the end of a greedy one's", "/a/{x}/end", "/a/{rest+}", "/a/1/2/end"],
  ])("shuts the ungranted route that %s covers", (_what, granted, ungranted, request) => {
    const table = [
      { verb: "GET", path: granted, scopes: ["low"] },
      { verb: "GET", path: ungranted, scopes: ["high"] },
    ];
    expect(decide(policy(table, caller("low")), "GET", request, BEFORE)).toBe("explicit deny");
    expect(decide(policy(table, caller("low", "high")), "GET", request, BEFORE)).toBe("allow");
  });

  it("does not shut a granted route with the Deny of an ungranted one above it", () => {
    const table = [
      { verb: "GET", path: "/reports/*", scopes: ["high"] },
      { verb: "GET", path: "/reports/*/summary", scopes: ["low"] },
    ];
    const granted = policy(table, caller("low"));
    expect(decide(granted, "GET", "/reports/1/summary", BEFORE)).toBe("allow");
    expect(decide(granted, "GET", "/reports/1", BEFORE)).toBe("implicit deny");
  });

  it("shuts a catch-all route but for the granted one in front of it", () => {
    const table = [
      { verb: "GET", path: "/{proxy+}", scopes: ["high"] },
      { verb: "GET", path: "/reports/{id}", scopes: ["low"] },
    ];
    const granted = policy(table, caller("low"));
    expect(decide(granted, "GET", "/reports/1", BEFORE)).toBe("allow");
    expect(decide(granted, "GET", "/reports/1/2", BEFORE)).toBe("explicit deny");
    expect(decide(granted, "GET", "/other", BEFORE)).toBe("implicit deny");
  });

  it("shuts a catch-all route below the longest granted one", () => {
    const table = [
      { verb: "GET", path: "/{proxy+}", scopes: ["high"] },
      ...["/{a}", "/{a}/{b}", "/{a}/{b}/{c}"].map((path) => ({ verb: "GET", path, scopes: ["low"] })),
    ];
    const granted = policy(table, caller("low"));
    for (const path of ["/1", "/1/2", "/1/2/3"]) expect(decide(granted, "GET", path, BEFORE)).toBe("allow");
    for (const path of ["/1/2/3/4", "/1/2/3/4/5/6"]) {
      expect(decide(granted, "GET", path, BEFORE)).toBe("explicit deny");
    }
  });

  it("shuts a granted route too where IAM's wildcards cannot tell it from one that is not", () => {
    const table = [
      { verb: "GET", path: "/a/{x}", scopes: ["low"] },
      { verb: "GET", path: "/a/{x}/c", scopes: ["high"] },
      { verb: "GET", path: "/a/{x}/b/c", scopes: ["low"] },
    ];
    expect(decide(policy(table, caller("low")), "GET", "/a/1/c", BEFORE)).toBe("explicit deny");
    expect(decide(policy(table, caller("low")), "GET", "/a/1/b/c", BEFORE)).toBe("explicit deny");
  });

  it("knows that API Gateway falls back to a parameter where a literal leads nowhere", () => {
    const table = [
      { verb: "GET", path: "/b/*", scopes: ["low"] },
      { verb: "GET", path: "/*/c/d", scopes: ["high"] },
      { verb: "GET", path: "/*/x/c/d", scopes: ["low"] },
    ];
    expect(decide(policy(table, caller("low")), "GET", "/b/c/d", BEFORE)).toBe("explicit deny");
    const withLiteral = [...table, { verb: "GET", path: "/b/c/d", scopes: ["low"] }];
    expect(decide(policy(withLiteral, caller("low")), "GET", "/b/c/d", BEFORE)).toBe("allow");
  });

  it("keeps a verb with rules of its own out of the ANY route on the same path", () => {
    const table = [
      { verb: "*", path: "/orders", scopes: ["orders/read"] },
      { verb: "DELETE", path: "/orders", scopes: ["orders/admin"] },
    ];
    expect(decide(policy(table, caller("orders/read")), "DELETE", "/orders", BEFORE)).toBe("explicit deny");
    expect(decide(policy(table, caller("orders/read")), "GET", "/orders", BEFORE)).toBe("allow");
    expect(decide(policy(table, caller("orders/admin")), "GET", "/orders", BEFORE)).toBe("explicit deny");
  });

  it.each([
    ["of the clients listed", "console", "allow"],
    ["not listed", "other", "explicit deny"],
    ["unnamed", undefined, "explicit deny"],
  ])("admits to a route for certain clients a caller that is %s", (_what, client, decision) => {
    const table = [{ verb: "GET", path: "/exports/*", clients: ["console", "batch"] }];
    expect(decide(policy(table, { ...caller(), client }), "GET", "/exports/1", BEFORE)).toBe(decision);
  });

  it("denies everything, explicitly, where nothing is granted", () => {
    const none = policy(REPORTS.slice(0, 3), caller("unrelated"));
    expect(none.policyDocument.Statement).toHaveLength(1);
    for (const path of ["/reports/1", "/", "/deployed/later"]) {
      expect(decide(none, "GET", path, BEFORE)).toBe("explicit deny");
    }
  });

  it("stops admitting the second its token expires, and then denies explicitly", () => {
    const granted = policy(REPORTS, caller("reports/read"));
    expect(decide(granted, "GET", "/reports/1", BEFORE)).toBe("allow");
    expect(decide(granted, "GET", "/reports/1", AFTER)).toBe("explicit deny");
  });

  it("rounds a fractional expiry down", () => {
    const granted = policy(REPORTS, { ...caller("reports/read"), expires: EXPIRES + 0.9 });
    expect(decide(granted, "GET", "/reports/1", AFTER)).toBe("explicit deny");
  });

  it("has an expiry that IAM can read also where the token is for ever", () => {
    const granted = policy(REPORTS, { ...caller("reports/read"), expires: 1e300 });
    expect(JSON.stringify(granted)).toContain('{"DateLessThan":{"aws:CurrentTime":"9999-12-31T23:59:59Z"}}');
  });

  it("is for the API and stage of the request alone", () => {
    const granted = policy(REPORTS, caller("reports/read"), methodArn("GET", "/reports/1").replace("/dev/", "/prod/"));
    expect(decide(granted, "GET", "/reports/1", BEFORE)).toBe("implicit deny");
  });

  it("hands on context members as they are and leaves out the absent", () => {
    const who = { ...caller("reports/read"), context: { tenant: "acme", level: 3, staff: true, gone: undefined } };
    expect(policy(REPORTS, who).context).toEqual({ tenant: "acme", level: 3, staff: true });
  });

  it.each([
    "arn:aws:execute-api:eu-west-1:111111111111:abcdef1234/dev",
    "arn:aws:lambda:eu-west-1:111111111111:abcdef1234/dev/GET/x",
    "arn:aws:execute-api:eu-west-1:111111111111:*/dev/GET/x",
    "",
  ])("is not made for a method ARN such as %j", (arn) => {
    expect(() => policy(REPORTS, caller("reports/read"), arn)).toThrow("is not arn:");
  });

  it("fails rather than grow beyond what API Gateway is known to take", () => {
    const many = Array.from({ length: 120 }, (_, index) => ({ verb: "GET", path: `/reports/number-${index}` }));
    expect(() => policy(many, caller())).toThrow(/answer has \d+ of at most 8192 characters; give some of its routes/);
  });

  it("fails where one resource is longer than API Gateway takes", () => {
    const long = [{ verb: "GET", path: `/${"a".repeat(500)}` }];
    expect(() => policy(long, caller())).toThrow("of at most 512 characters");
  });
});

describe("the ROUTES variable", () => {
  it.each([
    ["not JSON", "GET /x", "is not JSON."],
    ["no list", "{}", "is not a JSON list of at least one route."],
    ["an empty list", "[]", "is not a JSON list of at least one route."],
    ["a verb in small letters", '[{"verb":"get","path":"/x"}]', '[0] needs a "verb"'],
    ["a path that begins elsewhere", '[{"verb":"GET","path":"x"}]', '[0] needs a "path"'],
    ["a greedy parameter in the middle", '[{"verb":"GET","path":"/{id+}/x"}]', '[0] needs a "path"'],
    ["a wildcard within a segment", '[{"verb":"GET","path":"/x*"}]', '[0] needs a "path"'],
    ["a scope that is a number", '[{"verb":"GET","path":"/x","scopes":[1]}]', '[0] has "scopes"'],
    ["a misspelt member", '[{"verb":"GET","path":"/x","scope":["a"]}]', '[0] has an unknown member "scope"'],
    ["a route twice", '[{"verb":"GET","path":"/x"},{"verb":"GET","path":"/x"}]', "[1] repeats GET /x."],
  ])("is refused with %s", (_what, text, message) => {
    expect(() => routes(text)).toThrow(message);
  });

  it("tells every problem at once", () => {
    expect(() => routes('[{"verb":"get","path":"/x"},{"verb":"GET","path":"x"}]')).toThrow(/\[0\] .*\[1\] /);
  });
});
