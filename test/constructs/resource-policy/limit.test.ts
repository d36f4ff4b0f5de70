import { compileResourcePolicy, type PolicyRoute } from "../../../constructs/resource-policy/compile";
import { problemsOfLength } from "../../../constructs/resource-policy/limit";
import { sizeOnAws } from "../../../constructs/resource-policy/size";
import { iam, publicRoute } from "../../../constructs/routes/protection";
import { defineRoutes } from "../../../constructs/routes/route-table";

const rest = {
  stage: "dev",
  partition: "aws",
  region: "eu-west-1",
  accountId: "111111111111",
  partners: { acme: "222222222222" },
  network: { kind: "anywhere-but" as const, ranges: [] },
};
const open = publicRoute({ reason: "Anyone may know that the API is up." });
const manyRoutes = (count: number) =>
  defineRoutes(
    Array.from({ length: count }, (_, index) => ({
      verb: "GET" as const,
      path: `/resource-${String(index).padStart(3, "0")}`,
      protection: index === 0 ? open : iam({ partners: ["acme"] }),
      handler: "caller",
    })),
  );

/** With a reference in the place of the ARN, as at synthesis. */
const lengthOnAws = (routes: readonly PolicyRoute[]): number => {
  const input = { ...rest, routes, executionArn: "${aws_api_gateway_rest_api.api.execution_arn}" };
  return sizeOnAws(compileResourcePolicy(input), input);
};

describe("The length of a resource policy", () => {
  it("is counted with the ARNs AWS will put in place of references", () => {
    const { routes } = defineRoutes([{ verb: "GET", path: "/a", protection: open, handler: "caller" }]);
    const stored =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke",' +
      '"Resource":"arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/dev/GET/a"}]}';
    expect(lengthOnAws(routes)).toBe(stored.length);
  });

  it("may be 8,192 characters and not more", () => {
    const fits = Array.from({ length: 130 }, (_, index) => index + 1).filter(
      (count) => lengthOnAws(manyRoutes(count).routes) <= 8192,
    );
    const most = Math.max(...fits);
    expect(problemsOfLength({ ...rest, routes: manyRoutes(most).routes }, "api")).toEqual([]);
    expect(problemsOfLength({ ...rest, routes: manyRoutes(most + 1).routes }, "api")).toHaveLength(1);
  });

  it("over the limit is refused with what weighs most first", () => {
    const [problem] = problemsOfLength({ ...rest, routes: manyRoutes(200).routes }, "public-api");
    expect(problem?.where).toBe("public-api");
    expect(problem?.what).toMatch(
      /would have \d{5} characters; API Gateway takes 8192\. Heaviest: \d{5} characters for Allow arn:aws:iam::222222222222:root on 199 route\(s\)/,
    );
  });

  it("over the limit by the network's ranges says that they hold for the whole API", () => {
    const ranges = Array.from({ length: 600 }, (_, index) => `10.${Math.floor(index / 250)}.${index % 250}.0/24`);
    const network = { kind: "anywhere-but" as const, ranges };
    const [problem] = problemsOfLength({ ...rest, network, routes: manyRoutes(1).routes }, "public-api");
    expect(problem?.what).toContain("characters for Deny * from 600 ranges on the whole API;");
  });
});
