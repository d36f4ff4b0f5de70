import type { Resource } from "../resource";
import { standIn, lowerAlphanumeric } from "../stand-in";
import { toText, Unknown } from "../value";
import type { Value } from "../value";

/** How each computed attribute of one resource type follows from the resource. */
export type AttributeTable = Readonly<Record<string, (resource: Resource) => Value>>;

/** Text put together from values; the first unknown one makes the whole unknown. */
export function compose(...parts: readonly Value[]): Value {
  let text = "";
  for (const part of parts) {
    if (part instanceof Unknown) return part;
    text += toText(part) ?? "";
  }
  return text;
}

/** `arn:<partition>:<service>:<region>:<account>:<rest>` in the resource's own account and region. */
export function regionalArn(resource: Resource, service: string, ...rest: readonly Value[]): Value {
  const { partition, region, accountId } = resource.provider;
  return compose(`arn:${partition}:${service}:${region}:${accountId}:`, ...rest);
}

/** An ARN without a region, such as IAM's. */
export function globalArn(resource: Resource, service: string, ...rest: readonly Value[]): Value {
  const { partition, accountId } = resource.provider;
  return compose(`arn:${partition}:${service}::${accountId}:`, ...rest);
}

/** Ten lower-case letters and digits, as API Gateway's ids are. */
export const gatewayId = (resource: Resource): string => standIn(resource.seed, 10, lowerAlphanumeric);

/** A name that the provider makes up where the configuration gives none, or only a prefix. */
export function generatedName(resource: Resource, attribute: string): Value {
  const prefix = resource.configured(`${attribute}_prefix`) ?? "terraform-";
  return compose(prefix, standIn(resource.seed, 26, "0123456789"));
}

/** Attributes that repeat another one. */
export const same =
  (attribute: string): ((resource: Resource) => Value) =>
  (resource) =>
    resource.attribute(attribute);
