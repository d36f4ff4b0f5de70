import { alphanumeric, hexadecimal, standIn, standInUuid } from "../stand-in";
import type { Resource } from "../resource";
import type { Value } from "../value";
import { compose, generatedName, regionalArn, same } from "./table";
import type { AttributeTable } from "./table";

/** `vpc-0123456789abcdef0`: a prefix and seventeen hexadecimal digits. */
const ec2Id =
  (prefix: string) =>
  (resource: Resource): Value =>
    `${prefix}-0${standIn(resource.seed, 16, hexadecimal)}`;

function ec2(prefix: string, arnType: string): AttributeTable {
  return {
    id: ec2Id(prefix),
    arn: (resource) => regionalArn(resource, "ec2", `${arnType}/`, resource.attribute("id")),
  };
}

/** Types whose id is their name and whose ARN ends in it. */
function byName(service: string, attribute: string, resourcePart: string): AttributeTable {
  return {
    id: same(attribute),
    [attribute]: (resource) => generatedName(resource, attribute),
    arn: (resource) => regionalArn(resource, service, resourcePart, resource.attribute(attribute)),
  };
}

const bucketDomain = (bucket: Resource, infix: string): Value =>
  compose(bucket.attribute("bucket"), `.s3${infix}.${bucket.provider.dnsSuffix}`);

export const other: Readonly<Record<string, AttributeTable>> = {
  aws_vpc: { ...ec2("vpc", "vpc"), default_security_group_id: ec2Id("sg"), main_route_table_id: ec2Id("rtb") },
  aws_subnet: ec2("subnet", "subnet"),
  aws_security_group: ec2("sg", "security-group"),
  aws_route_table: ec2("rtb", "route-table"),
  aws_internet_gateway: ec2("igw", "internet-gateway"),
  aws_nat_gateway: { id: ec2Id("nat") },
  aws_vpc_endpoint: ec2("vpce", "vpc-endpoint"),
  aws_cloudwatch_log_group: byName("logs", "name", "log-group:"),
  aws_dynamodb_table: byName("dynamodb", "name", "table/"),
  aws_secretsmanager_secret: {
    id: same("arn"),
    name: (secret) => generatedName(secret, "name"),
    // Secrets Manager adds a hyphen and six characters to the name.
    arn: (secret) =>
      regionalArn(
        secret,
        "secretsmanager",
        "secret:",
        secret.attribute("name"),
        "-",
        standIn(secret.seed, 6, alphanumeric),
      ),
  },
  aws_secretsmanager_secret_version: {
    id: (version) => compose(version.attribute("secret_id"), "|", version.attribute("version_id")),
    arn: same("secret_id"),
    version_id: (version) => standInUuid(version.seed),
  },
  aws_ssm_parameter: {
    id: same("name"),
    arn: (parameter) => {
      const name = parameter.attribute("name");
      return regionalArn(
        parameter,
        "ssm",
        typeof name === "string" && name.startsWith("/") ? "parameter" : "parameter/",
        name,
      );
    },
  },
  aws_kms_key: {
    id: same("key_id"),
    key_id: (key) => standInUuid(key.seed),
    arn: (key) => regionalArn(key, "kms", "key/", key.attribute("key_id")),
  },
  aws_kms_alias: {
    id: same("name"),
    arn: (alias) => regionalArn(alias, "kms", alias.attribute("name")),
    target_key_arn: same("target_key_id"),
  },
  aws_sns_topic: { ...byName("sns", "name", ""), id: same("arn") },
  aws_sqs_queue: {
    name: (queue) => generatedName(queue, "name"),
    arn: (queue) => regionalArn(queue, "sqs", queue.attribute("name")),
    id: same("url"),
    url: (queue) =>
      compose(
        `https://sqs.${queue.provider.region}.${queue.provider.dnsSuffix}/${queue.provider.accountId}/`,
        queue.attribute("name"),
      ),
  },
  aws_s3_bucket: {
    id: same("bucket"),
    bucket: (bucket) => generatedName(bucket, "bucket"),
    arn: (bucket) => compose(`arn:${bucket.provider.partition}:s3:::`, bucket.attribute("bucket")),
    bucket_domain_name: (bucket) => bucketDomain(bucket, ""),
    bucket_regional_domain_name: (bucket) => bucketDomain(bucket, `.${bucket.provider.region}`),
  },
  aws_sfn_state_machine: {
    id: same("arn"),
    name: (machine) => generatedName(machine, "name"),
    arn: (machine) => regionalArn(machine, "states", "stateMachine:", machine.attribute("name")),
  },
  aws_acm_certificate: {
    id: same("arn"),
    arn: (certificate) => regionalArn(certificate, "acm", "certificate/", standInUuid(certificate.seed)),
  },
  aws_wafv2_web_acl: {
    id: (acl) => standInUuid(acl.seed),
    arn: (acl) => regionalArn(acl, "wafv2", "regional/webacl/", acl.attribute("name"), "/", acl.attribute("id")),
  },
  random_id: { hex: (id) => standIn(id.seed, 8, hexadecimal) },
};
