/** What the runtime of functions takes and gives. */

/** One invocation as API Gateway asks for it. */
export interface Invocation {
  /** ARN of the function, with or without a qualifier. */
  readonly functionArn: string;
  readonly event: unknown;
  /** Ends the wait, not the function: API Gateway gives up while the function runs on. In ms; none where absent. */
  readonly giveUpAfterMs?: number;
}

/** What an invocation came to, in the words of Lambda's Invoke API. */
export type InvocationResult =
  | {
      readonly kind: "payload";
      readonly payload: unknown;
      /** The time the function took, in ms. */
      readonly durationMs: number;
    }
  | {
      /** The function threw, called back with an error, crashed, ran out of memory or time. */
      readonly kind: "error";
      readonly errorMessage: string;
      readonly errorType: string;
      readonly durationMs: number;
    }
  | { readonly kind: "gave-up" }
  /** It was never started: unknown ARN, unsupported runtime, missing code, too many requests. */
  | { readonly kind: "cannot-invoke"; readonly because: string };

/** One line that a function wrote. */
export interface LogLine {
  readonly functionName: string;
  /** Empty while the function's module is loading. */
  readonly requestId: string;
  readonly stream: "stdout" | "stderr";
  readonly line: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Requests to URLs that begin with `from` go to the URL with `to` in its place. */
export interface Redirect {
  readonly from: string;
  readonly to: string;
}

export interface RuntimeOptions {
  /** Local stand-ins for what functions reach over HTTPS. */
  readonly redirects?: readonly Redirect[];
  /** `AWS_ENDPOINT_URL` of every function: AWS SDK calls go there. */
  readonly endpointUrl?: string;
  /** Local credentials of an execution role; undefined where the role is unknown. */
  readonly credentialsOf?: (roleArn: string) => Credentials | undefined;
  readonly log?: (line: LogLine) => void;
  /** Warm instances of one function at most; further invocations wait. Default 10. */
  readonly maxInstances?: number;
}
