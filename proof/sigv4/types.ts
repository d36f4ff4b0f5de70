import type { Caller, Denial, WireRequest } from "../decision/types";

/** The part of a request that a signature covers. Strings hold one byte per character, as Node's HTTP parser gives them. */
export type SignableRequest = Pick<WireRequest, "method" | "rawPath" | "rawQuery" | "headers" | "body">;

/** A request taken apart once, for every check that follows. */
export interface ParsedRequest extends SignableRequest {
  /** Values by lower-case name, in the order sent. */
  readonly byName: ReadonlyMap<string, readonly string[]>;
  /** The query decoded, in the order sent. */
  readonly query: readonly (readonly [name: string, value: string])[];
}

/** Credentials that can be verified here, because their secret is known here. */
export interface LocalCredential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set for temporary credentials: requests must carry exactly this token. */
  readonly sessionToken?: string;
  /** Milliseconds since the epoch; from then on the credentials are expired. Absent for long-term credentials. */
  readonly expiresAt?: number;
  readonly caller: Caller;
}

export interface VerifyOptions {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The only region the credential scope may name; `*` for an endpoint that stands for every region. */
  readonly region: string;
  /** The only service the credential scope may name: `execute-api`, `sts`, … */
  readonly service: string;
  /** The credential with this id; the session token is what the request carries, unverified. */
  findCredential(accessKeyId: string, sessionToken: string | undefined): LocalCredential | undefined;
  /** The host the client addressed, used only where the request holds no Host header (`:authority` of HTTP/2). */
  readonly host?: string;
}

/** What a request says of its own signature, taken apart but not yet believed. */
export interface SignatureClaim {
  readonly form: "header" | "query";
  readonly accessKeyId: string;
  readonly scope: {
    readonly date: string;
    readonly region: string;
    readonly service: string;
    readonly terminator: string;
  };
  /** As listed, in the order listed. */
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hexadecimal digits in an honest request. */
  readonly signature: string;
  /** `20260131T235959Z` */
  readonly timestamp: string;
  /** Milliseconds since the epoch. */
  readonly signedAt: number;
  /** `X-Amz-Expires`, in seconds; query form only. */
  readonly expiresSeconds?: number;
  readonly sessionToken?: string;
}

export type SignatureResult =
  | {
      readonly outcome: "signed";
      readonly credential: LocalCredential;
      readonly form: SignatureClaim["form"];
      /** Milliseconds since the epoch. */
      readonly signedAt: number;
      /** Of the credential scope. */
      readonly region: string;
      /** The path the signature covers. Route by this one and build ARNs from it, never from the raw path. */
      readonly normalizedPath: string;
    }
  | {
      readonly outcome: "refused";
      /** AWS's answer. */
      readonly denial: Denial;
      /** What was seen and what would have to change; holds no secret and no session token. */
      readonly because: string;
    };
