import { TerraformResource, type IAspect } from "cdktf";
import type { IConstruct } from "constructs";
import { attributesOf, refuseAt } from "./resolved";

/** Attributes that have to be set on what keeps data, by resource type. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  aws_cloudwatch_log_group: {
    retention_in_days: "it would keep everything for ever. Set a retention.",
    kms_key_id: "it is not encrypted with a key of ours. Give it the stack's key.",
  },
  aws_secretsmanager_secret: { kms_key_id: "it is not encrypted with a key of ours. Give it the stack's key." },
  aws_sns_topic: { kms_master_key_id: "it is not encrypted with a key of ours. Give it the stack's key." },
  aws_dynamodb_table: { server_side_encryption: "it is not encrypted with a key of ours. Give it the stack's key." },
};

/** Refuses logs, secrets, topics and tables without a key of ours, and logs that are never deleted. */
export class KeptDataIsEncrypted implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof TerraformResource)) return;
    const required = REQUIRED[node.terraformResourceType];
    if (required === undefined) return;
    const attributes = attributesOf(node);
    for (const [attribute, why] of Object.entries(required)) {
      if (attributes[attribute] === undefined) refuseAt(node, `${attribute} is missing: ${why}`);
    }
  }
}
