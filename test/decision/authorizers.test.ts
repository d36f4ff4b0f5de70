import { prepareAuthorizers } from "../../proof/decision/authorizers";
import { prepareEngine } from "../../proof/decision/engine";
import type { InputProblem } from "../../proof/errors";
import type { CognitoAuthorizer, LambdaAuthorizer } from "../../proof/model/types";
import { guarded, requestAuthorizer } from "./lambda-support";
import { ACCOUNT, allowAll, api, cognitoAuthorizer, model, policy, source, tokenAuthorizer } from "./support";

function prepare(authorizer: LambdaAuthorizer | CognitoAuthorizer) {
  const problems: InputProblem[] = [];
  return { ...prepareAuthorizers(api({ authorizers: [authorizer] }), model([]), problems), problems };
}

const TOKEN = "main.tf.json: aws_api_gateway_authorizer.token";
const POOL = "main.tf.json: aws_api_gateway_authorizer.pool";
const ONE_HEADER = "Use exactly one method.request.header.<name>.";
const ANY_SOURCE =
  "Use method.request.header.<name>, method.request.querystring.<name>, stageVariables.<name> or context.<name>.";

describe("an authorizer that cannot be enforced is refused at load, with its place and what to do", () => {
  const PLAIN = "Write it with literals, classes, groups and plain quantifiers.";
  const TWO = ["method.request.header.A", "method.request.header.B"];
  it.each<[string, LambdaAuthorizer | CognitoAuthorizer, [named: string, where: string, next: string][]]>([
    [
      "a TOKEN authorizer with two sources",
      tokenAuthorizer({ identitySources: TWO }),
      [[TWO.join(", "), `${TOKEN}.identity_source`, "Use method.request.header.<name>, or a REQUEST authorizer."]],
    ],
    [
      "a TOKEN authorizer without any",
      tokenAuthorizer({ identitySources: [] }),
      [
        [
          "exactly one header",
          `${TOKEN}.identity_source`,
          "Use method.request.header.<name>, or a REQUEST authorizer.",
        ],
      ],
    ],
    [
      "a TOKEN authorizer that reads the query",
      tokenAuthorizer({ identitySources: ["method.request.querystring.t"] }),
      [
        [
          "exactly one header",
          `${TOKEN}.identity_source`,
          "Use method.request.header.<name>, or a REQUEST authorizer.",
        ],
      ],
    ],
    [
      "a TOKEN authorizer that reads nothing known",
      tokenAuthorizer({ identitySources: ["nonsense"] }),
      [
        ["'nonsense'", `${TOKEN}.identity_source`, ONE_HEADER],
        [
          "exactly one header",
          `${TOKEN}.identity_source`,
          "Use method.request.header.<name>, or a REQUEST authorizer.",
        ],
      ],
    ],
    ...["method.request.path.id", "method.request.body", "context.identity.shoeSize"].map(
      (expression): [string, LambdaAuthorizer, [string, string, string][]] => [
        `a REQUEST authorizer that reads ${expression}`,
        requestAuthorizer([expression]),
        [[`'${expression}'`, `${TOKEN}.identity_source`, ANY_SOURCE]],
      ],
    ),
    [
      "a cache without identity",
      requestAuthorizer([], { resultTtlSeconds: 300 }),
      [
        [
          "(300 s) has no identity source",
          `${TOKEN}.identity_source`,
          "Name the headers or query strings that identify a caller, or set authorizer_result_ttl_in_seconds to 0.",
        ],
      ],
    ],
    [
      "an expression of Java's own",
      tokenAuthorizer({ identityValidationExpression: "\\p{Alpha}+" }),
      [
        [
          "'\\p{Alpha}+' cannot be enforced as Java reads it, because of \\p",
          `${TOKEN}.identity_validation_expression`,
          PLAIN,
        ],
      ],
    ],
    [
      "an expression of Java's own, against an audience",
      cognitoAuthorizer({ identityValidationExpression: "a*+" }),
      [["possessive quantifier *+", `${POOL}.identity_validation_expression`, PLAIN]],
    ],
    [
      "a pool that is no ARN",
      cognitoAuthorizer({ providerArns: ["us-east-1_Pool00001"] }),
      [
        [
          "'us-east-1_Pool00001' is not the ARN of a user pool",
          `${POOL}.provider_arns`,
          "Write arn:<partition>:cognito-idp:<region>:<account>:userpool/<id>.",
        ],
      ],
    ],
    ...["method.request.querystring.token", "method.request.header.", "xmethod.request.header.A"].map(
      (identitySource): [string, CognitoAuthorizer, [string, string, string][]] => [
        `a user pool's token in ${identitySource}`,
        cognitoAuthorizer({ identitySource }),
        [[`'${identitySource}'`, `${POOL}.identity_source`, ONE_HEADER]],
      ],
    ),
  ])("%s", (_, authorizer, expected) => {
    const { problems } = prepare(authorizer);
    expect(problems.map(({ where, next }) => [where, next])).toEqual(expected.map(([, where, next]) => [where, next]));
    expected.forEach(([named], index) => expect(problems[index]?.what).toContain(named));
  });

  it("together with every other problem, so that the engine is not made", () => {
    const authorizer = tokenAuthorizer({ identitySources: ["nonsense"], identityValidationExpression: "a++" });
    const served = api(guarded(authorizer, { policy: policy([{ ...allowAll, Effect: "Perhaps" }]) }));
    expect(() => prepareEngine(model([served]))).toThrow(/Perhaps[^]*nonsense[^]*a\+\+/);
  });
});

