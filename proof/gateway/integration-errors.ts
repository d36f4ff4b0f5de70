import type { Denial } from "../decision/types";

/** What went wrong behind the authorization, with AWS's answer. */

const internal = { errorType: "InternalServerErrorException", messageKey: "message" } as const;

/** API Gateway may not invoke the function, or it is not there (recorded: 500 for a missing permission). */
export function notInvocable(): Denial {
  return { ...internal, responseType: "API_CONFIGURATION_ERROR", status: 500, message: "Internal server error" };
}

/** The function failed, or answered what is not a proxy response (recorded: 502, test_lambda_aws_proxy_response_format). */
export function badGateway(): Denial {
  return { ...internal, responseType: "INTEGRATION_FAILURE", status: 502, message: "Internal server error" };
}

/** The integration took longer than its timeout. */
export function integrationTimeout(): Denial {
  return { ...internal, responseType: "INTEGRATION_TIMEOUT", status: 504, message: "Endpoint request timed out" };
}

/** An HTTP endpoint that cannot be reached. */
export function networkError(): Denial {
  return {
    ...internal,
    responseType: "INTEGRATION_FAILURE",
    status: 504,
    message: "Network error communicating with endpoint",
  };
}

/** A body above API Gateway's limit. The words are UNCONFIRMED; AWS documents the status. */
export function requestTooLarge(): Denial {
  return {
    responseType: "REQUEST_TOO_LARGE",
    status: 413,
    errorType: "RequestEntityTooLargeException",
    message: "HTTP content length exceeded 10485760 bytes.",
    messageKey: "message",
  };
}

/** Header values above API Gateway's limit. Status and words are UNCONFIRMED. */
export function headersTooLarge(): Denial {
  return {
    status: 431,
    errorType: "RequestHeaderFieldsTooLargeException",
    message: "Request Header Fields Too Large",
    messageKey: "message",
  };
}
