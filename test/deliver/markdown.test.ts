import { LONGEST_COMMENT, MARKER, pullRequestComment, type EnvironmentReport } from "../../scripts/deliver/markdown";
import type { ReviewedStack } from "../../scripts/deliver/review";

const stack = (more: Partial<ReviewedStack>): ReviewedStack => ({
  name: "p-dev-api",
  result: "planned",
  digest: "0123456789abcdef",
  changes: [],
  appliedByPeople: false,
  after: [],
  ...more,
});
const report = (more: Partial<EnvironmentReport> = {}): EnvironmentReport => ({
  environment: "dev",
  access: "Nobody gains access.",
  review: { environment: "dev", stacks: [stack({})] },
  texts: new Map(),
  ...more,
});

describe("The comment on a pull request", () => {
  it("can be found again", () => expect(pullRequestComment([report()])).toContain(MARKER));

  it("says access before plans, for each environment", () => {
    const comment = pullRequestComment([report(), report({ environment: "prod", access: "Somebody gains access." })]);
    const places = ["## dev", "Nobody gains", "| stack |", "## prod", "Somebody gains"].map((part) =>
      comment.indexOf(part),
    );
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it.each([
    ["a stack that stays as it is", stack({}), "no changes |"],
    [
      "a stack that waits",
      stack({ result: "waits", because: "identity is not\ndeployed | yet" }),
      "waits: identity is not deployed \\| yet",
    ],
    ["a stack that fails", stack({ result: "failed", because: "no" }), "**failed**: no"],
    ["a new resource", stack({ changes: [{ address: "a.b", action: "create" }] }), "1 to add (plan `0123456789ab`)"],
    ["a resource that goes", stack({ changes: [{ address: "a.b", action: "destroy" }] }), "⚠️ 1 to destroy"],
    [
      "what a person applies",
      stack({ appliedByPeople: true, changes: [{ address: "a.b", action: "create" }] }),
      "applied by a person: `npm run bootstrap`",
    ],
    [
      "a plan that depends on another",
      stack({ after: ["p-dev-identity"], changes: [{ address: "a.b", action: "create" }] }),
      "may differ once the stacks it reads from are deployed",
    ],
  ])("says of %s what it is", (_what, reviewed, expected) =>
    expect(pullRequestComment([report({ review: { environment: "dev", stacks: [reviewed] } })])).toContain(expected),
  );

  it("lists what is replaced or destroyed by its address", () => {
    const changes = [
      { address: "aws_cognito_user_pool.pool", action: "replace" },
      { address: "aws_s3_bucket.b", action: "destroy" },
      { address: "a.kept", action: "update" },
    ] as const;
    const comment = pullRequestComment([report({ review: { environment: "dev", stacks: [stack({ changes })] } })]);
    expect(comment).toContain("- ⚠️ replaced: `aws_cognito_user_pool.pool` in p-dev-api");
    expect(comment).toContain("- ⚠️ destroyed: `aws_s3_bucket.b` in p-dev-api");
    expect(comment).not.toContain("a.kept");
  });

  it("fits into a comment whatever it has to say, keeps what is dangerous, and closes what it opens", () => {
    const line = '  ~ resource "aws_api_gateway_method" `````` "x" {}\n';
    const changes = Array.from({ length: 2000 }, (_, index) => ({
      address: `aws_x.y${index}`,
      action: "destroy" as const,
    }));
    const reports = ["dev", "staging", "prod"].map((environment) =>
      report({
        environment,
        access: `FIRST\n<details><summary>more</summary>\n\n\`\`\`json\n${"{}\n".repeat(30_000)}\`\`\`\n</details>`,
        review: { environment, stacks: [stack({ changes }), stack({ name: "p-other" })] },
        texts: new Map([
          ["p-dev-api", line.repeat(20_000)],
          ["p-other", "short plan"],
        ]),
      }),
    );
    const comment = pullRequestComment(reports);
    expect(comment.length).toBeLessThanOrEqual(LONGEST_COMMENT);
    expect(comment.match(/FIRST/g)).toHaveLength(3);
    expect(comment.match(/⚠️ 2000 to destroy/g)).toHaveLength(3);
    expect(comment.match(/short plan/g)).toHaveLength(3);
    expect((comment.match(/<details>/g) ?? []).length).toBe((comment.match(/<\/details>/g) ?? []).length);
    expect(comment).toContain("… cut here");
  });

  it("lets nothing in a plan end its fence", () => {
    const comment = pullRequestComment([report({ texts: new Map([["p-dev-api", "a\n````\n# not a heading"]]) })]);
    expect(comment).toContain("\n`````\na\n````\n# not a heading\n`````\n");
  });

  it("says so where an environment was not planned", () =>
    expect(pullRequestComment([report({ review: undefined, access: undefined })])).toContain("dev was not planned"));
});
