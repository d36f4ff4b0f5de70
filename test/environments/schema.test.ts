import { environments } from "../../environments";
import { problemsBetween, problemsOfName } from "../../environments/between";
import { dev } from "../../environments/dev";
import { prod } from "../../environments/prod";
import { checkEnvironment } from "../../environments/schema";

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
  const twin = { ...dev, name: "twin" };

  it("in accounts of their own have nothing to settle", () => expect(problemsBetween([dev, prod])).toEqual([]));

  it("in one account may not both set what the account has one of", () =>
    expect(problemsBetween([dev, twin]).map(({ where }) => where)).toEqual([
      "environments/twin.ts: delivery.apiGatewayLogging",
      "environments/twin.ts: delivery.github.createProvider",
    ]));

  it("in one account and two regions log by themselves and share GitHub's provider", () =>
    expect(problemsBetween([dev, { ...twin, region: "eu-central-1" }]).map(({ where }) => where)).toEqual([
      "environments/twin.ts: delivery.github.createProvider",
    ]));

  describe("where the names of one begin with those of the other", () => {
    const longer = { ...prod, name: "dev-eu" };
    const [acme] = dev.partners;

    it("may not share an account: the pipeline of the one could write the roles of the other", () =>
      expect(problemsBetween([{ ...longer, accountId: dev.accountId }, dev])).toMatchObject([
        { where: "environments/dev.ts: delivery.apiGatewayLogging" },
        { where: "environments/dev.ts: delivery.github.createProvider" },
        { where: "environments/dev-eu.ts: name", what: expect.stringContaining("account 111111111111") },
      ]));

    it("may not share a managed partner's account either", () =>
      expect(problemsBetween([dev, { ...longer, partners: acme === undefined ? [] : [acme] }])).toMatchObject([
        { where: "environments/dev-eu.ts: name", what: expect.stringContaining("account 222222222222") },
      ]));

    it("may stand in accounts of their own", () => expect(problemsBetween([dev, longer])).toEqual([]));
    it("may share one where only letters agree", () =>
      expect(problemsBetween([dev, { ...longer, name: "development", partners: dev.partners }])).toEqual([]));
  });

  it("are told apart by the name of their file", () => {
    expect(problemsOfName("dev", dev)).toEqual([]);
    expect(problemsOfName("dev", prod)[0]?.where).toBe("environments/dev.ts: name");
  });
});
