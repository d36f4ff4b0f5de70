import type { RequestCaller } from "../decision/request-file";
import type { Caller } from "../decision/types";
import { InputError } from "../errors";
import type { Model, PolicyDocument } from "../model/types";
import type { FileCaller } from "./credentials-file";
import { identityOf } from "./credentials-principal";

export interface KnownCallers {
  readonly model: Pick<Model, "roles" | "users">;
  /** Of the callers file. */
  readonly listed: readonly FileCaller[];
}

export interface ResolvedCaller {
  readonly caller: Caller;
  /** False where nothing says what the ARN may do, so that it is decided on without identity policies. */
  readonly known: boolean;
}

/**
 * The caller that a request names by ARN: what the request says of it, else the callers file, else the configuration.
 *
 * @param now milliseconds since the epoch
 * @param member where the caller stands in the request
 * @throws InputError where the ARN is none of a caller
 */
export function resolveCaller(
  asked: RequestCaller,
  known: KnownCallers,
  where: string,
  now: number,
  member = "caller",
): ResolvedCaller {
  const identity = identityOf(asked.arn, asked.session, known.model);
  if (typeof identity === "string") throw new InputError({ what: `${identity}.`, where: `${where}: ${member}.arn` });
  const { principal, userId, type } = identity;
  const listed =
    known.listed.find((entry) => entry.identity.principal.arn === principal.arn) ??
    known.listed.find((entry) => entry.identity.principal.principalArn === principal.principalArn);
  const owner = [...known.model.roles, ...known.model.users].find(({ arn }) => arn === principal.principalArn);
  const written = (of: string, document: unknown): PolicyDocument => ({
    document,
    source: { file: where, address: `${member}.${of}` },
  });
  const boundary =
    asked.boundary !== undefined
      ? asked.boundary === null
        ? null
        : written("boundary", asked.boundary)
      : listed?.boundary !== undefined
        ? listed.boundary
        : owner?.permissionsBoundary;
  const organizationId = asked.organizationId ?? listed?.organizationId;
  return {
    known: type === "root" || asked.policies !== undefined || listed !== undefined || owner !== undefined,
    caller: {
      principal: boundary ? { ...principal, bounded: true } : principal,
      userId: asked.userId ?? userId,
      madeUpId: asked.userId === undefined && type !== "root",
      accessKeyId: listed?.accessKeyId ?? (type === "role" ? "ASIAEXPLAIN" : "AKIAEXPLAIN"),
      identityPolicies:
        asked.policies?.map((document, index) => written(`policies[${index}]`, document)) ??
        listed?.policies ??
        owner?.identityPolicies ??
        [],
      ...(boundary === undefined || boundary === null ? {} : { permissionsBoundary: boundary }),
      sessionPolicies: [],
      serviceControlPolicies: [],
      ...(organizationId === undefined ? {} : { organizationId }),
      tags: asked.tags ?? listed?.tags ?? owner?.tags ?? {},
      ...(asked.issuedAt !== undefined
        ? { issuedAt: Date.parse(asked.issuedAt) }
        : type === "role"
          ? { issuedAt: now }
          : {}),
      ...(asked.mfaAgeSeconds === undefined ? {} : { mfaAgeSeconds: asked.mfaAgeSeconds }),
    },
  };
}
