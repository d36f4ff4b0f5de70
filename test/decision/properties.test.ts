import fc from "fast-check";
import { begin, complete } from "../../proof/decision/decide";
import type { Engine } from "../../proof/decision/engine";
import { prepareEngine } from "../../proof/decision/engine";
import { normalizePath, readPath } from "../../proof/decision/path";
import type { Assumptions } from "../../proof/decision/ports";
import type { Decision, WireRequest } from "../../proof/decision/types";
import { normalizePath as signedPath } from "../../proof/sigv4";
import type { Api, RouteAuth } from "../../proof/model/types";
import {
  allowing,
  api,
  ARN,
  caller,
  cognitoAuthorizer,
  denyAll,
  model,
  NOW,
  PARTNER,
  policy,
  ports,
  request,
  returned,
  route,
  tokenAuthorizer,
} from "./support";

const RUNS = Number(process.env.PORTCULLIS_PROPERTY_RUNS ?? 500);

/** A small world of statements in which most of them meet, so that most requests are decided by more than one. */
const effect = fc.constantFrom("Allow", "Deny");
const action = fc.constantFrom("execute-api:Invoke", "execute-api:*", "*", "execute-api:InvalidateCache");
const resource = fc.constantFrom(
  "*",
  `${ARN}/*`,
  `${ARN}/dev/GET/*`,
  `${ARN}/dev/*/orders`,
  `${ARN}/prod/*`,
  `${ARN}/dev/GET/lines`,
);
const condition = fc.option(
  fc.constantFrom<Record<string, unknown>>(
    { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } },
    { StringNotEquals: { "aws:SourceVpce": "vpce-x" } },
    { StringEqualsIfExists: { "aws:PrincipalAccount": "111122223333" } },
  ),
  { nil: undefined },
);
const principal = fc.constantFrom<unknown>(
  "*",
  { AWS: "*" },
  { AWS: "111122223333" },
  { AWS: PARTNER },
  { AWS: "arn:aws:iam::111122223333:role/reader" },
);
const element = { Effect: effect, Action: action, Resource: resource };
const withCondition = (statement: Record<string, unknown>, found: Record<string, unknown> | undefined) =>
  found === undefined ? statement : { ...statement, Condition: found };
const statements = fc.array(
  fc.tuple(fc.record(element), condition).map(([s, c]) => withCondition(s, c)),
  { maxLength: 4 },
);
const resourceStatements = fc.array(
  fc.tuple(fc.record({ ...element, Principal: principal }), condition).map(([s, c]) => withCondition(s, c)),
  { maxLength: 4 },
);

const auths: readonly RouteAuth[] = [
  { type: "NONE" },
  { type: "AWS_IAM" },
  { type: "CUSTOM", authorizer: tokenAuthorizer() },
  { type: "COGNITO_USER_POOLS", authorizer: cognitoAuthorizer(), scopes: [] },
];
const auth = fc.constantFrom(...auths);
const wire = fc.record({
  method: fc.constantFrom("GET", "POST"),
  rawPath: fc.constantFrom("/dev/orders", "/dev/lines", "/dev//orders", "/dev/a/../orders"),
  sourceIp: fc.constantFrom("203.0.113.7", "198.51.100.7", "2001:db8::1"),
  account: fc.constantFrom("111122223333", PARTNER),
});
type Wire = { method: string; rawPath: string; sourceIp: string; account: string };

function served(found: RouteAuth, policyStatements: unknown[] | undefined): Api {
  return api({
    routes: [route("ANY", "/orders", found), route("GET", "/lines", found)],
    ...(policyStatements === undefined ? {} : { policy: policy(policyStatements) }),
  });
}

function send(engine: Engine, target: Api, asked: Wire, own: unknown[]): Decision {
  const assumptions: Assumptions = {
    caller: caller({ account: asked.account, identityPolicies: own.length === 0 ? [] : [policy(own, "own")] }),
    claims: { token_use: "id" },
    authorizerResult: returned(own),
  };
  const sent: WireRequest = request(asked.method, asked.rawPath, {
    headers: [["Authorization", "t"]],
    network: { sourceIp: asked.sourceIp },
  });
  const decision = begin(engine, target, sent, ports(), assumptions);
  if ("pending" in decision) throw new Error("Nothing is left to ask.");
  return decision;
}

