import { createHash } from "node:crypto";
import type { Principal } from "../iam/types";
import type { Model } from "../model/types";
import { base32 } from "./credentials-token";

/** Role session names: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_NAME = /^[\w+=,.@-]{2,64}$/;
const ARN = /^arn:(aws[a-z-]*):(iam|sts)::(\d{12}):(root|(user|role|assumed-role)\/(.+))$/;
const NAME = /^[\w+=,.@-]{1,64}$/;

/** Who an ARN of a role, user, role session or account root is, when it signs a request. */
export interface Identity {
  readonly type: "root" | "user" | "role";
  readonly principal: Extract<Principal, { kind: "aws" }>;
  /** As in `requestContext.identity.user`: the account for root, `AIDA…` for a user, `AROA…:session` for a session. */
  readonly userId: string;
}

/**
 * The identity behind an ARN, or in words what is wrong with it. A role signs only as a session of itself: the ARN's
 * own session, else `session`, else `local`. The model gives the IAM path of a role that is named by a session ARN.
 */
export function identityOf(arn: string, session: string | undefined, model: Pick<Model, "roles">): Identity | string {
  const [, partition, service, accountId, resource, type, rest] = ARN.exec(arn) ?? [];
  if (partition === undefined || accountId === undefined || (service === "sts") !== (type === "assumed-role")) {
    return `'${arn}' is not the ARN of a role, user, role session or account root: arn:aws:iam::222222222222:role/partner`;
  }
  const names = (rest ?? "").split("/");
  if (resource === "root" || type === "user") {
    if (session !== undefined) return `a session is set, but only a role has sessions and '${arn}' is not a role`;
    if (type === "user" && !NAME.test(names.at(-1) ?? "")) return `'${arn}' does not end in the name of a user`;
    const userId = type === "user" ? uniqueId("AIDA", arn) : accountId;
    return {
      type: type === "user" ? "user" : "root",
      principal: { kind: "aws", arn, accountId, principalArn: arn },
      userId,
    };
  }
  const fromSession = type === "assumed-role";
  if (fromSession && (names.length !== 2 || session !== undefined)) {
    return `'${arn}' must be assumed-role/<role>/<session>, and 'session' is then left out`;
  }
  const role = (fromSession ? names[0] : names.at(-1)) ?? "";
  const sessionName = (fromSession ? names[1] : session) ?? "local";
  if (!NAME.test(role) || !SESSION_NAME.test(sessionName)) {
    return `'${fromSession || !NAME.test(role) ? arn : sessionName}' does not hold the name of a role and of a session (2 to 64 letters, digits and _+=,.@-)`;
  }
  const known = model.roles.find((candidate) => candidate.name === role && candidate.accountId === accountId);
  const roleArn = fromSession ? (known?.arn ?? `arn:${partition}:iam::${accountId}:role/${role}`) : arn;
  return {
    type: "role",
    principal: {
      kind: "aws",
      arn: `arn:${partition}:sts::${accountId}:assumed-role/${role}/${sessionName}`,
      accountId,
      principalArn: roleArn,
    },
    userId: `${uniqueId("AROA", roleArn)}:${sessionName}`,
  };
}

/** AWS gives these ids at random; here the same ARN has the same one in every run. */
function uniqueId(prefix: "AIDA" | "AROA", arn: string): string {
  return `${prefix}${base32(createHash("sha256").update(arn).digest()).slice(0, 17)}`;
}
