/**
 * AWS global condition context keys (IAM User Guide, page of that name), in AWS's spelling. A key that begins with `aws:`
 * and is not here is a mistake: IAM Access Analyzer calls it an error, and a Deny under it would never take effect.
 */
const GLOBAL_KEYS = [
  "aws:AssumedRoot",
  "aws:CalledVia",
  "aws:CalledViaAWSMCP",
  "aws:CalledViaFirst",
  "aws:CalledViaLast",
  "aws:ChatbotSourceArn",
  "aws:CurrentTime",
  "aws:Ec2InstanceSourcePrivateIPv4",
  "aws:Ec2InstanceSourceVpc",
  "aws:EpochTime",
  "aws:FederatedProvider",
  "aws:IsMcpServiceAction",
  "aws:MultiFactorAuthAge",
  "aws:MultiFactorAuthPresent",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalIsAWSService",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:PrincipalServiceName",
  "aws:PrincipalServiceNamesList",
  "aws:PrincipalType",
  "aws:Referer",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:ResourceOrgID",
  "aws:ResourceOrgPaths",
  "aws:SecureTransport",
  "aws:SignInSessionArn",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceIdentity",
  "aws:SourceIp",
  "aws:SourceOrgID",
  "aws:SourceOrgPaths",
  "aws:SourceVpc",
  "aws:SourceVpcArn",
  "aws:SourceVpce",
  "aws:TagKeys",
  "aws:TokenIssueTime",
  "aws:UserAgent",
  "aws:userid",
  "aws:username",
  "aws:ViaAWSMCPService",
  "aws:ViaAWSService",
  "aws:VpceAccount",
  "aws:VpceOrgID",
  "aws:VpceOrgPaths",
  "aws:VpcSourceIp",
] as const;

/** Keys that are completed by a name: `aws:PrincipalTag/team`. */
const GLOBAL_TAG_KEYS = ["aws:PrincipalTag", "aws:RequestTag", "aws:ResourceTag"] as const;

const known = new Set(GLOBAL_KEYS.map((key) => key.toLowerCase()));
const knownTags = new Set(GLOBAL_TAG_KEYS.map((key) => key.toLowerCase()));

/** A service prefix (`s3`), or the host and path of an identity provider (`oidc.example.com/id/1`). */
const NAMESPACE = /^[a-z0-9][a-z0-9.-]*(\/[^:]*)?$/;

/** What is wrong with the name of a condition key, or undefined. Names are case-insensitive. */
export function conditionKeyProblem(key: string): string | undefined {
  const lower = key.toLowerCase();
  const colon = lower.indexOf(":");
  if (colon < 0) return `the condition key ${JSON.stringify(key)} has no namespace${suggestion(lower)}`;
  const [namespace, name] = [lower.slice(0, colon), lower.slice(colon + 1)];
  if (!NAMESPACE.test(namespace) || name === "" || name.trim() !== name || name.startsWith("/")) {
    return `${JSON.stringify(key)} is no condition key: they are written namespace:name.`;
  }
  if (namespace !== "aws" || known.has(lower)) return undefined;
  const slash = lower.indexOf("/");
  if (slash > 0 && slash < lower.length - 1 && knownTags.has(lower.slice(0, slash))) return undefined;
  return `there is no global condition key ${JSON.stringify(key)}${suggestion(name)}`;
}

function suggestion(name: string): string {
  const near = [...GLOBAL_KEYS, ...GLOBAL_TAG_KEYS.map((key) => `${key}/…`)].find((key) => {
    const candidate = key.toLowerCase().slice("aws:".length);
    return candidate.startsWith(name) || name.startsWith(candidate.replace("/…", ""));
  });
  return near === undefined ? "." : `; did you mean ${near}?`;
}