function once(found: RouteAuth, policyStatements: unknown[] | undefined, asked: Wire, own: unknown[]): Decision {
  const target = served(found, policyStatements);
  return send(prepareEngine(model([target])), target, asked, own);
}

describe("for every authorization type", () => {
  it("a Deny of everything in the resource policy refuses everything", () => {
    fc.assert(
      fc.property(auth, resourceStatements, wire, statements, (found, policies, asked, own) => {
        expect(once(found, [...policies, denyAll], asked, own).outcome).toBe("deny");
      }),
      { numRuns: RUNS },
    );
  });

  it("adding a Deny to the resource policy never admits anyone", () => {
    fc.assert(
      fc.property(auth, resourceStatements, wire, statements, resource, (found, policies, asked, own, target) => {
        const more = [...policies, { ...denyAll, Resource: target }];
        // A first policy is not an addition to one: it makes a public API need an Allow.
        if (once(found, policies, asked, own).outcome === "deny")
          expect(once(found, more, asked, own).outcome).toBe("deny");
      }),
      { numRuns: RUNS },
    );
  });

  it("removing an Allow from the resource policy never admits anyone", () => {
    fc.assert(
      fc.property(auth, resourceStatements, wire, statements, fc.nat(3), (found, policies, asked, own, at) => {
        const less = policies.filter((statement, index) => index !== at || statement.Effect === "Deny");
        if (once(found, policies, asked, own).outcome === "deny")
          expect(once(found, less, asked, own).outcome).toBe("deny");
      }),
      { numRuns: RUNS },
    );
  });

  it("the order of statements is irrelevant", () => {
    fc.assert(
      fc.property(auth, resourceStatements, wire, statements, (found, policies, asked, own) => {
        const there = once(found, policies, asked, own);
        const back = once(found, [...policies].reverse(), asked, [...own].reverse());
        expect([back.outcome, back.denial]).toEqual([there.outcome, there.denial]);
      }),
      { numRuns: RUNS },
    );
  });

  it("what admits is never a Deny, and what denies explicitly is never an Allow", () => {
    fc.assert(
      fc.property(
        auth,
        fc.option(resourceStatements, { nil: undefined }),
        wire,
        statements,
        (found, policies, asked, own) => {
          const { outcome, decidedBy } = once(found, policies, asked, own);
          if (decidedBy !== undefined) expect(decidedBy.effect).toBe(outcome === "allow" ? "Allow" : "Deny");
        },
      ),
      { numRuns: RUNS },
    );
  });

  it("reading the trace changes nothing, and every step has words", () => {
    fc.assert(
      fc.property(
        auth,
        fc.option(resourceStatements, { nil: undefined }),
        wire,
        statements,
        (found, policies, asked, own) => {
          const decision = once(found, policies, asked, own);
          const first = decision.trace;
          expect(decision.trace).toBe(first);
          for (const { because, result } of first)
            expect([because.length > 10, result.length > 0]).toEqual([true, true]);
        },
      ),
      { numRuns: RUNS / 5 },
    );
  });
});

it("an unsigned request never reaches a policy, on AWS_IAM and where no route is", () => {
  const header = fc.constantFrom<[string, string]>(
    ["Authorization", "Bearer x"],
    ["Authorization", "AWS4-HMAC-SHA256 x=y"],
    ["X-Amz-Date", "20261122T120000Z"],
    ["Authorization", ""],
  );
  fc.assert(
    fc.property(
      resourceStatements,
      wire,
      fc.array(header, { maxLength: 2 }),
      fc.boolean(),
      (policies, asked, headers, exists) => {
        const target = served({ type: "AWS_IAM" }, policies);
        const sent = request(asked.method, exists ? asked.rawPath : "/dev/nope", { headers });
        const decision = begin(prepareEngine(model([target])), target, sent, ports());
        if ("pending" in decision) throw new Error("There is no authorizer.");
        expect(decision.denial?.status).toBe(403);
        const steps = decision.trace.map(({ step }) => step);
        expect(steps.filter((step) => step.endsWith("-policy") || step === "combine")).toEqual([]);
      },
    ),
    { numRuns: RUNS },
  );
});

