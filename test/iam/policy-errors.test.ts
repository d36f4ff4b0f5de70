import { compilePolicy, InvalidPolicyError } from "../../proof/iam";
import { problemsOf, SOURCE } from "./helpers";

const identity = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const policy = (Statement: unknown) => ({ Version: "2012-10-17", Statement });

describe("The error of a policy", () => {
  const broken = policy([
    identity,
    {
      Sid: "Broken",
      Effect: "allow",
      Action: "Invoke",
      Resource: "abc",
      Condition: { StringEqual: { SourceIp: "x" } },
    },
    7,
  ]);

  it("tells every problem at once, each with its statement and where the policy stands", () => {
    let error: unknown;
    try {
      compilePolicy(broken, { kind: "identity", source: SOURCE });
    } catch (thrown) {
      error = thrown;
    }
    if (!(error instanceof InvalidPolicyError)) throw new Error("the policy is accepted");
    const { problems } = error;
    expect(problems.map((problem) => problem.what.slice(0, 12))).toEqual([
      ...Array<string>(5).fill("statement 1 "),
      "statement 2 ",
    ]);
    for (const problem of problems.slice(0, 5)) expect(problem.what).toContain('(Sid "Broken")');
    expect(new Set(problems.map((problem) => problem.where))).toEqual(new Set([`${SOURCE.file}: ${SOURCE.address}`]));
    expect(error.message).toContain("Did you mean StringEquals?");
  });

  it("quotes no more of a statement than fits on a line, and no Sid where there is none", () => {
    const quoted = (Sid: unknown) =>
      problemsOf(policy({ Sid, Effect: "allow", Action: "s3:".padEnd(300, "x"), Resource: "*" }));
    const [, quote = ""] =
      /^statement 0 (\{"Sid":"","Effect":"allow","Action":"s3:x+\.\.\.): /.exec(quoted("")[0] ?? "") ?? [];
    expect(quote).toHaveLength(120);
    expect(quoted(undefined)[0]).toMatch(/^statement 0 \{"Effect"/);
    expect(quoted(7)[0]).toMatch(/^statement 0 \{"Sid":7/);
  });

  it("quotes what is just short enough whole", () => {
    const action = "x".repeat(118);
    expect(problemsOf(policy({ ...identity, Action: action }))[0]).toContain(`the action "${action}" is not valid`);
    expect(problemsOf(policy({ ...identity, Action: `${action}x` }))[0]).toContain(
      `the action "${action.slice(2)}... is`,
    );
  });

  it("survives documents nested too deep to print", () => {
    let deep: unknown = {};
    for (let i = 0; i < 50_000; i++) deep = [deep];
    expect(problemsOf(policy(deep))).toHaveLength(1);
    expect(problemsOf({ ...policy(identity), Id: deep })[0]).toContain("Id is a value nested too deep");
    expect(problemsOf(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)).toEqual(["the policy is nested too deep. "]);
  });

  it("names the first statement of a Sid, however many follow", () => {
    const Sid = "Same";
    const found = problemsOf(policy([identity, { ...identity, Sid }, { ...identity, Sid }, { ...identity, Sid }]));
    expect(found.map((problem) => problem.replace(/^.*: /, ""))).toEqual([
      expect.stringContaining("already that of statement 1."),
      expect.stringContaining("already that of statement 1."),
    ]);
  });

  it.each([
    ["main.tf.json", "aws_iam_policy.a", "main.tf.json: aws_iam_policy.a"],
    ["main.tf.json", "", "main.tf.json"],
    ["", "line 1", "line 1"],
  ])("tells file %j and address %j as far as they are known", (file, address, where) => {
    try {
      compilePolicy({}, { kind: "identity", source: { file, address } });
    } catch (error) {
      expect(error).toMatchObject({ name: "InvalidPolicyError", problems: [{ where }] });
      return;
    }
    throw new Error("the policy is accepted");
  });
});
