import type { Decision, WireRequest } from "../decision/types";
import type { ApiKey } from "../model/types";

/** One request with all that was found out about it, on its way to an answer. */
export interface Exchange {
  /** Whether the API treats a media type as binary. */
  readonly isBinary: (mediaType: string | undefined) => boolean;
  readonly request: WireRequest;
  readonly decision: Decision;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** `x-amz-apigw-id` */
  readonly extendedRequestId: string;
  /** `X-Amzn-Trace-Id`, as handed to the integration. */
  readonly traceId: string;
  /** The key that a method asked for. */
  readonly apiKey?: ApiKey;
}
