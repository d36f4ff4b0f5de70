import { agrees, readAnswer } from "../../proof/probe/answer";
import { outOfReach } from "../../proof/probe/position";
import { reportJunit } from "../../proof/probe/report";
import { apiKeyFor, readSources, sourceFor } from "../../proof/probe/sources";
import { readTargets } from "../../proof/probe/targets";
import type { Row } from "../../proof/probe/types";

describe("An answer", () => {
  it.each([
    ["the backend's own 403", 403, undefined, "allow"],
    ["the gateway's 403", 403, "AccessDeniedException", "deny"],
    ["an error type with its address behind it", 403, "AccessDeniedException:https://aws/", "deny"],
    ["a route that is not there", 403, "MissingAuthenticationTokenException", "deny"],
    ["a failing integration, behind authorization", 502, "InternalServerErrorException", "allow"],
    ["a request the validator refuses, behind authorization", 400, "BadRequestException", "allow"],
    ["a blocked address", 403, "ForbiddenException", "deny"],
  ])("is read right: %s", (_what, status, errorType, outcome) =>
    expect(
      readAnswer(status, new Headers(errorType === undefined ? {} : { "x-amzn-ErrorType": errorType })).outcome,
    ).toBe(outcome),
  );

  it.each([
    [{ outcome: "allow", status: 200 }, { outcome: "allow", status: 404 }, true],
    [{ outcome: "deny", status: 401 }, { outcome: "deny", status: 401 }, true],
    [{ outcome: "deny", status: 401 }, { outcome: "deny", status: 403 }, false],
    [{ outcome: "deny", status: 403 }, { outcome: "allow", status: 403 }, false],
  ] as const)("of %j is held against %j", (predicted, answered, expected) =>
    expect(agrees(predicted, { ...answered, errorType: null })).toBe(expected),
  );
});

describe("A row for callers in one place", () => {
  const row = (network: string, vpc?: { endpoint: string }): Row => ({
    api: "shop",
    stage: "live",
    method: "GET",
    path: "/",
    who: "anonymous",
    network,
    otherNetworks: ["any other address", "198.51.100.0/24, 2001:db8:bad::/48"],
    entry: {
      who: "anonymous",
      network,
      outcome: "allow",
      status: 200,
      because: "",
      witness: { method: "GET", path: "/", ...(vpc === undefined ? {} : { vpc }) },
    },
  });

  it.each([
    ["any", undefined, true],
    ["any other address", undefined, true],
    ["any other address", "203.0.113.9", true],
    ["any other address", "198.51.100.9", false],
    ["any other address", "2001:db8:bad::9", false],
    ["198.51.100.0/24, 2001:db8:bad::/48", "198.51.100.9", true],
    ["198.51.100.0/24, 2001:db8:bad::/48", "2001:db8:bad:1::9", true],
    ["198.51.100.0/24, 2001:db8:bad::/48", "203.0.113.9", false],
    ["198.51.100.0/24, 2001:db8:bad::/48", undefined, false],
  ])("%s can be spoken from %s: %s", (network, sourceIp, possible) =>
    expect(
      outOfReach(row(network), { simulated: false, ...(sourceIp === undefined ? {} : { sourceIp }) }) === undefined,
    ).toBe(possible),
  );

  it("behind an endpoint can be spoken only where positions are simulated", () => {
    const inside = row("vpce-1", { endpoint: "vpce-1" });
    expect(outOfReach(inside, { simulated: false, sourceIp: "10.0.0.1" })).toBe("It has to come from vpce-1.");
    expect(outOfReach(inside, { simulated: true })).toBeUndefined();
  });
});

describe("Sources", () => {
  it("take their secrets from the environment", () => {
    const read = readSources(
      { sources: [{ who: "a", send: { headers: { Authorization: "Bearer ${TOKEN}" } } }] },
      "sources.json",
      { TOKEN: "t-1" },
    );
    expect(read[0]?.send?.headers).toEqual({ Authorization: "Bearer t-1" });
  });

  it.each([
    [{ sources: [{ who: "a" }] }, "must have exactly one of"],
    [{ sources: [{ who: "a", apiKey: "k", assumeRole: {}, send: {} }] }, "must have exactly one of"],
    [{ sources: [{ who: "a", assumeRole: {}, send: {} }] }, "must have exactly one of"],
    [{ sources: [{ who: "a", send: { headers: { A: "${NOWHERE}" } } }] }, "The environment has no variable NOWHERE."],
    [{ tokens: [] }, "sources must be a list"],
  ])("refuse %j", (value, message) => expect(() => readSources(value, "sources.json", {})).toThrow(message));

  it("serve the first row they match", () => {
    const sources = readSources(
      {
        sources: [
          { who: "account 1*", path: "/x*", send: {} },
          { who: "*", send: { query: { a: "1" } } },
        ],
      },
      "sources.json",
      {},
    );
    expect(sourceFor(sources, { who: "account 12", api: "shop", path: "/x/1" })).toBe(sources[0]);
    expect(sourceFor(sources, { who: "account 12", api: "shop", path: "/y" })).toBe(sources[1]);
  });
});

describe("API keys", () => {
  const given = [
    { who: "*", path: "/x*", apiKey: "of x" },
    { who: "account 12", assumeRole: {} },
    { who: "account 12", credentials: { accessKeyId: "i", secretAccessKey: "s" }, apiKey: "of 12" },
  ];
  const sources = readSources({ sources: given }, "sources.json", {});

  it.each([
    ["account 12", "/x", "of x"],
    ["account 12", "/y", "of 12"],
    ["anonymous", "/x", "of x"],
    ["anonymous", "/y", undefined],
  ])("of %s at %s are those of the first source that has one", (who, path, key) =>
    expect(apiKeyFor(sources, { who, api: "shop", path })).toBe(key),
  );

  it("alone say not how to speak as anybody", () => {
    expect(sourceFor(sources, { who: "account 12", api: "shop", path: "/x" })).toBe(sources[1]);
    expect(sourceFor(sources, { who: "anonymous", api: "shop", path: "/x" })).toBeUndefined();
  });
});

describe("Targets", () => {
  const apis = [
    { name: "public", id: "aaaaaaaaaa" },
    { name: "private", id: "bbbbbbbbbb" },
  ] as never;

  it("are named where there are several APIs", () => {
    expect(
      [...readTargets(["public=https://a.example/dev?x=1=2"], { apis })].map(([name, url]) => [name, url.href]),
    ).toEqual([["public", "https://a.example/dev?x=1=2"]]);
    expect(() => readTargets(["https://a.example/dev"], { apis })).toThrow(
      "There are several APIs, and the target names none.\n  Give NAME=URL. Known: public, private.",
    );
  });
});

it("A report in JUnit's form is well formed whatever stands in it", () => {
  const result = {
    api: "a<b>",
    stage: "s",
    method: "GET",
    path: '/"&',
    who: "x\u0001",
    network: "any",
    result: "differs" as const,
    predicted: { outcome: "allow", status: 200 },
    because: "<&>",
  };
  const xml = reportJunit([result]);
  expect(xml).toContain('name="GET /&quot;&amp; as x\ufffd" classname="a&lt;b&gt;.s"');
  expect(xml).toContain('<failure message="&lt;&amp;&gt;"/>');
});
