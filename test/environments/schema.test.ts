import { environments } from "../../environments";
import { problemsBetween, problemsOfName } from "../../environments/between";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { checkEnvironment, type Environment } from "../../environments/schema";

function problemsOf(change: object): readonly { where: string; what: string; next: string }[] {
  const result = checkEnvironment("environments/dev.ts", { ...dev, ...change });
  return "problems" in result ? result.problems : [];
}

describe("An environment file", () => {
  it("passes as committed", () => expect(problemsOf({})).toEqual([]));

  it.each([
    ["an account id of eleven digits", { accountId: "11111111111" }, "accountId", "twelve digits"],
    ["an account id that is a number", { accountId: 111111111111 }, "accountId", "twelve digits"],
    ["a malformed range", { deniedRanges: ["198.51.100.0/24", "198.51.100/24"] }, "deniedRanges.1", "CIDR notation"],
    ["a range with host bits", { deniedRanges: ["198.51.100.7/24"] }, "deniedRanges.0", "198.51.100.0/24"],
    ["an issuer without TLS", { oidc: { issuer: "http://i.example", audience: "a" } }, "oidc.issuer", "https://"],
    [
      "a TTL over an hour",
      { authorizerTtlSeconds: { oauth: 3601, saml: 0, signedParameters: 0 } },
      "authorizerTtlSeconds.oauth",
      "0 to 3600",
    ],
    ["a retention CloudWatch does not have", { logRetentionDays: 42 }, "logRetentionDays", "one of 1, 3, 5"],
    ["a field left out", { throttle: undefined }, "throttle", "a value of type object."],
    ["a list that is none", { partners: "acme" }, "partners", "a list of partners"],
    [
      "a zone of another region",
      { availabilityZones: ["eu-west-1a", "us-east-1b"] },
      "availabilityZones.1",
      "eu-west-1",
    ],
    [
      "one zone twice",
      { availabilityZones: ["eu-west-1a", "eu-west-1a"] },
      "availabilityZones.1",
      "two different zones",
    ],
    ["one zone", { availabilityZones: ["eu-west-1a"] }, "availabilityZones", "two zones"],
    ["a field nobody reads", { acountId: "1" }, "acountId", "Correct its name"],
    [
      "a role of another account",
      { provisionerRoleArn: "arn:aws:iam::333333333333:role/x" },
      "provisionerRoleArn",
      "111111111111",
    ],
  ])("is refused for %s, naming the field and what is allowed", (_what, change, field, allowed) => {
    const problems = problemsOf(change);
    expect(problems.map(({ where }) => where)).toEqual([`environments/dev.ts: ${field}`]);
    expect(problems[0]?.next).toContain(allowed);
  });

  it.each([
    ["no role to provision with", { provisionerRoleArn: undefined }, "provisionerRoleArn"],
    [
      "a role of someone else's account",
      { provisionerRoleArn: "arn:aws:iam::333333333333:role/x" },
      "provisionerRoleArn",
    ],
    [
      "the API's own account",
      { accountId: "111111111111", managed: false, provisionerRoleArn: undefined, bootstrapRoleArn: undefined },
      "accountId",
    ],
    ["a short external id", { externalId: "short" }, "externalId"],
  ])("is refused for a managed partner with %s", (_what, change, field) => {
    const [partner] = dev.partners;
    expect(problemsOf({ partners: [{ ...partner, ...change }] }).map(({ where }) => where)).toEqual([
      `environments/dev.ts: partners.0.${field}`,
    ]);
  });

  it("is refused for two partners of one name", () => {
    const [partner] = dev.partners;
    const twin = {
      ...partner,
      accountId: "333333333333",
      managed: false,
      provisionerRoleArn: undefined,
      bootstrapRoleArn: undefined,
    };
    expect(problemsOf({ partners: [partner, twin] }).map(({ where }) => where)).toEqual([
      "environments/dev.ts: partners.1.name",
    ]);
  });

  it("is told of a doubled partner beside what else is wrong with it, and of its zones beside that", () => {
    const [partner] = dev.partners;
    const problems = problemsOf({
      partners: [partner, { ...partner, externalId: undefined }],
      availabilityZones: ["eu-west-1a", "eu-west-1a"],
    });
    expect(problems.map(({ where }) => where).sort()).toEqual([
      "environments/dev.ts: availabilityZones.1",
      "environments/dev.ts: partners.1.accountId",
      "environments/dev.ts: partners.1.externalId",
      "environments/dev.ts: partners.1.name",
    ]);
  });

  it.each([
    ["a word", "wide", "CIDR notation"],
    ["a range with host bits", "10.20.0.1/16", "10.20.0.0/16"],
    ["a small range", "10.20.0.0/28", "/16 to /24"],
  ])("is told once of a vpcCidr that is %s", (_what, vpcCidr, allowed) => {
    const problems = problemsOf({ vpcCidr });
    expect(problems.map(({ where }) => where)).toEqual(["environments/dev.ts: vpcCidr"]);
    expect(problems[0]?.next).toContain(allowed);
  });

  it.each([undefined, null, "dev", []])("is refused for %j instead of an environment", (input) =>
    expect(checkEnvironment("environments/dev.ts", input)).toMatchObject({
      problems: [{ where: "environments/dev.ts: the whole file" }],
    }),
  );

  it.each([null, "acme", 1])("is refused for %j instead of a partner", (partner) =>
    expect(problemsOf({ partners: [partner] }).map(({ where }) => where)).toEqual(["environments/dev.ts: partners.0"]),
  );

  it("is told every problem at once", () => {
    const where = problemsOf({ accountId: "1", logRetentionDays: 42, deniedRanges: ["x"] }).map(
      (problem) => problem.where,
    );
    expect(where.sort()).toEqual([
      "environments/dev.ts: accountId",
      "environments/dev.ts: deniedRanges.0",
      "environments/dev.ts: logRetentionDays",
    ]);
  });
});

