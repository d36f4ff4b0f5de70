import { alphanumeric, standIn } from "../stand-in";
import { compose, generatedName, globalArn, same } from "./table";
import type { AttributeTable } from "./table";
import type { Resource } from "../resource";
import type { Value } from "../value";
import { toText, Unknown } from "../value";

const path = (resource: Resource): Value => resource.configured("path") ?? "/";

/** `AROA…`, `AIDA…`, `ANPA…`: four letters that say what it is, then upper-case letters and digits. */
const uniqueId =
  (prefix: string) =>
  (resource: Resource): Value =>
    prefix + standIn(resource.seed, 17, alphanumeric).toUpperCase();

function named(kind: string, prefix: string): AttributeTable {
  return {
    id: same("name"),
    name: (resource) => generatedName(resource, "name"),
    arn: (resource) => globalArn(resource, "iam", kind, path(resource), resource.attribute("name")),
    path,
    unique_id: uniqueId(prefix),
  };
}

function issuerHost(resource: Resource): Value {
  const url = resource.attribute("url");
  return url instanceof Unknown ? url : (toText(url) ?? "").replace(/^https:\/\//, "");
}

export const iam: Readonly<Record<string, AttributeTable>> = {
  aws_iam_role: named("role", "AROA"),
  aws_iam_user: named("user", "AIDA"),
  aws_iam_group: named("group", "AGPA"),
  aws_iam_instance_profile: named("instance-profile", "AIPA"),
  aws_iam_policy: {
    ...named("policy", "ANPA"),
    id: same("arn"),
    policy_id: uniqueId("ANPA"),
  },
  aws_iam_role_policy: {
    id: (policy) => compose(policy.attribute("role"), ":", policy.attribute("name")),
    name: (policy) => generatedName(policy, "name"),
  },
  aws_iam_openid_connect_provider: {
    id: same("arn"),
    arn: (provider) => globalArn(provider, "iam", "oidc-provider/", issuerHost(provider)),
  },
  aws_iam_saml_provider: {
    id: same("arn"),
    arn: (provider) => globalArn(provider, "iam", "saml-provider/", provider.attribute("name")),
  },
  aws_iam_service_linked_role: {
    arn: (role) =>
      globalArn(role, "iam", "role/aws-service-role/", role.attribute("aws_service_name"), "/", role.attribute("name")),
  },
};
