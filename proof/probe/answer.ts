import type { Result } from "./types";

/** What a live request was answered with. */
export interface Answered {
  readonly outcome: "allow" | "deny";
  readonly status: number;
  /** `x-amzn-ErrorType`, which API Gateway sets on its own answers and a function does not. */
  readonly errorType: string | null;
}

/** The gateway's own answers behind authorization: whoever gets one of these was let in. */
const BEHIND_AUTHORIZATION = [
  "BadRequestException",
  "InternalServerErrorException",
  "ServiceUnavailableException",
  "UnsupportedMediaTypeException",
  "RequestTooLargeException",
];

/**
 * Whether an answer was given by the gateway instead of by what stands behind it. A 403 of the backend's own is no
 * denial; a 404 of the gateway's is one.
 */
export function readAnswer(status: number, headers: Headers): Answered {
  const [errorType = null] = headers.get("x-amzn-errortype")?.split(":") ?? [];
  const own = errorType !== null && !BEHIND_AUTHORIZATION.includes(errorType) && status !== 429;
  return { outcome: own && status >= 400 && status < 500 ? "deny" : "allow", status, errorType };
}

/** Whether the answer is the predicted one: let in or not, and refused with the predicted status. */
export function agrees(predicted: Result["predicted"], answered: Answered): boolean {
  if (predicted.outcome !== answered.outcome) return false;
  return answered.outcome === "allow" || predicted.status === answered.status;
}
