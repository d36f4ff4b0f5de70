import {
  DEFAULT_QUOTAS,
  fitsFunctionPolicy,
  problemsOfAnswer,
  problemsOfAuthorizers,
  problemsOfEnvironment,
  problemsOfName,
  problemsOfResources,
  resourcesOf,
} from "../../../constructs/quotas/quotas";
import { iam } from "../../../constructs/routes/protection";
import type { Route } from "../../../constructs/routes/route";

const route = (path: string): Route => ({
  verb: "GET",
  path,
  protection: iam({ ownAccount: true }),
  handler: "caller",
});
const many = (count: number, prefix = "/r"): Route[] =>
  Array.from({ length: count }, (_, index) => route(`${prefix}${index}`));

describe("The quotas of an API", () => {
  it.each([
    [["/"], 0],
    [["/a", "/a"], 1],
    [["/a/{x}/b", "/a/{x}"], 3],
    [["/a", "/b/c"], 3],
  ])("count the path parts of %j as %s", (paths, count) => expect(resourcesOf(paths.map(route))).toBe(count));

  it("leave room for 300 path parts and not for one more", () => {
    expect(problemsOfResources(many(300), DEFAULT_QUOTAS, "api")).toEqual([]);
    const [problem] = problemsOfResources([...many(200, "/big/r"), ...many(100)], DEFAULT_QUOTAS, "api");
    expect(problem?.what).toMatch(/^301 path parts are needed; the quota is 300\. Most: 201 below \/big/);
  });

  it("follow a raised quota", () =>
    expect(problemsOfResources(many(301), { ...DEFAULT_QUOTAS, resourcesPerApi: 301 }, "api")).toEqual([]));

  it("allow ten authorizers", () => {
    const names = Array.from({ length: 11 }, (_, index) => `a${index}`);
    expect(problemsOfAuthorizers(names.slice(1), DEFAULT_QUOTAS, "api")).toEqual([]);
    expect(problemsOfAuthorizers(names, DEFAULT_QUOTAS, "api")[0]?.what).toMatch(/^11 authorizers are needed \(a0, a1/);
  });
});

describe("An authorizer's answer", () => {
  it("has room for the routes 8,192 bytes hold", () => {
    expect(problemsOfAnswer(many(80), 60, "oauth")).toEqual([]);
    expect(problemsOfAnswer(many(200), 60, "oauth")[0]?.what).toMatch(
      /^an answer for all 200 routes would have about \d{5} bytes/,
    );
  });
});

describe("The quotas of a function", () => {
  it("allow a name of 64 characters", () => {
    expect(problemsOfName("f".repeat(64))).toEqual([]);
    expect(problemsOfName("f".repeat(65))[0]?.what).toBe("the name has 65 characters; Lambda and IAM take 64.");
  });

  it("allow 4,096 bytes of environment, names included", () => {
    expect(problemsOfEnvironment({ AB: "x".repeat(4094) }, "f")).toEqual([]);
    expect(problemsOfEnvironment({ AB: "x".repeat(4000), ROUTES: "é".repeat(100) }, "f")[0]?.what).toBe(
      "the environment has 4208 bytes; Lambda takes 4096. Heaviest: AB with 4002, ROUTES with 206.",
    );
  });

  it("allow as many permissions as 20,480 bytes hold", () => {
    expect(fitsFunctionPolicy(many(60))).toBe(true);
    expect(fitsFunctionPolicy(many(100))).toBe(false);
  });
});
