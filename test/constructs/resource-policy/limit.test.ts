import { lengthOnAws, problemsOfLength } from "../../../constructs/resource-policy/limit";
import { iam, publicRoute } from "../../../constructs/routes/protection";
import { defineRoutes } from "../../../constructs/routes/route-table";

const rest = {
  stage: "dev",
  partition: "aws",
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

describe("The length of a resource policy", () => {
  it("is counted with the ARNs AWS will put in place of references", () => {
    const { routes } = defineRoutes([{ verb: "GET", path: "/a", protection: open, handler: "caller" }]);
    const stored =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"execute-api:Invoke",' +
      '"Resource":"arn:aws:execute-api:eu-west-1:111111111111:abcdefghij/dev/GET/a"}]}';
    expect(lengthOnAws({ ...rest, routes }, "eu-west-1")).toBe(stored.length);
  });

  it("may be 8,192 characters and not more", () => {
    const fits = Array.from({ length: 130 }, (_, index) => index + 1).filter(
      (count) => lengthOnAws({ ...rest, routes: manyRoutes(count).routes }, "eu-west-1") <= 8192,
    );
    const most = Math.max(...fits);
    expect(problemsOfLength({ ...rest, routes: manyRoutes(most).routes }, "eu-west-1", "api")).toEqual([]);
    expect(problemsOfLength({ ...rest, routes: manyRoutes(most + 1).routes }, "eu-west-1", "api")).toHaveLength(1);
  });

  it("over the limit is refused with what weighs most first", () => {
    const [problem] = problemsOfLength({ ...rest, routes: manyRoutes(200).routes }, "eu-west-1", "public-api");
    expect(problem?.where).toBe("public-api");
    expect(problem?.what).toMatch(
      /would have \d{5} characters; API Gateway takes 8192\. Heaviest: \d{5} characters for Allow arn:aws:iam::222222222222:root on 199 route\(s\)/,
    );
  });
});
