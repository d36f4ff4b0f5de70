import { asStored, type Statement } from "./document";

/**
 * The three templates of the API Gateway console, by the console's names.
 *
 * The console pairs each Deny with `Allow *` on the same resource. Under AWS_IAM in the same account, and under a
 * Lambda authorizer, that Allow admits callers whom their own policy does not
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html, table A).
 * Here the Deny comes alone, and what it leaves open is allowed only for the resources named in `admit`.
 */

export interface AccountAllowList {
  /** Account ids (all principals that account delegates to), or ARNs of roles and users in it. */
  readonly principals: readonly string[];
  readonly partition: string;
  readonly resources: readonly string[];
}

/** AWS account allow list: signed callers of these accounts. Every method it covers has to be AWS_IAM. */
export function awsAccountAllowList({ principals, partition, resources }: AccountAllowList): Statement {
  const arns = principals.map((principal) =>
    // A bare account id is stored as its root ARN; written as stored, it shows no difference in a plan.
    /^\d{12}$/.test(principal) ? `arn:${partition}:iam::${principal}:root` : principal,
  );
  return {
    Effect: "Allow",
    Principal: { AWS: asStored(arns) },
    Action: "execute-api:Invoke",
    Resource: asStored(resources),
  };
}

export interface IpRangeDenyList {
  /** IPv4 and IPv6 ranges in CIDR notation. */
  readonly ranges: readonly string[];
  readonly resources: readonly string[];
  /** What anyone from elsewhere may call; nothing when left out. */
  readonly admit?: readonly string[];
}

/** IP range deny list: nobody from these ranges, whatever they sign or bring. */
export function ipRangeDenyList({ ranges, resources, admit = [] }: IpRangeDenyList): Statement[] {
  return [
    {
      Effect: "Deny",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: asStored(resources),
      Condition: { IpAddress: { "aws:SourceIp": asStored(ranges) } },
    },
    ...anyone(admit),
  ];
}

export interface SourceVpcAllowList {
  readonly vpcs: readonly string[];
  /** VPC endpoints, in any account. */
  readonly endpoints: readonly string[];
  readonly resources: readonly string[];
  /** What anyone inside may call; nothing when left out. */
  readonly admit?: readonly string[];
}

/**
 * Source VPC allow list: only through these VPCs or endpoints. For PRIVATE APIs: a REGIONAL API never sees these
 * keys, and a negated condition on an absent key holds, so it would deny everyone.
 *
 * Both keys stand in one condition block: keys are ANDed, so the Deny holds only where both mismatch, which makes
 * a listed VPC or a listed endpoint enough.
 */
export function sourceVpcAllowList({ vpcs, endpoints, resources, admit = [] }: SourceVpcAllowList): Statement[] {
  const keys = {
    ...(vpcs.length > 0 ? { "aws:SourceVpc": asStored(vpcs) } : {}),
    ...(endpoints.length > 0 ? { "aws:SourceVpce": asStored(endpoints) } : {}),
  };
  if (Object.keys(keys).length === 0) {
    throw new Error("sourceVpcAllowList: neither a VPC nor an endpoint is named, which would deny everyone.");
  }
  return [
    {
      Effect: "Deny",
      Principal: "*",
      Action: "execute-api:Invoke",
      Resource: asStored(resources),
      Condition: { StringNotEquals: keys },
    },
    ...anyone(admit),
  ];
}

/** Allow for anyone, signed or not: what public and Cognito routes need as soon as the API has a policy. */
export function anyone(resources: readonly string[]): Statement[] {
  return resources.length === 0
    ? []
    : [{ Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: asStored(resources) }];
}
