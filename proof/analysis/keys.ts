import type { Condition } from "../iam";
import type { PolicyKind } from "../iam/types";
import type { EndpointType } from "../model/types";

/**
 * What a condition key depends on: the part of a request that is varied to find every class.
 * - `caller`: who signed; absent for a request that nobody signed for IAM;
 * - `address`, `endpoint`: where the request comes from; `time`; `header`: what the caller says of itself;
 * - `fixed`: the same for every request, or absent for all of them;
 * - `unknown`: real requests may carry it, and neither the configuration nor a request file says what it holds.
 */
export type Dimension = "caller" | "address" | "endpoint" | "time" | "header" | "fixed" | "unknown";

const CALLER_KEYS = new Set([
  "aws:principalarn",
  "aws:principalaccount",
  "aws:principaltype",
  "aws:username",
  "aws:principalorgid",
]);

/** Listed for API Gateway resource policies, but nothing here says what they hold for a caller. */
const UNKNOWN_CALLER_KEYS = new Set([
  "aws:userid",
  "aws:principalorgpaths",
  "aws:tokenissuetime",
  "aws:multifactorauthpresent",
  "aws:multifactorauthage",
]);

const ENDPOINT_KEYS = new Set(["aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"]);

/**
 * Sources: AWS condition keys that can be used in API Gateway resource policies. A key that is not listed there is
 * absent in a resource policy; in policies of IAM it may be there.
 *
 * @param signed whether the method asks for a signature
 */
export function dimensionOf(
  lowerKey: string,
  where: { readonly kind: PolicyKind; readonly signed: boolean; readonly endpointType: EndpointType },
): Dimension {
  if (lowerKey === "aws:securetransport") return "fixed";
  if (lowerKey === "aws:sourceip") return "address";
  if (lowerKey === "aws:referer" || lowerKey === "aws:useragent") return "header";
  if (lowerKey === "aws:currenttime" || lowerKey === "aws:epochtime") return "time";
  if (ENDPOINT_KEYS.has(lowerKey)) return where.endpointType === "PRIVATE" ? "endpoint" : "fixed";
  if (CALLER_KEYS.has(lowerKey) || lowerKey.startsWith("aws:principaltag/")) return where.signed ? "caller" : "fixed";
  if (UNKNOWN_CALLER_KEYS.has(lowerKey)) return where.signed ? "unknown" : "fixed";
  // Listed "without criteria": when it is there is not documented.
  if (lowerKey === "aws:sourcearn") return "unknown";
  return where.kind === "resource" || where.kind === "vpc-endpoint" ? "fixed" : "unknown";
}

/** The keys of the variables in the values of a condition, in lower case. */
export function variablesOf(condition: Condition): readonly string[] {
  return condition.values.flatMap(({ pattern }) =>
    (pattern?.tokens ?? []).flatMap((token) => (token.kind === "variable" ? [token.key] : [])),
  );
}
