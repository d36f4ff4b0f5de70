import type { PolicyDocument } from "./policy";
import type { Source } from "./source";

export interface Role {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly trustPolicy: PolicyDocument;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly maxSessionSeconds: number;
  readonly source: Source;
}

export interface User {
  readonly address: string;
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly identityPolicies: readonly PolicyDocument[];
  readonly permissionsBoundary?: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  readonly source: Source;
}
