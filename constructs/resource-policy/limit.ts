import type { Problem } from "../problems";
import { compileResourcePolicy, type PolicyInput } from "./compile";
import type { ResourcePolicy, Statement } from "./document";

/** Characters of a resource policy. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
export const RESOURCE_POLICY_LIMIT = 8192;
const HEAVIEST = 5;

/**
 * The length the policy will have on AWS, which the synthesized JSON does not show: there the execution ARN is a
 * reference. API ids have ten characters.
 */
export function lengthOnAws(input: Omit<PolicyInput, "executionArn">, region: string): number {
  return JSON.stringify(compileWithSample(input, region)).length;
}

/** The problem of a policy over the limit, naming the statements and routes that weigh most; none within it. */
export function problemsOfLength(input: Omit<PolicyInput, "executionArn">, region: string, where: string): Problem[] {
  const policy = compileWithSample(input, region);
  const length = JSON.stringify(policy).length;
  if (length <= RESOURCE_POLICY_LIMIT) return [];
  return [
    {
      where,
      what: `the resource policy would have ${length} characters; API Gateway takes ${RESOURCE_POLICY_LIMIT}. Heaviest: ${heaviest(policy).join("; ")}.`,
      next: "Put routes with the same callers under one greedy path, name an organization instead of its accounts, or split the API.",
    },
  ];
}

/** An execution ARN as long as the real one. API ids have ten characters. */
export function sampleExecutionArn(api: {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
}): string {
  return `arn:${api.partition}:execute-api:${api.region}:${api.accountId}:abcdefghij`;
}

function compileWithSample(input: Omit<PolicyInput, "executionArn">, region: string): ResourcePolicy {
  const executionArn = sampleExecutionArn({ ...input, region });
  return compileResourcePolicy({ ...input, executionArn });
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
  return `${statement.Effect} ${principals}${condition} on ${resources.length} route(s), the longest ${route}`;
}
