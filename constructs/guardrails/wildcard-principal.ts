import { TerraformResource, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { attributesOf, refuseAt } from "./resolved";

/** Attributes that hold a policy with principals, by resource type. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_api_gateway_rest_api: "policy",
  aws_api_gateway_rest_api_policy: "policy",
  aws_iam_role: "assume_role_policy",
  aws_kms_key: "policy",
  aws_kms_key_policy: "policy",
  aws_s3_bucket_policy: "policy",
  aws_secretsmanager_secret: "policy",
  aws_secretsmanager_secret_policy: "policy",
  aws_sns_topic: "policy",
  aws_sns_topic_policy: "policy",
  aws_sqs_queue_policy: "policy",
};

interface Statement {
  readonly Effect?: string;
  readonly Principal?: unknown;
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/**
 * Refuses an Allow for everyone without a condition.
 *
 * A REST API's policy is the exception, as long as it names a stage, a verb and a path: public and Cognito routes
 * need it. Policies written with `Fn.jsonencode` cannot be read here, so they are refused too.
 */
export class NobodyIsEveryone implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof TerraformResource)) return;
    const attribute = POLICIES[node.terraformResourceType];
    if (attribute === undefined) return;
    const text = attributesOf(node)[attribute];
    if (text === undefined) return;
    const statements = readStatements(text);
    if (statements === undefined) {
      refuseAt(node, `${attribute} is not JSON text, so it cannot be checked. Write it with JSON.stringify.`);
      return;
    }
    statements.forEach((statement, index) => {
      if (!allowsEveryone(statement)) return;
      if (node.terraformResourceType.startsWith("aws_api_gateway_rest_api") && namesItsRoutes(statement)) return;
      refuseAt(
        node,
        `statement ${index} of ${attribute} allows everyone without a condition: ${JSON.stringify(statement)}. ` +
          "Name the principals, or the condition they have to meet.",
      );
    });
  }
}

function readStatements(text: unknown): readonly Statement[] | undefined {
  try {
    const { Statement } = JSON.parse(String(text)) as { Statement?: Statement | readonly Statement[] };
    return Statement === undefined ? undefined : ([Statement].flat() as readonly Statement[]);
  } catch {
    return undefined;
  }
}

function allowsEveryone({ Effect, Principal, Condition }: Statement): boolean {
  const principals =
    typeof Principal === "object" && Principal !== null ? Object.values(Principal).flat() : [Principal];
  return Effect === "Allow" && principals.includes("*") && Object.keys(Condition ?? {}).length === 0;
}

/** `<execution ARN>/<stage>/<VERB>/<path>` without a wildcard for the stage. */
function namesItsRoutes({ Resource = [] }: Statement): boolean {
  const resources = [Resource].flat();
  return resources.length > 0 && resources.every((resource) => /\}\/[^/*]+\/([A-Z]+|\*)\//.test(resource));
}
