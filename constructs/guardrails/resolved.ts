import type { TerraformResource } from "cdktf";
import { DefaultTokenResolver, StringConcat, Tokenization } from "cdktf";

/** The attributes of a resource as they will stand in cdk.tf.json. */
export function attributesOf(resource: TerraformResource): Readonly<Record<string, unknown>> {
  const { terraformResourceType: type, friendlyUniqueId: id } = resource;
  const resolved = Tokenization.resolve(resource.toTerraform(), {
    scope: resource,
    resolver: new DefaultTokenResolver(new StringConcat()),
    preparing: false,
  }) as { resource: Record<string, Record<string, Record<string, unknown>>> };
  return resolved.resource[type]?.[id] ?? {};
}

/** Fails synthesis with the path of the construct in front of the message. */
export function refuseAt(resource: TerraformResource, message: string): void {
  resource.node.addValidation({ validate: () => [message] });
}
