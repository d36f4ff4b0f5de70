/** The vocabulary of policy evaluation. The parsed forms live with the parser. */

import type { Source } from "../model/types";

export type Effect = "Allow" | "Deny";

/** What a set of policies of one kind says of one request, before it is combined with any other. */
export type Verdict = "ALLOW" | "DENY" | "NEITHER";

export type PolicyKind =
  | "identity"
  | "resource"
  | "boundary"
  | "session"
  | "service-control"
  | "vpc-endpoint"
  | "trust"
  /** What a Lambda authorizer returned. */
  | "authorizer";

/** Who makes a request, as IAM sees them. */
export type Principal =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "aws";
      /**
       * The caller's ARN: `arn:aws:iam::A:user/U`, `arn:aws:iam::A:role/R`, `arn:aws:sts::A:assumed-role/R/S`,
       * `arn:aws:iam::A:root`.
       */
      readonly arn: string;
      readonly accountId: string;
      /** The value of `aws:PrincipalArn`: the role's own ARN (with its IAM path) for a session, else `arn`. */
      readonly principalArn: string;
    }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "federated"; readonly provider: string };

/** Context keys in lower case, each with its values. A key that is not there is absent, which is not the same as empty. */
export type ContextKeys = ReadonlyMap<string, readonly string[]>;

export interface AccessRequest {
  readonly principal: Principal;
  /** `execute-api:Invoke` */
  readonly action: string;
  /** A full ARN. A `*` in it is a literal character. */
  readonly resource: string;
  readonly context: ContextKeys;
}

/** Which statement of which policy, and where it stands. */
export interface StatementRef {
  readonly policy: Source;
  readonly kind: PolicyKind;
  readonly index: number;
  readonly sid?: string;
  readonly effect: Effect;
}

export interface Reduction {
  readonly verdict: Verdict;
  /** The statement that decided; absent for NEITHER. */
  readonly decidedBy?: StatementRef;
}
