import fc from "fast-check";
import { begin, complete } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";
import type { AuthorizerOutcome } from "../../proof/decision/ports";
import type { RouteAuth } from "../../proof/model/types";
import type { World } from "./support";
import {
  allowAll,
  allowing,
  answer,
  api,
  ARN,
  ask,
  caller,
  denyAll,
  model,
  policy,
  ports,
  request,
  returned,
  route,
  tokenAuthorizer,
} from "./support";

const iam: RouteAuth = { type: "AWS_IAM" };
const custom = (name = "token"): RouteAuth => ({
  type: "CUSTOM",
  authorizer: tokenAuthorizer({ address: `aws_api_gateway_authorizer.${name}`, name }),
});
const UNSIGNED = "403 Missing Authentication Token";

/** RFC 3986, 2.3: escapes of unreserved characters are equivalent to the characters. What AWS does is UNCONFIRMED. */
describe("an escape that needs none neither evades a Deny of a path nor gains what one reading allows", () => {
  const admin = [allowAll, { ...denyAll, Resource: "execute-api:/*/GET/admin/*" }];
  const greedy: World = { routes: [route("GET", "/{proxy+}")], policy: policy(admin) };
  const guarded: World = { routes: [route("GET", "/secret", iam), route("GET", "/{proxy+}")] };
  it.each<[string, World, string, string]>([
    ["a Deny of the path", greedy, "/dev/%61dmin/x", "with an explicit deny in a resource-based policy"],
    ["a Deny of the path, in lower case", greedy, "/dev/ad%6din/x", "with an explicit deny"],
    ["a Deny of the path, as sent", greedy, "/dev/admin/%78", "with an explicit deny"],
    ["another path", greedy, "/dev/%61dministrator/x", "allow"],
    ["an escaped slash, which separates nothing", greedy, "/dev/admin%2Fx", "allow"],
    ["an escaped percent sign, which is decoded once", greedy, "/dev/%2561dmin/x", "allow"],
    ["a digit, a dash, an underscore, a tilde", greedy, "/dev/%30%2D%5F%7E/x", "allow"],
    ["a route with a signature, behind one without", guarded, "/dev/%73ecret", UNSIGNED],
    ["dot segments", guarded, "/dev/open/%2e%2E/secret", UNSIGNED],
    ["dot segments, half escaped", guarded, "/dev/open/.%2e/secret", UNSIGNED],
    ["a dot", guarded, "/dev/%2e/secret", UNSIGNED],
    ["the stage", guarded, "/%64ev/open", "403 Forbidden"],
    ["a route that is open on both readings", guarded, "/dev/%6fpen", "allow"],
  ])("%s: %s", async (_, world, rawPath, expected) => {
    expect(answer(await ask(world, request("GET", rawPath)))).toContain(expected);
  });

  it.each<[string, string[], "allow" | "deny"]>([
    ["as sent alone", ["GET/orders/%61bc"], "deny"],
    ["decoded alone", ["GET/orders/abc"], "deny"],
    ["in both readings", ["GET/orders/%61bc", "GET/orders/abc"], "allow"],
    ["by a wildcard", ["GET/orders/*"], "allow"],
  ])("a caller's Allow of the path %s: %s", async (_, resources, expected) => {
    const world = { routes: [route("GET", "/orders/{id}", iam)] };
    const who = caller({ identityPolicies: [allowing(...resources)] });
    expect((await ask(world, request("GET", "/dev/orders/%61bc"), { caller: who })).outcome).toBe(expected);
  });

  it("and what is admitted is served as it was sent", async () => {
    const decision = await ask({ routes: [route("GET", "/orders/{id}")] }, request("GET", "/dev/orders/%61bc"));
    expect(decision).toMatchObject({
      outcome: "allow",
      path: "/orders/%61bc",
      pathParameters: { id: "%61bc" },
      methodArn: `${ARN}/dev/GET/orders/%61bc`,
    });
  });

  it("and the trace says which reading was refused", async () => {
    const { trace } = await ask(guarded, request("GET", "/dev/%73ecret"));
    expect(trace.map(({ step, result }) => `${step} ${result}`)).toEqual([
      "route decoded",
      "stage matched",
      "route matched",
      "signature deny",
    ]);
    expect(trace[0]?.because).toContain("/dev/secret");
  });
});

