/** One request in, one decision with its whole trace out. */

import type { Principal, StatementRef } from "../iam/types";
import type { Api, PolicyDocument, Route, Source, Stage } from "../model/types";

/** Where a request claims to come from. */
export interface NetworkPosition {
  /** The TCP peer as the API sees it. For a private API, the address after the endpoint's rewriting. */
  readonly sourceIp: string;
  /** Set only for requests that came through an interface endpoint. */
  readonly vpc?: { readonly id?: string; readonly endpoint?: string; readonly sourceIp?: string };
}

/** A request as it stood on the wire. */
export interface WireRequest {
  readonly method: string;
  /** The path of the request target, undecoded, with the stage: `/dev/orders/1`. */
  readonly rawPath: string;
  /** The query of the request target, undecoded, without the question mark. */
  readonly rawQuery: string;
  /** Names as sent, in the order sent, duplicates kept. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Headers taken out of `headers` before anything saw them, which a signature may still cover. */
  readonly signedOnlyHeaders?: readonly (readonly [name: string, value: string])[];
  /** What stood in front of `rawPath` on the wire to name the API, `/abcdefghij`, which a signature covers. */
  readonly signedPathPrefix?: string;
  readonly body: Uint8Array;
  readonly network: NetworkPosition;
  /** Unique per request; in the answer as `x-amzn-RequestId`. */
  readonly requestId: string;
}

/** Somebody with AWS credentials, as the credential registry knows them. */
export interface Caller {
  readonly principal: Extract<Principal, { kind: "aws" }>;
  readonly accessKeyId: string;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
  readonly sessionPolicies: readonly PolicyDocument[];
  /** Levels of the organization, each with the policies attached there. */
  readonly serviceControlPolicies: readonly (readonly PolicyDocument[])[];
  readonly organizationId?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `AIDA…` for a user, `AROA…:session` for a session. */
  readonly userId: string;
  /** True where AWS gives the user or role an id that is not known, and `userId` stands in for it. */
  readonly madeUpId?: boolean;
  /** Set where the credentials are temporary: when they were issued, in ms since the epoch. */
  readonly issuedAt?: number;
  /** Seconds since MFA, where temporary credentials were made with it. */
  readonly mfaAgeSeconds?: number;
}

export type StepName =
  | "assume-role"
  | "stage"
  | "network"
  | "route"
  | "signature"
  | "resource-policy"
  | "identity-policy"
  | "vpc-endpoint-policy"
  | "identity-source"
  | "authorizer"
  | "authorizer-policy"
  | "token"
  | "scopes"
  | "combine"
  | "api-key"
  | "validator";

/** One thing that was evaluated, in words a person can act on. */
export interface TraceStep {
  readonly step: StepName;
  /** `allow`, `deny`, `neither`, `matched`, `missing`, `hit`, `miss`, … */
  readonly result: string;
  /** What was seen, what it was held against, and what would have to change for the answer to change. */
  readonly because: string;
  readonly source?: Source & { readonly statement?: number | string };
}

/** The gateway-response types of API Gateway that a decision can end in. */
export type ResponseType =
  | "ACCESS_DENIED"
  | "API_CONFIGURATION_ERROR"
  | "AUTHORIZER_CONFIGURATION_ERROR"
  | "AUTHORIZER_FAILURE"
  | "BAD_REQUEST_BODY"
  | "BAD_REQUEST_PARAMETERS"
  | "EXPIRED_TOKEN"
  | "INTEGRATION_FAILURE"
  | "INTEGRATION_TIMEOUT"
  | "INVALID_API_KEY"
  | "INVALID_SIGNATURE"
  | "MISSING_AUTHENTICATION_TOKEN"
  | "QUOTA_EXCEEDED"
  | "REQUEST_TOO_LARGE"
  | "RESOURCE_NOT_FOUND"
  | "THROTTLED"
  | "UNAUTHORIZED"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "WAF_FILTERED";

/** Why a request was refused, before the API's own gateway responses are applied. */
export interface Denial {
  /** Absent for answers that cannot be customised (413, 414, stage not found). */
  readonly responseType?: ResponseType;
  readonly status: number;
  /** `x-amzn-ErrorType` */
  readonly errorType: string;
  /** `null` where AWS answers `{"message":null}`. */
  readonly message: string | null;
  /** AWS writes `Message` for authorization denials and `message` for everything else. */
  readonly messageKey: "message" | "Message";
}

/** What the authorization step hands to the integration. */
export interface AuthorizationContext {
  /** Set for AWS_IAM. */
  readonly caller?: Caller;
  /** `requestContext.authorizer`, already rendered as REST APIs render it. */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** From a Lambda authorizer, where the API takes its keys from there. */
  readonly usageIdentifierKey?: string;
}

export interface Decision {
  readonly outcome: "allow" | "deny";
  readonly api: Api;
  readonly stage?: Stage | undefined;
  readonly route?: Route | undefined;
  /** Values of the path parameters as they stand on the wire: recorded from AWS, `%2B` stays `%2B`. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** The path below the stage, as routed: normalised the way it was signed. */
  readonly path: string;
  readonly methodArn: string;
  readonly denial?: Denial | undefined;
  readonly authorization: AuthorizationContext;
  readonly decidedBy?: StatementRef | undefined;
  readonly trace: readonly TraceStep[];
}
