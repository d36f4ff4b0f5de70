import { cannotRun, runtimeProblems } from "../../proof/lambda/runtimes";
import { lambdaFunction } from "./zips";

describe("functions that cannot run here", () => {
  it.each(["nodejs18.x", "nodejs20.x", "nodejs22.x", "nodejs24.x"])("do not include those of %s", (runtime) => {
    expect(cannotRun(lambdaFunction("", { runtime }))).toBeUndefined();
    expect(runtimeProblems([lambdaFunction("", { runtime })])).toEqual([]);
  });

  it.each(["python3.13", "java21", "provided.al2023", "ruby3.4", ""])("include those of %s, by address", (runtime) => {
    const [problem] = runtimeProblems([lambdaFunction("", { runtime })]);
    expect(problem?.message).toContain(`'${runtime}'`);
    expect(problem).toMatchObject({ severity: "warning", source: { address: "aws_lambda_function.fn" } });
  });

  it("include those whose zip is nowhere, or not where the configuration says", () => {
    const { zipFile: _, ...elsewhere } = lambdaFunction("");
    expect(runtimeProblems([elsewhere])[0]?.message).toContain("not a zip file in this directory");
    expect(runtimeProblems([lambdaFunction("", { zipFile: "missing.zip" })])[0]?.message).toContain("missing.zip");
  });
});
