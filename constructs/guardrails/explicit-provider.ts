import { TerraformResource, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { refuseAt } from "./resolved";

/**
 * Refuses a resource that names no provider. Where a stack has only an aliased provider, Terraform would make an
 * unconfigured default one for it, with whatever credentials are lying around: the resource would land in the wrong
 * account.
 */
export class ProviderIsExplicit implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof TerraformResource) || !node.terraformResourceType.startsWith("aws_")) return;
    if (node.provider === undefined) {
      refuseAt(node, "no provider is named, so the account it lands in is left to chance. Pass the stack's provider.");
    }
  }
}
