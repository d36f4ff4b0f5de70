import type { Exchange } from "./exchange";
import type { ExtraVariables } from "./variables";

/**
 * `$context.authenticate.*`, `authorizer.*` and `authorize.*`: which phase admitted or refused a request. Authenticate
 * exists for IAM only, Authorizer for Lambda and Cognito, Authorize for IAM and Lambda (AWS Compute Blog,
 * "Troubleshooting Amazon API Gateway with enhanced observability variables").
 */
export function phaseVariables({ decision }: Exchange): ExtraVariables {
  const type = decision.route?.auth.type ?? "AWS_IAM";
  const { denial } = decision;
  if (type === "NONE" || decision.stage === undefined) return {};
  const first = type === "AWS_IAM" ? "authenticate" : "authorizer";
  if (denial === undefined) return { ...passed(first), ...(type === "COGNITO_USER_POOLS" ? {} : passed("authorize")) };
  if (isAfterAuthorization(denial.responseType)) {
    return { ...passed(first), ...(type === "COGNITO_USER_POOLS" ? {} : passed("authorize")) };
  }
  const refused = (phase: string) => ({ [`${phase}.status`]: denial.status, [`${phase}.error`]: denial.message });
  if (denial.responseType !== "ACCESS_DENIED") return refused(first);
  if (type === "COGNITO_USER_POOLS") return passed(first);
  // A resource policy's Deny ends a Lambda-authorized request before its function is asked.
  const asked = type === "AWS_IAM" || decision.trace.some(({ step }) => step === "authorizer");
  return { ...(asked ? passed(first) : {}), ...refused("authorize") };
}

function passed(phase: string): ExtraVariables {
  return { [`${phase}.status`]: 200 };
}

function isAfterAuthorization(type: string | undefined): boolean {
  return ["INVALID_API_KEY", "THROTTLED", "QUOTA_EXCEEDED", "BAD_REQUEST_PARAMETERS", "BAD_REQUEST_BODY"].includes(
    type ?? "",
  );
}