describe("an authorizer that can be enforced is made ready", () => {
  it.each<[string, LambdaAuthorizer, string[], boolean]>([
    ["a TOKEN authorizer", tokenAuthorizer(), ["method.request.header.Authorization"], false],
    [
      "blanks around its source",
      tokenAuthorizer({ identitySources: [" method.request.header.A "] }),
      [" method.request.header.A "],
      false,
    ],
    [
      "its expression",
      tokenAuthorizer({ identityValidationExpression: "a" }),
      ["method.request.header.Authorization"],
      true,
    ],
    [
      "an empty expression, which is none",
      tokenAuthorizer({ identityValidationExpression: "" }),
      ["method.request.header.Authorization"],
      false,
    ],
    [
      "two sources of a REQUEST authorizer",
      requestAuthorizer(["context.stage", "stageVariables.a"]),
      ["context.stage", "stageVariables.a"],
      false,
    ],
    ["none of them, where nothing is kept", requestAuthorizer([]), [], false],
    [
      "a REQUEST authorizer with an expression, which is ignored (D API)",
      requestAuthorizer(["context.stage"], { identityValidationExpression: "a++" }),
      ["context.stage"],
      false,
    ],
  ])("%s", (_, authorizer, sources, expression) => {
    const { lambda, problems } = prepare(authorizer);
    const ready = lambda.get(authorizer.address);
    expect(problems).toEqual([]);
    expect(ready?.sources.map((each) => each.expression)).toEqual(sources);
    expect(ready?.regex !== undefined).toBe(expression);
  });

  const inPool = (id: string) => `arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/${id}`;
  const issuer = (id: string) => `https://cognito-idp.us-east-1.amazonaws.com/${id}`;
  it.each<[string, string[], Record<string, string>, string[]]>([
    ["one pool", [inPool("us-east-1_A")], {}, [issuer("us-east-1_A")]],
    ["two pools", [inPool("us-east-1_A"), inPool("us-east-1_B")], {}, [issuer("us-east-1_A"), issuer("us-east-1_B")]],
    ["a stage variable", [inPool("${stageVariables.pool}")], { pool: "us-east-1_A" }, [issuer("us-east-1_A")]],
    ["two of them", [inPool("${stageVariables.a}_${stageVariables.b}")], { a: "x", b: "y" }, [issuer("x_y")]],
    ["one that is not set", [inPool("us-east-1_A${stageVariables.none}")], {}, []],
    ["one that is named like a member of every object", [inPool("${stageVariables.constructor}")], {}, []],
    ["one that makes no ARN of it", [inPool("${stageVariables.pool}")], { pool: "/" }, []],
  ])("issuers of %s", (_, providerArns, variables, issuers) => {
    const authorizer = cognitoAuthorizer({ providerArns });
    const { cognito, problems } = prepare(authorizer);
    const stage = { name: "dev", variables, source: source("stage") };
    expect([problems, cognito.get(authorizer.address)?.issuers(stage)]).toEqual([[], issuers]);
  });
});
