import type { Caller } from "../decision/types";
import { InputError } from "../errors";
import { compilePolicy, isRootUser } from "../iam";
import type { Model, Role } from "../model/types";
import type { CredentialRegistry, SessionCredential } from "./credentials";
import { SESSION_NAME } from "./credentials-principal";
import { accessDenied, constraintErrors, StsError, validationError } from "./sts-errors";
import { EXTERNAL_ID, SHORTEST_SESSION_SECONDS } from "./sts-session";
import { mayAssume, ROOT_REFUSED } from "./sts-trust";
import type { Elements } from "./sts-xml";

export interface StsContext {
  readonly registry: CredentialRegistry;
  readonly model: Pick<Model, "roles">;
  readonly caller: Caller;
  /** The request's parameters, flattened as the Query protocol sends them. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly sourceIp: string;
}

export const STS_ACTIONS: ReadonlyMap<string, (context: StsContext) => Elements> = new Map([
  ["AssumeRole", assumeRole],
  ["GetCallerIdentity", getCallerIdentity],
  ["GetSessionToken", getSessionToken],
]);

const LONGEST_ROLE_SECONDS = 43_200;
const LONGEST_USER_SECONDS = 129_600;
const HOUR_SECONDS = 3600;
/** Of a session policy, in characters. */
const LONGEST_POLICY = 2048;
/** What would change who may do what and cannot be honoured here is refused, not ignored. */
const UNSUPPORTED = [
  "PolicyArns",
  "TransitiveTagKeys",
  "SourceIdentity",
  "SerialNumber",
  "TokenCode",
  "ProvidedContexts",
];

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function assumeRole(context: StsContext): Elements {
  const { caller, parameters, model, registry, now, sourceIp } = context;
  if (isRootUser(caller.principal)) throw new StsError(403, "AccessDenied", ROOT_REFUSED);
  refuseUnsupported(parameters);
  const arn = parameters.get("RoleArn");
  const sessionName = parameters.get("RoleSessionName");
  const externalId = parameters.get("ExternalId");
  const policy = parameters.get("Policy");
  const durationSeconds = checkMembers(parameters, LONGEST_ROLE_SECONDS, [
    [
      "roleArn",
      arn,
      arn === undefined ? "not be null" : arn.length < 20 ? "have length greater than or equal to 20" : "",
    ],
    ["roleSessionName", sessionName, sessionName === undefined ? "not be null" : pattern(sessionName, SESSION_NAME)],
    ["externalId", externalId, externalId === undefined ? "" : pattern(externalId, EXTERNAL_ID)],
    [
      "policy",
      policy,
      (policy?.length ?? 0) > LONGEST_POLICY ? `have length less than or equal to ${LONGEST_POLICY}` : "",
    ],
  ]);
  if (arn === undefined || sessionName === undefined) throw validationError("RoleArn and RoleSessionName are required");
  const sessionPolicies = policy === undefined ? [] : [sessionPolicy(policy)];
  const tags = sessionTags(parameters);

  const role = model.roles.find((known) => known.arn === arn);
  if (role === undefined) {
    const known = model.roles.map((one) => one.arn).join(", ") || "none";
    throw accessDenied(caller.principal.arn, "sts:AssumeRole", arn, `There is no role ${arn}. Known: ${known}`);
  }
  const answer = mayAssume(caller, {
    role,
    sessionName,
    tags,
    now,
    ...(externalId === undefined ? {} : { externalId }),
    sourceIp,
  });
  if (answer.outcome === "deny") throw accessDenied(caller.principal.arn, "sts:AssumeRole", arn, answer.because);
  const seconds = durationSeconds ?? Math.min(HOUR_SECONDS, role.maxSessionSeconds);
  checkDuration(seconds, role, caller);
  const session = registry.mintRoleSession({ role, sessionName, durationSeconds: seconds, sessionPolicies, tags });
  return {
    AssumedRoleUser: { AssumedRoleId: session.caller.userId, Arn: session.caller.principal.arn },
    Credentials: credentialElements(session),
  };
}

/** Needs no permission, not even against an explicit deny (API reference of GetCallerIdentity). */
function getCallerIdentity({ caller }: StsContext): Elements {
  return { Arn: caller.principal.arn, UserId: caller.userId, Account: caller.principal.accountId };
}

/** For users and the account root with their long-term keys; MFA is not supported here. */
function getSessionToken({ caller, registry, parameters }: StsContext): Elements {
  refuseUnsupported(parameters);
  const root = isRootUser(caller.principal);
  const durationSeconds = checkMembers(parameters, LONGEST_USER_SECONDS, []);
  if (caller.issuedAt !== undefined) {
    throw new StsError(403, "AccessDenied", "Cannot call GetSessionToken with session credentials");
  }
  const seconds = durationSeconds ?? (root ? HOUR_SECONDS : LONGEST_ROLE_SECONDS);
  if (root && seconds > HOUR_SECONDS) {
    throw validationError("The requested DurationSeconds exceeds the 1 hour session limit of the account root user.");
  }
  return { Credentials: credentialElements(registry.mintUserSession(caller.principal.arn, seconds)) };
}

function credentialElements(session: SessionCredential): Elements {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretAccessKey,
    SessionToken: session.sessionToken,
    Expiration: new Date(session.expiresAt).toISOString(),
  };
}

