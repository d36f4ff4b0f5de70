import { prepareEngine } from "../../proof/decision/engine";
import type { LambdaAuthorizer } from "../../proof/model/types";
import { guarded } from "./lambda-support";
import { allowAll, api, model, policy, tokenAuthorizer } from "./support";

describe("an authorizer that cannot be enforced is refused at load, with all that is wrong", () => {
  it.each<[string, Partial<LambdaAuthorizer>, string]>([
    [
      "a TOKEN authorizer with two sources",
      { identitySources: ["method.request.header.A", "method.request.header.B"] },
      "exactly one header",
    ],
    [
      "a TOKEN authorizer that reads the query",
      { identitySources: ["method.request.querystring.t"] },
      "exactly one header",
    ],
    ["a path parameter", { type: "REQUEST", identitySources: ["method.request.path.id"] }, "method.request.path.id"],
    ["the body", { type: "REQUEST", identitySources: ["method.request.body"] }, "method.request.body"],
    [
      "an unknown member of the context",
      { type: "REQUEST", identitySources: ["context.identity.shoeSize"] },
      "shoeSize",
    ],
    ["a cache without identity", { type: "REQUEST", identitySources: [], resultTtlSeconds: 300 }, "no identity source"],
    ["an expression of Java's own", { identityValidationExpression: "\\p{Alpha}+" }, "\\p"],
  ])("%s", (_, more, named) => {
    const authorizer = tokenAuthorizer(more);
    expect(() => prepareEngine(model([api(guarded(authorizer))]))).toThrow(named);
  });

  it("names every problem at once", () => {
    const authorizer = tokenAuthorizer({ identitySources: ["nonsense"], identityValidationExpression: "a++" });
    const served = api(guarded(authorizer, { policy: policy([{ ...allowAll, Effect: "Perhaps" }]) }));
    expect(() => prepareEngine(model([served]))).toThrow(/Perhaps[^]*nonsense[^]*a\+\+/);
  });
});
