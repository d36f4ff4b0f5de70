import { DRIFT_MARKER, driftIssue, staleStage, type Drift } from "../../scripts/deliver/drift";
import { keep, rollBack, stagesIn, type Deployments } from "../../scripts/deliver/stages";

const policy = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: ["a", "b"] };

describe("A stage's policy", () => {
  it.each([
    ["is the same", policy(allow), policy(allow), undefined],
    ["is written in another order", policy(allow), policy({ ...allow, Resource: ["b", "a"] }), undefined],
    ["is a list of one", policy({ ...allow, Action: ["execute-api:Invoke"] }), policy(allow), undefined],
    ["is missing on both sides", undefined, undefined, undefined],
    ["lacks a Deny that was added since", policy(allow, { ...allow, Effect: "Deny" }), policy(allow), "older"],
    ["has a policy that was taken away since", undefined, policy(allow), "older"],
    ["is not told", policy(allow), undefined, "unknown"],
  ])("that %s", (_what, configured, served, expected) =>
    expect(staleStage("api", "dev", configured, served)?.result).toBe(expected),
  );
});

describe("The issue", () => {
  const clean: Drift = { environment: "dev", stacks: [{ name: "p-dev-api", changes: [] }], stages: [] };

  it("is not written where everything is as configured, or only unknown", () => {
    const unknown = { ...clean, stages: [{ api: "a", stage: "s", result: "unknown" as const, because: "?" }] };
    expect(driftIssue([clean, unknown])).toBeUndefined();
  });

  it("names what drifted, by address, and what the probe and the stages say", () => {
    const text = driftIssue([
      clean,
      {
        environment: "prod",
        stacks: [
          { name: "p-prod-api", changes: [{ address: "aws_api_gateway_rest_api_policy.p", action: "update" }] },
          { name: "p-prod-identity", changes: [], because: "no\nrole" },
        ],
        stages: [{ api: "api", stage: "prod", result: "older", because: "It serves another policy." }],
        probe: "DIFFERS  GET /orders as anonymous",
      },
    ]);
    for (const part of [
      DRIFT_MARKER,
      "## dev\n\nAs configured.",
      "- `p-prod-api`: 1 to change",
      "update: `aws_api_gateway_rest_api_policy.p`",
      "`p-prod-identity` could not be planned: no role",
      "stage `api/prod` is older",
      "DIFFERS  GET /orders as anonymous",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("is written where only an output differs: somebody else reads it", () =>
    expect(driftIssue([{ ...clean, stacks: [{ name: "p-dev-api", changes: [], outputs: true }] }])).toContain(
      "- `p-dev-api`: outputs alone",
    ));

  it("fits into an issue", () => {
    const changes = Array.from({ length: 49 }, (_, index) => ({
      address: "x".repeat(3000) + index,
      action: "update" as const,
    }));
    const text = driftIssue([{ ...clean, stacks: [{ name: "a", changes }] }]);
    expect(text?.length).toBeLessThan(65_536);
  });
});

describe("Rolling back", () => {
  const state = (deployment_id: string) => ({
    resources: [
      {
        type: "aws_api_gateway_rest_api",
        name: "a",
        instances: [
          { attributes: { id: "abc", name: "public-api", endpoint_configuration: [{ types: ["REGIONAL"] }] } },
        ],
      },
      {
        type: "aws_api_gateway_stage",
        name: "s",
        instances: [
          {
            attributes: { rest_api_id: "abc", stage_name: "dev", deployment_id, invoke_url: "https://abc.example/dev" },
          },
        ],
      },
    ],
  });
  const calls: string[] = [];
  const deployments: Deployments = {
    create: (api) => Promise.resolve(`kept-${api}`),
    use: (...given) => Promise.resolve(void calls.push(given.join(" "))),
    delete: () => Promise.resolve(),
  };

  it("points the stage at a snapshot taken before", async () => {
    const kept = await keep(stagesIn("stack", state("old")), deployments);
    await rollBack(kept, deployments);
    expect(calls).toEqual(["abc dev kept-abc"]);
  });

  it("is refused beforehand for a stage without a deployment", async () =>
    expect(keep(stagesIn("stack", state("")), deployments)).rejects.toThrow(
      "stack: aws_api_gateway_stage.s: The stage has no deployment",
    ));
});
