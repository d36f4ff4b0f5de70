import { createHash } from "node:crypto";
import { ApiGatewayDeployment } from "@cdktf/provider-aws/lib/api-gateway-deployment";
import type { ApiGatewayRestApi } from "@cdktf/provider-aws/lib/api-gateway-rest-api";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Lazy, TerraformResource, type IResolveContext } from "cdktf";
import { Construct, type IConstruct } from "constructs";

/** The resource types a deployment freezes. https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html */
const FROZEN = new Set(
  [
    "rest_api",
    "rest_api_policy",
    "resource",
    "method",
    "method_response",
    "integration",
    "integration_response",
    "authorizer",
    "gateway_response",
    "model",
    "request_validator",
  ].map((type) => `aws_api_gateway_${type}`),
);

export interface DeploymentProps {
  readonly provider: AwsProvider;
  readonly api: ApiGatewayRestApi;
  /** The construct under which every part of the API stands. */
  readonly parts: Construct;
  /** Sends a part of the traffic to the newest snapshot; the rest stays on the one released under this label. */
  readonly canary?: Canary | undefined;
}

/**
 * A release in two steps. While it is set, the stage serves the snapshot taken when `stable` last changed, and the
 * newest one takes `percent` of the traffic. Promote by giving `stable` another value; finish by removing the canary.
 */
export interface Canary {
  readonly stable: string;
  /** 0 to 100. */
  readonly percent: number;
}

/** What a stage serves. */
export interface Release {
  readonly live: ApiGatewayDeployment;
  readonly canary?: { readonly deployment: ApiGatewayDeployment; readonly percent: number };
}

/**
 * A snapshot of the API. Terraform takes a new one when and only when something in it changes, told by two hashes:
 *
 * - `configuration`: every frozen part as synthesized, in full. Moves with an edit of a TTL, scope, policy, path.
 * - `values`: what the references in those parts stand for, hashed by Terraform. Moves with a replaced pool or
 *   function, which changes no text; does not move with a function's code.
 *
 * Every part, the resource policy included, stands in `depends_on`: otherwise the snapshot may be taken before the
 * policy is in place, and the stage would run without it
 * (https://github.com/hashicorp/terraform-provider-aws/issues/20811).
 */
export class Deployment extends Construct {
  readonly release: Release;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    super(scope, id);
    const parts = frozenParts(props.parts);
    let text: string | undefined;
    // CDKTF resolves once to find references between stacks, before aspects have run, and once to write; the parts
    // carry those references themselves, so only the second time counts, and is worked out once.
    const frozen = (context: IResolveContext): string =>
      context.preparing ? "" : (text ??= JSON.stringify(parts.map((part) => configurationOf(context, part))));
    const snapshot = (name: string, triggers: { [key: string]: string }): ApiGatewayDeployment =>
      new ApiGatewayDeployment(this, name, {
        provider: props.provider,
        restApiId: props.api.id,
        dependsOn: parts.filter((part) => part !== props.api),
        triggers,
        // The stage points at the old snapshot until the new one exists.
        lifecycle: { createBeforeDestroy: true },
      });
    const newest = snapshot("deployment", {
      configuration: Lazy.stringValue({
        produce: (context) => createHash("sha256").update(frozen(context)).digest("hex"),
      }),
      values: Lazy.stringValue({ produce: (context) => hashOfValues(frozen(context), parts) }),
    });
    const { canary } = props;
    this.release =
      canary === undefined
        ? { live: newest }
        : {
            live: snapshot("stable", { release: canary.stable }),
            canary: { deployment: newest, percent: canary.percent },
          };
    this.node.addValidation({
      validate: () =>
        frozenParts(props.parts)
          .filter((part) => !parts.includes(part))
          .map((part) => `${part.node.path} was added after the deployment, which would freeze the API without it.`),
    });
  }
}

/** In an order that the order of the route table does not change. */
function frozenParts(root: IConstruct): TerraformResource[] {
  return root.node
    .findAll()
    .filter((node): node is TerraformResource => node instanceof TerraformResource)
    .filter(({ terraformResourceType }) => FROZEN.has(terraformResourceType))
    .sort((a, b) => (a.node.path < b.node.path ? -1 : 1));
}

/** The part as it will stand in cdk.tf.json, without the construct metadata. */
function configurationOf(context: IResolveContext, part: TerraformResource): unknown {
  const { terraformResourceType: type, friendlyUniqueId: id } = part;
  const { resource } = context.resolve(part.toTerraform()) as {
    resource: Record<string, Record<string, Record<string, unknown>>>;
  };
  const { "//": _metadata, ...attributes } = resource[type]?.[id] ?? {};
  return [type, id, attributes];
}

/**
 * `${sha256(jsonencode([…]))}` over every reference in the parts, except those between the parts themselves: their
 * text is in the other hash, and ids of new resources would only lengthen the expression.
 */
function hashOfValues(resolved: string, parts: readonly TerraformResource[]): string {
  const own = new Set(parts.map((part) => `${part.terraformResourceType}.${part.friendlyUniqueId}`));
  const references = [...resolved.matchAll(/\$\{((?:data\.)?[a-z0-9_]+\.[^}]+)\}/g)]
    .map(([, reference = ""]) => reference.replaceAll('\\"', '"'))
    .filter((reference) => !own.has(reference.split(".").slice(0, 2).join(".")));
  const distinct = [...new Set(references)].sort();
  return `\${sha256(jsonencode([${distinct.join(", ")}]))}`;
}
