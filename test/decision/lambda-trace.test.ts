import type { AuthorizerOutcome } from "../../proof/decision/ports";
import type { WireRequest } from "../../proof/decision/types";
import { begin } from "../../proof/decision/decide";
import { prepareEngine } from "../../proof/decision/engine";
import type { LambdaAuthorizer } from "../../proof/model/types";
import { allow, anything, guarded, orders, requestAuthorizer, token } from "./lambda-support";
import { allowAll, api, ARN, ask, model, policy, ports, returned, tokenAuthorizer } from "./support";

const AT = { file: "main.tf.json", address: "aws_api_gateway_authorizer.token" };

describe("the trace of a Lambda authorizer says what was asked and what it came to", () => {
  it.each<[string, LambdaAuthorizer, Partial<WireRequest>, string, string]>([
    [
      "one identity source",
      tokenAuthorizer(),
      {},
      "matched",
      "Present and not empty: method.request.header.Authorization.",
    ],
    [
      "two identity sources",
      requestAuthorizer(["method.request.header.Authorization", "context.stage"]),
      {},
      "matched",
      "Present and not empty: method.request.header.Authorization, context.stage.",
    ],
    [
      "none",
      requestAuthorizer([]),
      {},
      "matched",
      "The authorizer has no identity source, so it is called for every request.",
    ],
    [
      "one that is missing",
      requestAuthorizer(["context.stage", "method.request.header.X-Tenant"]),
      {},
      "missing",
      "method.request.header.X-Tenant is missing or empty, so the authorizer is not called. Send it.",
    ],
    [
      "one with two values",
      tokenAuthorizer(),
      { headers: [token, ["Authorization", "u"]] },
      "deny",
      "method.request.header.Authorization is in the request with 2 values. Send one.",
    ],
    [
      "one that its expression does not take",
      tokenAuthorizer({ identityValidationExpression: "^x$" }),
      {},
      "deny",
      "method.request.header.Authorization does not match the validation expression ^x$, so the authorizer is not called.",
    ],
  ])("identity: %s", async (_, authorizer, more, result, because) => {
    const authorizerResult = returned(anything);
    const { trace } = await ask(guarded(authorizer), orders(more), { authorizerResult });
    expect(trace.find(({ step }) => step === "identity-source")).toEqual({
      step: "identity-source",
      result,
      because,
      source: AT,
    });
  });

  it.each<[string, AuthorizerOutcome, RegExp]>([
    ["it cannot be called", { cannotInvoke: "no permission" }, /^token-authorizer cannot be called: no permission$/],
    [
      "it says who it does not know",
      { errorMessage: "Unauthorized" },
      /^token-authorizer failed with exactly 'Unauthorized', which is answered 401\.$/,
    ],
    [
      "it fails",
      { errorMessage: "boom" },
      /^token-authorizer failed with an error other than exactly 'Unauthorized', which is answered 500\./,
    ],
    [
      "it breaks its contract",
      { payload: null },
      /^token-authorizer broke its output contract: it returned null, not an object\.$/,
    ],
  ])("function: %s", async (_, outcome, because) => {
    const { trace } = await ask(guarded(), orders(), {}, { invokeAuthorizer: () => Promise.resolve(outcome) });
    expect(trace.at(-1)).toEqual({
      step: "authorizer",
      result: "deny",
      because: expect.stringMatching(because),
      source: AT,
    });
  });

  it.each<[string, number, number, string, string]>([
    [
      "nothing is kept",
      0,
      0,
      "miss",
      "token-authorizer does not cache (TTL 0): the function is called for every request.",
    ],
    [
      "nothing is kept yet",
      60,
      0,
      "miss",
      "token-authorizer has no answer for these identity values that is younger than 60 s: the function is called.",
    ],
    [
      "an answer is kept",
      60,
      1,
      "hit",
      "token-authorizer answered for these identity values within the last 60 s; that policy is evaluated again for this request.",
    ],
  ])("cache: %s", (_, resultTtlSeconds, before, result, because) => {
    const served = api(guarded(tokenAuthorizer({ resultTtlSeconds })));
    const engine = prepareEngine(model([served]));
    const send = () => {
      const begun = begin(engine, served, orders(), ports());
      return "pending" in begun ? begun.complete({ payload: returned(anything) }, 0) : begun;
    };
    for (let sent = 0; sent < before; sent++) send();
    expect(send().trace.find(({ step }) => step === "authorizer")).toEqual({
      step: "authorizer",
      result,
      because,
      source: AT,
    });
    expect(engine.cache.size).toBe(resultTtlSeconds === 0 ? 0 : 1);
  });

  it.each<[string, unknown, unknown[] | undefined, string, RegExp]>([
    [
      "it allows",
      anything,
      undefined,
      "allow",
      /^The authorizer policy of the principal 'user-1' allows execute-api:Invoke on arn:\S+, there is no resource policy: within one account/,
    ],
    [
      "it is silent",
      allow(`${ARN}/prod/*`),
      [],
      "deny",
      /^The authorizer policy of the principal 'user-1' neither allows nor denies execute-api:Invoke on arn:\S+, the resource policy neither allows nor denies it: within one account/,
    ],
    [
      "the resource policy allows",
      allow(`${ARN}/prod/*`),
      [allowAll],
      "allow",
      /The resource policy alone admits it, without the authorizer policy\.$/,
    ],
  ])("policies: %s", async (_, statements, resource, result, because) => {
    const world = guarded(tokenAuthorizer(), resource === undefined ? {} : { policy: policy(resource) });
    const { trace } = await ask(world, orders(), { authorizerResult: returned(statements) });
    expect(trace.at(-1)).toEqual({ step: "combine", result, because: expect.stringMatching(because) });
    expect(trace.at(-2)?.because).toContain("the policy that token-authorizer returned");
  });

  it.each<[string, unknown, string]>([
    [
      "it denies everything",
      [{ Effect: "Deny", Action: "execute-api:Invoke", Resource: `${ARN}/*` }],
      "token-authorizer knows the caller as 'user-1' and granted it no route",
    ],
    [
      "it grants another route and denies this one",
      [
        { Effect: "Deny", Action: "execute-api:Invoke", Resource: `${ARN}/dev/GET/orders` },
        { Effect: "Allow", Action: "execute-api:Invoke", Resource: `${ARN}/prod/*` },
      ],
      "token-authorizer knows the caller as 'user-1'. Statement 0 (Deny)",
    ],
    ["it grants another route", allow(`${ARN}/prod/*`), "token-authorizer knows the caller as 'user-1'. No statement"],
  ])("whom the authorizer knows, where %s", async (_, statements, because) => {
    const { trace } = await ask(guarded(tokenAuthorizer()), orders(), { authorizerResult: returned(statements) });
    expect(trace.find(({ step }) => step === "authorizer-policy")?.because).toContain(because);
  });
});
