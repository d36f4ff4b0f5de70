import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import { invokePolicy } from "./promised-routes";

export interface OwnAccountPolicyProps {
  readonly provider: AwsProvider;
  readonly name: string;
  readonly resources: readonly string[];
}

/**
 * What callers of the API's own account need: a policy to attach to their role. Nothing else admits them, because the
 * resource policy is silent about the own account.
 */
export class OwnAccountPolicy extends Construct {
  readonly policy: IamPolicy;

  constructor(scope: Construct, id: string, props: OwnAccountPolicyProps) {
    super(scope, id);
    this.policy = new IamPolicy(this, "policy", {
      provider: props.provider,
      name: props.name,
      description: "Call the routes that are open to roles of this account",
      policy: invokePolicy(props.resources),
    });
  }
}
