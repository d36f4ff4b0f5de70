import type { Denial } from "../decision/types";

/** An answer of STS's Query protocol other than success. */
export class StsError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** For the person at the gateway, where AWS's own words say less. */
    readonly because = message,
  ) {
    super(message);
    this.name = "StsError";
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
const SIGNATURE_ERRORS: Readonly<Record<string, readonly [status: number, code: string, message?: string]>> = {
  MissingAuthenticationTokenException: [403, "MissingAuthenticationToken", "Request is missing Authentication Token"],
  IncompleteSignatureException: [400, "IncompleteSignature"],
  UnrecognizedClientException: [403, "InvalidClientTokenId"],
  ExpiredTokenException: [403, "ExpiredToken"],
  InvalidSignatureException: [403, "SignatureDoesNotMatch"],
};

/** The same refusal of a signature, as STS words it. */
export function signatureError(denial: Denial, because: string): StsError {
  const [status, code, message] = SIGNATURE_ERRORS[denial.errorType] ?? [403, "AccessDenied"];
  return new StsError(status, code, message ?? denial.message ?? "Access denied", because);
}

/** Recorded in public issues; AWS answers alike for a role that does not exist. */
export function accessDenied(callerArn: string, action: string, resource: string, because: string): StsError {
  return new StsError(
    403,
    "AccessDenied",
    `User: ${callerArn} is not authorized to perform: ${action} on resource: ${resource}`,
    because,
  );
}

export function validationError(message: string): StsError {
  return new StsError(400, "ValidationError", message);
}

/** `1 validation error detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must …` */
export function constraintErrors(
  failures: readonly (readonly [member: string, value: string | undefined, constraint: string])[],
): StsError {
  const count = failures.length === 1 ? "1 validation error" : `${failures.length} validation errors`;
  const list = failures.map(([member, value, constraint]) => {
    const shown = value === undefined ? "null" : `'${value}'`;
    return `Value ${shown} at '${member}' failed to satisfy constraint: Member must ${constraint}`;
  });
  return validationError(`${count} detected: ${list.join("; ")}`);
}