describe("a Lambda authorizer that one of the readings needs", () => {
  const sent = request("GET", "/dev/%73ecret", { headers: [["Authorization", "t"]] });
  const asSent = `${ARN}/dev/GET/%73ecret`;
  const decoded = `${ARN}/dev/GET/secret`;
  const allow = (...Resource: string[]): AuthorizerOutcome => ({
    payload: returned([{ Effect: "Allow", Action: "execute-api:Invoke", Resource }]),
  });
  const both = [route("GET", "/{proxy+}", custom())];
  const onlyDecoded = [route("GET", "/secret", custom()), route("GET", "/{proxy+}")];
  const onlyAsSent = [route("GET", "/secret"), route("GET", "/{proxy+}", custom())];
  const denied = policy([allowAll, { ...denyAll, Resource: decoded }]);
  it.each<[string, World, AuthorizerOutcome, string, number]>([
    ["both, and both are allowed", { routes: both }, allow(asSent, decoded), "allow", 1],
    ["both, and one is allowed as sent", { routes: both }, allow(asSent), "403 User is not", 1],
    ["both, and one is allowed decoded", { routes: both }, allow(decoded), "403 User is not", 1],
    ["both, and it fails", { routes: both }, { errorMessage: "Unauthorized" }, "401 Unauthorized", 1],
    ["both, and a Deny stands before it", { routes: both, policy: denied }, allow("*"), "403 User: anonymous", 0],
    ["the decoded path, allowed", { routes: onlyDecoded }, allow(decoded), "allow", 1],
    ["the decoded path, not allowed", { routes: onlyDecoded }, allow(asSent), "403 User is not", 1],
    ["the path as sent, allowed", { routes: onlyAsSent }, allow(asSent), "allow", 1],
    ["the path as sent, not allowed", { routes: onlyAsSent }, allow(decoded), "403 User is not", 1],
    [
      "each another one",
      { routes: [route("GET", "/secret", custom("strict")), route("GET", "/{proxy+}", custom("lax"))] },
      allow("*"),
      "500 null",
      0,
    ],
  ])("%s: %s", async (_, world, outcome, expected, calls) => {
    let asked = 0;
    const invokeAuthorizer = () => {
      asked += 1;
      return Promise.resolve(outcome);
    };
    const decision = await ask(world, sent, {}, { invokeAuthorizer });
    expect([answer(decision).slice(0, expected.length), asked]).toEqual([expected, calls]);
  });

  it("admits the path as sent, where it admits both", async () => {
    const decision = await ask({ routes: both }, sent, {}, { invokeAuthorizer: () => Promise.resolve(allow("*")) });
    expect([answer(decision), decision.methodArn]).toEqual(["allow", asSent]);
  });

  it("ends both readings with the answer to the path as sent, where it ends both", async () => {
    const decision = await ask(
      { routes: both },
      sent,
      {},
      { invokeAuthorizer: () => Promise.resolve(allow(`${ARN}/none/*`)) },
    );
    expect([answer(decision).slice(0, 3), decision.methodArn]).toEqual(["403", asSent]);
  });

  it("is told by name where each reading has another one", async () => {
    const routes = [route("GET", "/secret", custom("strict")), route("GET", "/{proxy+}", custom("lax"))];
    const { trace } = await ask({ routes }, sent);
    expect(trace.at(-1)?.because).toMatch(/^lax cannot be called: .* strict/);
  });

  it("is asked about the path as sent, and its answer is handed on with the time it took", () => {
    const target = api({ routes: both });
    const begun = begin(prepareEngine(model([target])), target, sent, ports());
    if (!("pending" in begun)) throw new Error("The authorizer was to be asked.");
    expect(begun.event()).toMatchObject({ methodArn: asSent });
    expect(complete(begun, allow("*"), 7).authorization.authorizer).toMatchObject({ integrationLatency: 7 });
  });
});

it("whatever is spelled with escapes is admitted only where the plain spelling is", () => {
  const paths = ["orders", "orders/abc", "orders/abc/lines", "admin/a", "other"];
  const resource = fc.constantFrom(
    "*",
    ...["orders", "orders/*", "admin/*", "orders/abc"].map((at) => `${ARN}/dev/GET/${at}`),
  );
  const statement = fc
    .tuple(fc.constantFrom("Allow", "Deny"), resource)
    .map(([Effect, Resource]) => ({ Effect, Principal: "*", Action: "execute-api:Invoke", Resource }));
  const spelled = fc.constantFrom(...paths).chain((path) =>
    fc.array(fc.boolean(), { minLength: path.length, maxLength: path.length }).map((escaped) => ({
      path,
      rawPath: [...path].map((char, at) => (escaped[at] === true && char !== "/" ? `%${hex(char)}` : char)).join(""),
    })),
  );
  const auth = fc.constantFrom<RouteAuth>({ type: "NONE" }, iam);
  fc.assert(
    fc.property(fc.array(statement, { maxLength: 3 }), auth, auth, spelled, (statements, first, second, asked) => {
      const target = api({
        routes: [route("GET", "/orders/{id}", first), route("GET", "/orders", second), route("GET", "/{proxy+}")],
        policy: policy(statements),
      });
      const engine = prepareEngine(model([target]));
      const outcome = (path: string) => {
        const begun = begin(engine, target, request("GET", `/dev/${path}`), ports(), { caller: caller() });
        return "pending" in begun ? "pending" : begun.outcome;
      };
      if (outcome(asked.rawPath) === "allow") expect(outcome(asked.path)).toBe("allow");
    }),
    { numRuns: Number(process.env.PORTCULLIS_PROPERTY_RUNS ?? 500) },
  );
});

function hex(char: string): string {
  return char.charCodeAt(0).toString(16);
}
