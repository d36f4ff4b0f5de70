import { compileResourcePolicy, type PolicyInput } from "../../../constructs/resource-policy/compile";
import {
  cognito,
  iam,
  oauth,
  publicRoute,
  signedParameters,
  type Protection,
} from "../../../constructs/routes/protection";
import { type Verb } from "../../../constructs/routes/route";
import { defineRoutes } from "../../../constructs/routes/route-table";

const OPEN = publicRoute({ reason: "Anyone may know that the API is up." });

function input(routes: readonly (readonly [string, Protection])[], change: Partial<PolicyInput> = {}): PolicyInput {
  return {
    routes: defineRoutes(
      routes.map(([name, protection]) => {
        const [verb = "", path = ""] = name.split(" ");
        return { verb: verb as Verb, path, protection, handler: "caller" };
      }),
    ).routes,
    executionArn: "arn:aws:execute-api:eu-west-1:111111111111:abcdefghij",
    stage: "dev",
    partition: "aws",
    region: "eu-west-1",
    accountId: "111111111111",
    partners: { acme: "222222222222", globex: "333333333333" },
    network: { kind: "anywhere-but" as const, ranges: [] },
    ...change,
  };
}

const arn = (rest: string): string => `arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/${rest}`;
const statements = (...args: Parameters<typeof input>): readonly unknown[] =>
  compileResourcePolicy(input(...args)).Statement;

describe("The compiled resource policy", () => {
  it.each([
    ["public", OPEN],
    ["Cognito", cognito({ scopes: ["a/read"] })],
  ])("allows anyone on a %s route, because silence would deny it", (_name, protection) =>
    expect(statements([["GET /a", protection]])).toEqual([
      { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: arn("dev/GET/a") },
    ]),
  );

  it.each([
    ["an OAuth route", oauth({ scopes: ["a/read"] })],
    ["a route of signed parameters", signedParameters({ clients: ["acme"] })],
    ["a route for the API's own account", iam({ ownAccount: true })],
  ])("says nothing about %s, because an Allow would go over the caller's own policy", (_name, protection) =>
    expect(statements([["GET /a", protection]])).toEqual([]),
  );

  it("allows a partner exactly its routes, in one statement", () =>
    expect(
      statements([
        ["GET /a", iam({ partners: ["acme"] })],
        ["GET /b", iam({ partners: ["globex"] })],
        ["POST /a", iam({ partners: ["acme"] })],
      ]),
    ).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::222222222222:root" },
        Action: "execute-api:Invoke",
        Resource: [arn("dev/GET/a"), arn("dev/POST/a")],
      },
      {
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::333333333333:root" },
        Action: "execute-api:Invoke",
        Resource: arn("dev/GET/b"),
      },
    ]));

  it("admits an organization without opening the API's own account, whose callers need an identity policy", () =>
    expect(statements([["GET /a", iam({ organizations: ["o-a1b2c3d4e5"] })]])).toEqual([
      {
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: "execute-api:Invoke",
        Resource: arn("dev/GET/a"),
        Condition: {
          StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" },
          StringNotEquals: { "aws:PrincipalAccount": "111111111111" },
        },
      },
    ]));

  it("denies the listed ranges on every stage, verb and path, the public route included", () =>
    expect(statements([["GET /a", OPEN]], { network: { kind: "anywhere-but", ranges: ["192.0.2.0/24"] } })[0]).toEqual({
      Effect: "Deny",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: arn("*"),
      Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
    }));
});

describe("A route table is refused", () => {
  it("for a partner the environment does not have", () =>
    expect(() => statements([["GET /a", iam({ partners: ["initech"] })]])).toThrow(
      'GET /a: partner "initech" is not one of this environment\'s partners.\n  Known partners: acme, globex.',
    ));

  it.each([iam({ accounts: ["111111111111"] }), iam({ roles: ["arn:aws:iam::111111111111:role/r"] })])(
    "for an Allow within the API's own account: %j",
    (protection) => expect(() => statements([["GET /a", protection]])).toThrow("belongs to the API's own account"),
  );

  it.each([
    ["a public route over an IAM route", ["GET /a/{x}", OPEN], ["GET /a/{x}/b", iam({ ownAccount: true })]],
    [
      "a Cognito route over a Lambda-authorized one",
      ["GET /a/{x}", cognito({ scopes: ["a/r"] })],
      ["GET /a/b", oauth({ scopes: ["a/r"] })],
    ],
    [
      "one partner's route over another's",
      ["GET /a/{x}", iam({ partners: ["acme"] })],
      ["GET /a/{x}/b", iam({ partners: ["globex"] })],
    ],
    [
      "the own account's identity policy over a partner's route",
      ["GET /a/{x}", iam({ ownAccount: true })],
      ["GET /a/{x}/b", iam({ partners: ["acme"] })],
    ],
    ["an open ANY over a protected verb", ["ANY /a", OPEN], ["POST /a", oauth({ scopes: ["a/w"] })]],
  ] as const)("when the wildcard of one route reaches into another: %s", (_name, first, second) =>
    expect(() => statements([first, second])).toThrow(
      `${first[0]}: the pattern that stands for this route in policies also covers ${second[0]}`,
    ),
  );

  it.each([
    ["both are open", ["GET /a/{x}", OPEN], ["GET /a/{x}/b", cognito({ scopes: ["a/r"] })]],
    [
      "the same callers are admitted",
      ["GET /a/{x}", iam({ partners: ["acme"] })],
      ["GET /a/{x}/b", iam({ partners: ["acme"] })],
    ],
    [
      "a named principal means nothing on the other",
      ["GET /a/{x}", iam({ partners: ["acme"] })],
      ["GET /a/{x}/b", oauth({ scopes: ["a/r"] })],
    ],
    ["the literal path goes first", ["GET /a/b", OPEN], ["GET /a/{x}", oauth({ scopes: ["a/r"] })]],
    ["verbs differ", ["GET /a/{x}", OPEN], ["POST /a/{x}", oauth({ scopes: ["a/r"] })]],
  ] as const)("but not where %s", (_name, first, second) => expect(() => statements([first, second])).not.toThrow());
});
