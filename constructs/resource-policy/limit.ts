import type { Problem } from "../problems";
import { compileResourcePolicy, type PolicyInput } from "./compile";
import type { ResourcePolicy, Statement } from "./document";
import { RESOURCE_POLICY_LIMIT, sampleExecutionArn, sizeOnAws } from "./size";

const HEAVIEST = 5;

/** The problem of a policy over the limit, naming the statements and routes that weigh most; none within it. */
export function problemsOfLength(api: Omit<PolicyInput, "executionArn">, where: string): Problem[] {
  const input = { ...api, executionArn: sampleExecutionArn(api) };
  const policy = compileResourcePolicy(input);
  const length = sizeOnAws(policy, input);
  if (length <= RESOURCE_POLICY_LIMIT) return [];
  return [
    {
      where,
      what: `the resource policy would have ${length} characters; API Gateway takes ${RESOURCE_POLICY_LIMIT}. Heaviest: ${heaviest(policy).join("; ")}.`,
      next: "Put routes with the same callers below one path of their own, name an organization instead of its accounts, or split the API.",
    },
  ];
}

function heaviest(policy: ResourcePolicy): string[] {
  return policy.Statement.map((statement) => ({ statement, size: JSON.stringify(statement).length }))
    .sort((a, b) => b.size - a.size)
    .slice(0, HEAVIEST)
    .map(({ statement, size }) => `${size} characters for ${describe(statement)}`);
}

function describe(statement: Statement): string {
  const resources = typeof statement.Resource === "string" ? [statement.Resource] : statement.Resource;
  const longest = [...resources].sort((a, b) => b.length - a.length)[0] ?? "";
  const route = longest.split("/").slice(2).join("/");
  const aws = statement.Principal === "*" ? "*" : statement.Principal.AWS;
  const principals = typeof aws === "string" ? aws : `${aws.length} principals`;
  const ranges = statement.Condition?.["IpAddress"]?.["aws:SourceIp"];
  const condition = Array.isArray(ranges) ? ` from ${ranges.length} ranges` : "";
  const on = route === "" ? "the whole API" : `${resources.length} route(s), the longest ${route}`;
  return `${statement.Effect} ${principals}${condition} on ${on}`;
}
