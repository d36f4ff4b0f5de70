/** One statement of an API Gateway resource policy, in the members IAM defines. */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal: "*" | { readonly AWS: string | readonly string[] };
  readonly Action: "execute-api:Invoke";
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface ResourcePolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/**
 * A list as API Gateway stores it: one element becomes a plain string. Written otherwise, every Terraform plan
 * would show the difference.
 */
export function asStored(list: readonly string[]): string | readonly string[] {
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : list;
}
