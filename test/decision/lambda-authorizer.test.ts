import type { Assumptions, AuthorizerOutcome } from "../../proof/decision/ports";
import type { WireRequest } from "../../proof/decision/types";
import { allow, anything, guarded, orders, INTERNAL, UNAUTHORIZED, IMPLICIT, EXPLICIT } from "./lambda-support";
import { allowAll, answer, ARN, ask, denyAll, NOW, policy, returned, status, tokenAuthorizer } from "./support";

describe("what the function came to decides the answer", () => {
  it.each<[string, AuthorizerOutcome, string, string]>([
    ["an Allow of the method ARN", { payload: returned(allow(`${ARN}/dev/GET/orders`)) }, "allow", "R SAM"],
    ["an Allow of the whole stage", { payload: returned(allow(`${ARN}/dev/*`)) }, "allow", "D blueprint"],
    ["an explicit Deny", { payload: returned([{ ...anything[0], Effect: "Deny" }]) }, EXPLICIT, "O PUB:62016082377"],
    ["an Allow of another path", { payload: returned(allow(`${ARN}/dev/GET/lines`)) }, IMPLICIT, "O PUB:71388285698"],
    ["an Allow of another stage", { payload: returned(allow(`${ARN}/prod/GET/orders`)) }, IMPLICIT, "D"],
    ["no statement at all", { payload: returned([]) }, IMPLICIT, "UNCONFIRMED, the safe side"],
    ["the error Unauthorized", { errorMessage: "Unauthorized" }, UNAUTHORIZED, "D"],
    [
      "the error Unauthorized with more",
      { errorMessage: "Unauthorized: expired" },
      INTERNAL,
      "O jwt-rsa-aws-custom-authorizer#6",
    ],
    ["the error unauthorized in lower case", { errorMessage: "unauthorized" }, INTERNAL, "D exactly"],
    ["an error with a space behind", { errorMessage: "Unauthorized " }, INTERNAL, "D exactly"],
    ["an empty error", { errorMessage: "" }, INTERNAL, "O any other error"],
    ["a timeout", { errorMessage: "Task timed out after 3.00 seconds" }, INTERNAL, "O"],
    ["a malformed answer", { payload: { statusCode: 401 } }, INTERNAL, "O serverless/examples#305"],
    ["null", { payload: null }, INTERNAL, "O ExpanseLLC/lambda_authorizer#1"],
    ["no permission to invoke", { cannotInvoke: "no permission" }, INTERNAL, "O PUB:40370491264"],
  ])("%s: %s", async (_, outcome, expected) => {
    const decision = await ask(guarded(), orders(), {}, { invokeAuthorizer: () => Promise.resolve(outcome) });
    expect(answer(decision)).toBe(expected);
  });

  it.each([
    ["Deny", "Deny", "403 User is not authorized to access this resource with an explicit deny"],
    ["silence", "Allow", "403 User is not authorized to access this resource"],
  ])("the words of an older generation for %s", async (_, Effect, expected) => {
    const Resource = Effect === "Deny" ? `${ARN}/*` : `${ARN}/dev/GET/elsewhere`;
    const authorizerResult = returned([{ Effect, Action: "execute-api:Invoke", Resource }]);
    expect(answer(await ask(guarded(), orders(), { authorizerResult }, {}, { wording: "legacy" }))).toBe(expected);
  });

  it("is handed to the integration as strings, with the time it took as a number", async () => {
    const payload = returned(anything, { context: { tenant: "a", level: 3, admin: false } });
    let now = NOW;
    const decision = await ask(
      guarded(),
      orders(),
      {},
      {
        now: () => now,
        invokeAuthorizer: () => {
          now += 42;
          return Promise.resolve({ payload });
        },
      },
    );
    expect(decision.authorization).toEqual({
      authorizer: { principalId: "user-1", tenant: "a", level: "3", admin: "false", integrationLatency: 42 },
    });
  });

  it.each([
    ["AUTHORIZER", "key-value-of-a-customer"],
    ["HEADER", undefined],
  ] as const)(
    "names the API key only where the API takes keys from authorizers (%s)",
    async (apiKeySource, expected) => {
      const authorizerResult = returned(anything, { usageIdentifierKey: "key-value-of-a-customer" });
      const decision = await ask(guarded(tokenAuthorizer(), { apiKeySource }), orders(), { authorizerResult });
      expect(decision.authorization.usageIdentifierKey).toBe(expected);
    },
  );
});

describe("an explicit Deny of the resource policy ends the request before the authorizer", () => {
  const denied = { ...denyAll, Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
  it.each<[string, Partial<WireRequest>, string]>([
    ["with a token", {}, "D resource policy before calling the authorizer"],
    ["without a token", { headers: [] }, "UNCONFIRMED, as the documentation orders it"],
  ])("%s (%s)", async (_, more) => {
    const decision = await ask(guarded(tokenAuthorizer(), { policy: policy([allowAll, denied]) }), orders(more));
    expect(answer(decision)).toMatch(
      /^403 User: anonymous is not authorized .* with an explicit deny in a resource-based policy$/,
    );
  });

  it("but its silence does not: the authorizer's Allow is enough", async () => {
    const world = guarded(tokenAuthorizer(), { policy: policy([denied]) });
    const elsewhere = orders({ network: { sourceIp: "198.51.100.1" } });
    expect(status(await ask(world, elsewhere, { authorizerResult: returned(anything) }))).toBe("allow");
  });
});

it("An authorizer that API Gateway may not invoke returns nothing, whatever it would", async () => {
  const refused = { authorizerResult: returned(anything), authorizerRefused: () => "no permission" };
  const decision = await ask(guarded(), orders(), refused);
  expect(answer(decision)).toMatch(/^500 /);
  expect(decision.trace.at(-1)?.because).toMatch(/cannot be called: no permission/);
});

describe("Where it is said which authorizers know the caller", () => {
  const given = { authorizerResult: returned(anything) };
  it.each<[string, Assumptions, string]>([
    ["one that does answers what is given", { ...given, authorizers: ["another", "token-authorizer"] }, "allow"],
    ["any other answers Unauthorized", { ...given, authorizers: ["another"] }, UNAUTHORIZED],
    ["and so does each where none does", { authorizers: [] }, UNAUTHORIZED],
    ["one that does is asked where nothing is given", { authorizers: ["token-authorizer"] }, "asked"],
    ["and one that may not be invoked answers nothing", { authorizers: [], authorizerRefused: () => "no" }, INTERNAL],
  ])("%s", async (_, assumptions, expected) => {
    const ports = { invokeAuthorizer: () => Promise.reject(new Error("asked")) };
    const decided = ask(guarded(), orders(), assumptions, ports).then(answer);
    expect(await decided.catch(({ message }: Error) => message)).toBe(expected);
  });

  it("the identity sources are asked for first", async () => {
    const { trace } = await ask(guarded(), orders({ headers: [] }), { authorizers: [] });
    expect(trace.at(-1)?.step).toBe("identity-source");
  });
});
