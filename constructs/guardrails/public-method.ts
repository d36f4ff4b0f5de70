import { ApiGatewayMethod } from "@cdktf/provider-aws/lib/api-gateway-method";
import type { IAspect } from "cdktf";
import type { IConstruct } from "constructs";

const REASON = "portcullis:public-because";

/** Records why a method may be called by anyone. */
export function explainPublicMethod(method: ApiGatewayMethod, reason: string): void {
  method.node.addMetadata(REASON, reason);
}

/** Refuses a method that anyone may call and nobody has explained. */
export class PublicMethodsAreExplained implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof ApiGatewayMethod) || node.authorizationInput !== "NONE") return;
    if (node.node.metadata.some(({ type }) => type === REASON)) return;
    node.node.addValidation({
      validate: () => [
        `authorization is NONE: anyone may call this method and no reason is written down. ` +
          `Protect it, or declare the route with publicRoute({ reason }).`,
      ],
    });
  }
}
