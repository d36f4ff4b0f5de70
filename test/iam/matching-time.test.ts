import { compilePolicy, contextKeys, reducePolicies } from "../../proof/iam";
import { parsePattern, patternMatches } from "../../proof/iam/pattern";
import { ANONYMOUS, SOURCE } from "./helpers";

describe("No pattern makes matching slow", () => {
  /** Time of the processor, which other work on the machine does not lengthen. */
  const processorMs = () => process.cpuUsage().user / 1_000;
  const path = "a".repeat(100_000);
  it.each([
    ["1,000 stars that all but match", `${"*a".repeat(1_000)}*b*`],
    ["1,000 stars that match", `${"*a".repeat(1_000)}*`],
    ["1,000 stars with a tail that does not match", `${"*a".repeat(1_000)}*b`],
    ["a long piece that almost stands everywhere", `*${"a".repeat(1_000)}b*`],
    ["a piece of any characters", `*${"?".repeat(1_000)}b*`],
    ["stars and any characters in turn", `${"*?".repeat(1_000)}*b*`],
    ["more stars than characters", "*".repeat(200_000)],
  ])("%s", (_what, pattern) => {
    const start = processorMs();
    patternMatches(parsePattern(pattern, { wildcards: true, variables: false }), path, new Map());
    expect(processorMs() - start).toBeLessThan(1_000);
  });

  it("40 stars against a path of 1,500 characters take less than a millisecond", () => {
    const pattern = parsePattern(`${"*a".repeat(39)}*b*`, { wildcards: true, variables: false });
    const text = "a".repeat(1_500);
    const start = processorMs();
    for (let i = 0; i < 100; i++) patternMatches(pattern, text, new Map());
    expect((processorMs() - start) / 100).toBeLessThan(1);
  });

  /** What an API's resource policy may hold (API Gateway quotas), and a text as long. */
  const LIMIT = 8_192;
  const ARN = "arn:aws:execute-api:us-east-1:111111111111:a/";
  const text = "a".repeat(LIMIT);
  const statement = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
  const ofResource = (Resource: unknown) => ({ ...statement, Resource });
  const ofCondition = (value: unknown) => ({ ...statement, Condition: { StringLike: { "aws:UserAgent": value } } });
  const document = (Statement: unknown) => JSON.stringify({ Version: "2012-10-17", Statement });

  const like = (count: number, value: string) => ofCondition(Array<string>(count).fill(value));
  it.each<[string, (count: number) => unknown, number]>([
    ["one piece that all but stands everywhere", (n) => ofResource(`${ARN}*?${"a".repeat(n)}b*`), 1],
    ["one of half that length", (n) => ofResource(`${ARN}*?${"a".repeat(n)}b*`), 0.5],
    ["its ? at the end", (n) => ofResource(`${ARN}*${"a".repeat(n)}?b*`), 0.5],
    ["? and letters in turn", (n) => ofResource(`${ARN}*${"?a".repeat(n)}b*`), 0.5],
    ["a piece without ?", (n) => ofResource(`${ARN}*${"a".repeat(20)}b${"a".repeat(n)}*`), 0.5],
    ["stars before every letter", (n) => ofResource(`${ARN}${"*a".repeat(n)}*b*`), 1],
    ["stars before every ?", (n) => ofResource(`${ARN}${"*?".repeat(n)}*b*`), 1],
    ["a piece of different characters", (n) => ofResource(`${ARN}*?${differing(n)}*`), 1],
    ["as many patterns as there is room for", (n) => like(n, "*?b*"), 1],
    ["patterns of 36 characters", (n) => like(n, `*?${"a".repeat(32)}b*`), 1],
    ["a variable in each", (n) => like(n, "*?${aws:username}*"), 1],
  ])("the worst policy of 8,192 characters takes less than half a second: %s", (_what, build, share) => {
    const policy = compilePolicy(document(build(mostOf(build) * share)), { kind: "resource", source: SOURCE });
    const context = contextKeys({ "aws:UserAgent": text, "aws:username": "b" });
    const resource = `${ARN}${text}`.slice(0, LIMIT);
    const request = { principal: ANONYMOUS, action: "execute-api:Invoke", resource, context };
    const start = processorMs();
    expect(reducePolicies([policy], request).verdict).toBe("NEITHER");
    expect(processorMs() - start).toBeLessThan(500);
  });

  /** As many as a policy has room for, or one less, for an even number. */
  function mostOf(build: (count: number) => unknown): number {
    let count = 0;
    for (let step = LIMIT / 2; step > 1; step /= 2) if (document(build(count + step)).length <= LIMIT) count += step;
    return count;
  }

  function differing(count: number): string {
    return Array.from({ length: count }, (_, i) => String.fromCharCode(0x100 + i)).join("");
  }
});