function refuseUnsupported(parameters: ReadonlyMap<string, string>): void {
  const sent = UNSUPPORTED.filter((name) =>
    [...parameters.keys()].some((key) => key === name || key.startsWith(`${name}.`)),
  );
  if (sent.length > 0) throw validationError(`The local STS does not support ${sent.join(", ")}.`);
}

/** Reports every member that fails at once, DurationSeconds with them, and returns that one. */
function checkMembers(
  parameters: ReadonlyMap<string, string>,
  longest: number,
  members: readonly (readonly [member: string, value: string | undefined, failed: string])[],
): number | undefined {
  const duration = parameters.get("DurationSeconds");
  const seconds = duration === undefined ? undefined : /^\d{1,9}$/.test(duration) ? Number(duration) : NaN;
  const range =
    seconds === undefined
      ? ""
      : seconds > longest
        ? `have value less than or equal to ${longest}`
        : seconds >= SHORTEST_SESSION_SECONDS
          ? ""
          : `have value greater than or equal to ${SHORTEST_SESSION_SECONDS}`;
  const failures = [...members, ["durationSeconds", duration, range] as const].filter(([, , failed]) => failed !== "");
  if (failures.length > 0) throw constraintErrors(failures);
  return seconds;
}

function pattern(value: string, expected: RegExp): string {
  return expected.test(value) ? "" : `satisfy regular expression pattern: ${expected.source}`;
}

function checkDuration(seconds: number, role: Role, caller: Caller): void {
  if (seconds > role.maxSessionSeconds) {
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const chained = caller.principal.arn.includes(":assumed-role/");
  if (chained && seconds > HOUR_SECONDS) {
    throw validationError(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  }
}

function sessionPolicy(text: string): unknown {
  try {
    compilePolicy(text, { kind: "session", source: { file: "AssumeRole", address: "Policy" } });
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new StsError(400, "MalformedPolicyDocument", "The policy is not in the valid JSON format.", error.message);
  }
}

/** `Tags.member.1.Key=team&Tags.member.1.Value=orders` */
function sessionTags(parameters: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const [name, key] of parameters) {
    const index = /^Tags\.member\.(\d+)\.Key$/.exec(name)?.[1];
    if (index === undefined) continue;
    const value = parameters.get(`Tags.member.${index}.Value`) ?? "";
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u.test(value)) {
      throw constraintErrors([
        [`tags.${index}.member`, key, "be a tag of at most 128 characters with a value of at most 256"],
      ]);
    }
    if ([...tags.keys()].some((other) => other.toLowerCase() === key.toLowerCase())) {
      throw new StsError(
        400,
        "InvalidParameterValue",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
      );
    }
    tags.set(key, value);
  }
  if (tags.size > 50) throw constraintErrors([["tags", String(tags.size), "have length less than or equal to 50"]]);
  return Object.fromEntries(tags);
}
