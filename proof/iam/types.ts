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
      /** Whether a permissions boundary is attached to the user or role: then no Deny with `NotPrincipal` spares it. */
      readonly bounded?: boolean;
    }
  | { readonly kind: "service"; readonly service: string }
  | { readonly kind: "federated"; readonly provider: string };

/** Context keys in lower case, each with its values. A key that is not there is absent, as is one without values; an empty text is a value. */
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

/**
 * How widely an Allow of a resource policy reaches (IAM User Guide, "Policy evaluation logic"):
 * - `session`: it names the role session or federated user session itself, which no implicit deny of the session limits;
 * - `principal`: it names the user or role (or the caller is the root user of the account it names);
 * - `everyone`: `*`, or a NotPrincipal that does not hold the caller;
 * - `account`: it delegates to the caller's account, so the caller still needs an Allow of its own.
 */
export type GrantedTo = "session" | "principal" | "everyone" | "account";

export interface Reduction {
  readonly verdict: Verdict;
  /** The statement that decided; absent for NEITHER. */
  readonly decidedBy?: StatementRef;
  /** Only for ALLOW by a policy with principals: the widest-reaching grant among the statements that allow. */
  readonly grantedTo?: GrantedTo;
}
