import { own } from "../json";
import type { Resource } from "../resource";
import type { Value } from "../value";
import { policyDocumentJson } from "./policy-document";

/** Data sources whose answer follows from the configuration. All others are read from AWS, so they are unknown. */
const sources: Readonly<Record<string, (data: Resource, name: string) => Value | undefined>> = {
  aws_caller_identity: ({ provider }, name) =>
    name === "account_id" || name === "id" ? provider.accountId : undefined,
  aws_region: ({ provider }, name) => {
    if (name === "name" || name === "id" || name === "region") return provider.region;
    return name === "endpoint" ? `ec2.${provider.region}.${provider.dnsSuffix}` : undefined;
  },
  aws_partition: ({ provider }, name) => {
    if (name === "partition" || name === "id") return provider.partition;
    if (name === "dns_suffix") return provider.dnsSuffix;
    return name === "reverse_dns_prefix" ? provider.dnsSuffix.split(".").reverse().join(".") : undefined;
  },
  aws_iam_policy_document: (data, name) => {
    if (name === "json") return policyDocumentJson(data, 2);
    return name === "minified_json" ? policyDocumentJson(data, 0) : undefined;
  },
};

export function dataSource(data: Resource, name: string): Value | undefined {
  return own(sources, data.type)?.(data, name);
}