it("the cache changes no decision but by its age", () => {
  const tokens = ["a", "b"];
  const cached = tokenAuthorizer({ resultTtlSeconds: 300 });
  const uncached = tokenAuthorizer();
  const step = fc.record({
    asked: wire,
    token: fc.constantFrom(...tokens),
    waitMs: fc.constantFrom(0, 1_000, 299_000, 301_000),
  });
  fc.assert(
    fc.property(
      resourceStatements,
      fc.tuple(statements, statements),
      fc.array(step, { maxLength: 8 }),
      (policies, answers, steps) => {
        const worlds = [cached, uncached].map((authorizer) => {
          const target = served({ type: "CUSTOM", authorizer }, policies);
          return { target, engine: prepareEngine(model([target])) };
        });
        let now = NOW;
        for (const { asked, token, waitMs } of steps) {
          now += waitMs;
          const sent = request(asked.method, asked.rawPath, {
            headers: [["Authorization", token]],
            network: { sourceIp: asked.sourceIp },
          });
          const decided = worlds.map(({ target, engine }) => {
            const begun = begin(engine, target, sent, ports({ now: () => now }));
            return "pending" in begun ? complete(begun, { payload: returned(answers[tokens.indexOf(token)]) }) : begun;
          });
          const [kept, asking] = decided.map(({ outcome, denial }) => ({ outcome, denial }));
          expect(kept).toEqual(asking);
        }
      },
    ),
    { numRuns: RUNS },
  );
});

describe("paths", () => {
  const piece = fc.oneof(
    fc.constantFrom("/", "//", ".", "..", "%2F", "%2e", "dev", "orders", "a b", "é"),
    fc.string({ maxLength: 3 }),
  );
  const path = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join("")}`);

  it("are normalised as the signature normalises them, but for a trailing slash", () => {
    fc.assert(
      fc.property(path, (rawPath) => {
        const trimmed = signedPath(rawPath).replace(/\/+$/, "");
        expect(normalizePath(rawPath)).toBe(trimmed === "" ? "/" : trimmed);
      }),
      { numRuns: RUNS * 4 },
    );
  });

  it("hold no empty and no dot segment, and normalise to themselves", () => {
    fc.assert(
      fc.property(path, (rawPath) => {
        const read = readPath(rawPath);
        expect(read.segments.filter((segment) => ["", ".", ".."].includes(segment))).toEqual([]);
        expect(normalizePath(`/${read.stage}${read.path}`)).toBe(normalizePath(rawPath));
      }),
      { numRuns: RUNS * 4 },
    );
  });

  it("of any request give a decision and no exception", () => {
    const target = api({
      routes: [route("ANY", "/{a}/b"), route("ANY", "/{p+}", { type: "AWS_IAM" })],
      policy: policy([denyAll]),
    });
    const engine = prepareEngine(model([target]));
    const headers = fc.array(fc.tuple(fc.constantFrom("Authorization", "Host", "X-Amz-Date"), fc.string()), {
      maxLength: 3,
    });
    fc.assert(
      fc.property(
        path,
        fc.string(),
        headers,
        fc.constantFrom("GET", "TRACE", ""),
        (rawPath, rawQuery, found, method) => {
          const decision = begin(engine, target, request(method, rawPath, { rawQuery, headers: found }), ports());
          if ("pending" in decision) throw new Error("There is no authorizer.");
          expect(decision.outcome).toBe("deny");
          expect(decision.trace.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: RUNS * 2 },
    );
  });

  it("of one owner's statement are covered whichever way they are spelled", () => {
    const target = api({ routes: [route("GET", "/orders/{id}", { type: "AWS_IAM" })] });
    const engine = prepareEngine(model([target]));
    const who = caller({ identityPolicies: [allowing("GET/orders/7")] });
    const spelling = fc.constantFrom(
      "/dev/orders/7",
      "/dev/orders/7/",
      "//dev/orders/7",
      "/dev//orders//7",
      "/dev/./orders/7",
      "/dev/x/../orders/7",
    );
    fc.assert(
      fc.property(spelling, (rawPath) => {
        const decision = begin(engine, target, request("GET", rawPath), ports(), { caller: who });
        expect("outcome" in decision && decision.outcome).toBe("allow");
      }),
    );
  });
});
