import { TerraformResource, TerraformStack, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { attributesOf, refuseAt } from "./resolved";

/** Where a service is told to invoke a function. */
const INVOKERS: Readonly<Record<string, string>> = {
  aws_api_gateway_integration: "uri",
  aws_api_gateway_authorizer: "authorizer_uri",
  aws_cognito_user_pool: "lambda_config",
};

/**
 * Refuses a permission for a service that names no source: the service acts for all of its customers, so anyone's API
 * could invoke the function ("confused deputy").
 */
export class PermissionsNameTheirSource implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof TerraformResource) || node.terraformResourceType !== "aws_lambda_permission") return;
    const { principal, source_arn: source } = attributesOf(node);
    if (String(principal).endsWith(".amazonaws.com") && source === undefined) {
      refuseAt(node, `${String(principal)} may invoke the function for any of its customers. Name the source_arn.`);
    }
  }
}

/** Refuses a function that API Gateway or Cognito is told to invoke and may not: every call would be a 500. */
export class InvokedFunctionsPermitIt implements IAspect {
  visit(node: IConstruct): void {
    if (!TerraformStack.isStack(node)) return;
    const resources = node.node
      .findAll()
      .filter((child): child is TerraformResource => child instanceof TerraformResource);
    const permitted = new Set(
      resources
        .filter(({ terraformResourceType }) => terraformResourceType === "aws_lambda_permission")
        .flatMap((permission) => functionsIn(attributesOf(permission)["function_name"])),
    );
    for (const resource of resources) {
      const attribute = INVOKERS[resource.terraformResourceType];
      if (attribute === undefined) continue;
      for (const name of functionsIn(attributesOf(resource)[attribute])) {
        if (permitted.has(name)) continue;
        refuseAt(resource, `${attribute} invokes ${name}, which has no aws_lambda_permission in this stack. Add one.`);
      }
    }
  }
}

/** Addresses of the functions a value refers to. */
function functionsIn(value: unknown): string[] {
  return [...(JSON.stringify(value) ?? "").matchAll(/aws_lambda_function\.[A-Za-z0-9_-]+/g)].map(
    ([address]) => address,
  );
}
