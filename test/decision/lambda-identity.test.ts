import type { WireRequest } from "../../proof/decision/types";
import type { LambdaAuthorizer } from "../../proof/model/types";
import { anything, token, orders, guarded, requestAuthorizer, UNAUTHORIZED } from "./lambda-support";
import { answer, ask, returned, tokenAuthorizer } from "./support";

describe("an identity source that is missing or empty is answered 401 before the function runs", () => {
  const both = ["method.request.header.X-Tenant", "method.request.querystring.key"];
  it.each<[string, LambdaAuthorizer, Partial<WireRequest>, "401" | "called", string]>([
    ["TOKEN without its header", tokenAuthorizer(), { headers: [] }, "401", "R SAM /lambda-token"],
    [
      "TOKEN with an empty header",
      tokenAuthorizer(),
      { headers: [["Authorization", ""]] },
      "401",
      "D missing, null or empty",
    ],
    [
      "TOKEN with a second, empty header",
      tokenAuthorizer(),
      {
        headers: [
          ["Authorization", "token"],
          ["authorization", ""],
        ],
      },
      "401",
      "UNCONFIRMED which is read; the safe side",
    ],
    ["TOKEN with blanks", tokenAuthorizer(), { headers: [["Authorization", "  "]] }, "401", "D an empty field value"],
    [
      "TOKEN with the header in lower case",
      tokenAuthorizer(),
      { headers: [["authorization", "t"]] },
      "called",
      "inferred: HTTP/2 clients",
    ],
    ["TOKEN with another header", tokenAuthorizer(), { headers: [["X-Token", "t"]] }, "401", "D"],
    [
      "TOKEN of another header",
      tokenAuthorizer({ identitySources: ["method.request.header.X-Token"] }),
      { headers: [["X-Token", "t"]] },
      "called",
      "D",
    ],
    [
      "TOKEN with two different headers",
      tokenAuthorizer(),
      {
        headers: [
          ["Authorization", "a"],
          ["Authorization", "b"],
        ],
      },
      "401",
      "UNCONFIRMED, the safe side",
    ],
    ["TOKEN with the same header twice", tokenAuthorizer(), { headers: [token, token] }, "called", "UNCONFIRMED"],
    [
      "TOKEN that does not match",
      tokenAuthorizer({ identityValidationExpression: "^Bearer [a-z]{5}$" }),
      {},
      "401",
      "D API:identityValidationExpression",
    ],
    ["TOKEN that matches", tokenAuthorizer({ identityValidationExpression: "^Bearer [a-z]$" }), {}, "called", "D API"],
    [
      "TOKEN that matches in part",
      tokenAuthorizer({ identityValidationExpression: "Bearer" }),
      {},
      "401",
      "UNCONFIRMED, the safe side",
    ],
    [
      "REQUEST with both sources",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]], rawQuery: "key=1" },
      "called",
      "D",
    ],
    [
      "REQUEST with the first missing",
      requestAuthorizer(both),
      { headers: [], rawQuery: "key=1" },
      "401",
      "D; peers' probe 10",
    ],
    [
      "REQUEST with the second missing",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]] },
      "401",
      "D; peers' probe 10",
    ],
    [
      "REQUEST with the second empty",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]], rawQuery: "key=" },
      "401",
      "D",
    ],
    [
      "REQUEST with the second in another case",
      requestAuthorizer(both),
      { headers: [["X-Tenant", "a"]], rawQuery: "Key=1" },
      "401",
      "D query names are case-sensitive",
    ],
    [
      "REQUEST at TTL 0 with a source missing",
      requestAuthorizer(both, { resultTtlSeconds: 0 }),
      { headers: [] },
      "401",
      "R SAM test_authorizers_max",
    ],
    [
      "REQUEST at TTL 300 with a source missing",
      requestAuthorizer(both, { resultTtlSeconds: 300 }),
      { headers: [] },
      "401",
      "R SAM /lambda-request",
    ],
    ["REQUEST without sources at TTL 0", requestAuthorizer([]), { headers: [] }, "called", "D"],
    [
      "REQUEST with an expression that does not match",
      requestAuthorizer(["method.request.header.X-Tenant"], { identityValidationExpression: "^b$" }),
      { headers: [["X-Tenant", "a"]] },
      "called",
      "D API: ignored",
    ],
    ["REQUEST with a stage variable that is set", requestAuthorizer(["stageVariables.tenant"]), {}, "called", "D"],
    ["REQUEST with a stage variable that is not set", requestAuthorizer(["stageVariables.other"]), {}, "401", "D"],
    [
      "REQUEST with a stage variable named like a member of every object",
      requestAuthorizer(["stageVariables.constructor"]),
      {},
      "401",
      "D",
    ],
    ["REQUEST with the source address", requestAuthorizer(["context.identity.sourceIp"]), {}, "called", "D"],
    ["REQUEST with a key that was not sent", requestAuthorizer(["context.identity.apiKey"]), {}, "401", "D"],
    [
      "REQUEST with the user agent that was not sent",
      requestAuthorizer(["context.identity.userAgent"]),
      {},
      "401",
      "D",
    ],
  ])("%s: %s", async (_, authorizer, more, expected) => {
    let calls = 0;
    const world = guarded(authorizer, {
      stages: [{ name: "dev", variables: { tenant: "a" }, source: { file: "f", address: "s" } }],
    });
    const decision = await ask(
      world,
      orders(more),
      {},
      {
        invokeAuthorizer: () => {
          calls += 1;
          return Promise.resolve({ payload: returned(anything) });
        },
      },
    );
    expect([answer(decision), calls]).toEqual(expected === "401" ? [UNAUTHORIZED, 0] : ["allow", 1]);
  });
});