describe("Choosing an environment", () => {
  it("gives all of them when none is chosen", () =>
    expect(environments(undefined).map(({ name }) => name)).toContain("dev"));
  it("gives one when it is chosen", () => expect(environments("dev").map(({ name }) => name)).toEqual(["dev"]));
  it.each(["nope", "DEV", "constructor", "__proto__"])("refuses %j and lists the known ones", (name) =>
    expect(() => environments(name)).toThrow(/PORTCULLIS_ENV: .* is not an environment\.\n.*dev/),
  );
});

describe("Two environments", () => {
  const twin = { ...dev, name: "twin", cognito: { ...dev.cognito, domainPrefix: "twin" } };
  const between = (environments: readonly Environment[]) =>
    problemsBetween(environments.map((environment) => ({ file: environment.name, environment })));

  it("in accounts of their own have nothing to settle", () => expect(between([dev, prod])).toEqual([]));

  it("in one account may not both set what the account has one of", () =>
    expect(between([dev, twin]).map(({ where }) => where)).toEqual([
      "environments/twin.ts: delivery.apiGatewayLogging",
      "environments/twin.ts: delivery.github.createProvider",
    ]));

  it("in one account and two regions log by themselves and share GitHub's provider", () =>
    expect(between([dev, { ...twin, region: "eu-central-1" }]).map(({ where }) => where)).toEqual([
      "environments/twin.ts: delivery.github.createProvider",
    ]));

  it("in one region may not have one prefix of the hosted domain: AWS gives it once", () => {
    const same = { ...prod, cognito: { ...prod.cognito, domainPrefix: dev.cognito.domainPrefix } };
    expect(between([dev, same])).toEqual([
      {
        where: "environments/prod.ts: cognito.domainPrefix",
        what: 'AWS has one "portcullis-dev-111111111111" in eu-west-1, and environments/dev.ts already claims it.',
        next: "Choose another prefix in one of the two.",
      },
    ]);
    expect(between([dev, { ...same, region: "eu-central-1" }])).toEqual([]);
  });

  it("of one name, as a copied file leaves them, are told by their files", () => {
    const problems = problemsBetween([
      { file: "dev", environment: dev },
      { file: "qa", environment: dev },
    ]);
    expect(problems.map(({ where }) => where)).toEqual([
      "environments/qa.ts: delivery.apiGatewayLogging",
      "environments/qa.ts: delivery.github.createProvider",
      "environments/qa.ts: cognito.domainPrefix",
    ]);
    for (const { what } of problems) expect(what).toContain("environments/dev.ts already claims it");
  });

  describe("where the names of one begin with those of the other", () => {
    const longer = { ...prod, name: "dev-eu" };
    const [acme] = dev.partners;

    it("may not share an account: the pipeline of the one could write the roles of the other", () =>
      expect(between([{ ...longer, accountId: dev.accountId }, dev])).toMatchObject([
        { where: "environments/dev.ts: delivery.apiGatewayLogging" },
        { where: "environments/dev.ts: delivery.github.createProvider" },
        { where: "environments/dev-eu.ts: name", what: expect.stringContaining("account 111111111111") },
      ]));

    it("may not share a managed partner's account either", () =>
      expect(between([dev, { ...longer, partners: acme === undefined ? [] : [acme] }])).toMatchObject([
        { where: "environments/dev-eu.ts: name", what: expect.stringContaining("account 222222222222") },
      ]));

    it("may stand in accounts of their own", () => expect(between([dev, longer])).toEqual([]));
    it("may share one where only letters agree", () =>
      expect(between([dev, { ...longer, name: "development", partners: dev.partners }])).toEqual([]));
  });

  it("are told apart by the name of their file", () => {
    expect(problemsOfName("dev", dev)).toEqual([]);
    expect(problemsOfName("dev", prod)[0]?.where).toBe("environments/dev.ts: name");
  });
});
