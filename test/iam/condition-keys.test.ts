import { problemsOf } from "./helpers";

const GLOBAL = "AWS global condition context keys";

const problems = (key: string) =>
  problemsOf({
    Version: "2012-10-17",
    Statement: { Effect: "Deny", Action: "*", Resource: "*", Condition: { StringLike: { [key]: "x" } } },
  });

/** The page names them; the ones that end in a slash are completed by the name of a tag. */
const AWS_KEYS = `
  AssumedRoot CalledVia CalledViaAWSMCP CalledViaFirst CalledViaLast ChatbotSourceArn CurrentTime
  Ec2InstanceSourcePrivateIPv4 Ec2InstanceSourceVpc EpochTime FederatedProvider IsMcpServiceAction MultiFactorAuthAge
  MultiFactorAuthPresent PrincipalAccount PrincipalArn PrincipalIsAWSService PrincipalOrgID PrincipalOrgPaths
  PrincipalServiceName PrincipalServiceNamesList PrincipalTag/ PrincipalType Referer RequestedRegion RequestTag/
  ResourceAccount ResourceOrgID ResourceOrgPaths ResourceTag/ SecureTransport SignInSessionArn SourceAccount SourceArn
  SourceIdentity SourceIp SourceOrgID SourceOrgPaths SourceVpc SourceVpcArn SourceVpce TagKeys TokenIssueTime UserAgent
  userid username ViaAWSMCPService ViaAWSService VpceAccount VpceOrgID VpceOrgPaths VpcSourceIp`
  .trim()
  .split(/\s+/)
  .map((name) => `aws:${name}`);

describe("A condition key is read", () => {
  it.each(AWS_KEYS)(`%s, in any case (${GLOBAL})`, (written) => {
    const key = written.endsWith("/") ? `${written}team` : written;
    for (const spelt of [key, key.toLowerCase(), key.toUpperCase()]) expect(problems(spelt)).toEqual([]);
  });

  it.each([
    ["s3:prefix", "a service's own key"],
    ["ec2:Vpc", "a service's own key"],
    ["sts:ExternalId", "a service's own key"],
    ["s3:RequestObjectTag/a:b", "what is behind the colon may hold others"],
    ["aws:RequestTag/a:b c/d", "tag keys may hold colons, spaces and slashes"],
    ["accounts.google.com:aud", "Available keys for AWS OIDC federation"],
    ["oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub", "Available keys for AWS OIDC federation"],
  ])("%s (%s)", (key) => {
    expect(problems(key)).toEqual([]);
  });
});

describe("A condition key is refused", () => {
  const none = "no condition key";
  it.each([
    ["", "has no namespace"],
    ["SourceIp", "has no namespace; did you mean aws:SourceIp?"],
    ["tagk", "has no namespace; did you mean aws:TagKeys?"],
    ["prefix", 'the condition key "prefix" has no namespace.'],
    ["aws:SourceIpAddress", "no global condition key"],
    ["aws:SourceIpAddress", "did you mean aws:SourceIp?"],
    ["aws:PrincipalTags/team", "did you mean aws:PrincipalTag/…?"],
    ["aws:PrincipalTagX", "no global condition key"],
    ["aws:RequestTag", "did you mean aws:RequestTag/…?"],
    ["aws:ResourceTag/", "did you mean aws:ResourceTag/…?"],
    ["aws:PrincipalTeam/x", 'there is no global condition key "aws:PrincipalTeam/x".'],
    ["aws:/team", none],
    ["aws:SourceVpc/x", "no global condition key"],
    ["aws:Sourcevpcs3:x", "no global condition key"],
    ["s3:", none],
    ["s3: prefix", none],
    ["s3:prefix ", none],
    ["s3:/prefix", none],
    [":prefix", none],
    ["-s3:prefix", none],
    ["s 3:prefix", none],
    ["s3 :prefix", none],
    [" s3:prefix", none],
    ["https://idp.example.com:sub", none],
  ])("%j: %s", (key, words) => {
    const found = problems(key);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(words);
  });
});
