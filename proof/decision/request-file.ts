import { z } from "zod";
import { InputError } from "../errors";
import type { InputProblem } from "../errors";

/**
 * A request written down: what `explain` reads, and the witness that the analysis gives. `claims`, `authorizerResult` and
 * `passes` take the token, the authorizer and what stands behind authorization as passed, as `caller` does with the
 * signature.
 */
export interface RequestFile {
  /** Given back with the answer. */
  readonly id?: unknown;
  /** Name, id or Terraform address; may be left out where there is one API. */
  readonly api?: string | undefined;
  /** May be left out where the API has one stage. */
  readonly stage?: string | undefined;
  readonly method: string;
  /** Below the stage, percent-encoded as on the wire. */
  readonly path: string;
  readonly query?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly headers?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly body?: string | undefined;
  /** Default 127.0.0.1. */
  readonly sourceIp?: string | undefined;
  readonly vpc?: RequestVpc | undefined;
  /** Who signed it; null is nobody, absent lets the headers speak. */
  readonly caller?: RequestCaller | null | undefined;
  /** Claims of a user pool token that is taken as genuine. */
  readonly claims?: Readonly<Record<string, unknown>> | undefined;
  /** What the Lambda authorizer returns, instead of running it. */
  readonly authorizerResult?: unknown;
  /** Names of the Lambda authorizers that know the caller: any other answers `Unauthorized`. Absent, each is asked. */
  readonly authorizers?: readonly string[] | undefined;
  /** Steps behind authorization that are taken as passed, where the method has them. */
  readonly passes?: readonly PassedStep[] | undefined;
  /** ISO 8601; the present time where absent. */
  readonly time?: string | undefined;
}

/** By the names of their trace steps: `api-key` with its usage plan and all throttles, and the request `validator`. */
export const PASSED_STEPS = ["api-key", "validator"] as const;
export type PassedStep = (typeof PASSED_STEPS)[number];

export interface RequestVpc {
  readonly id?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly sourceIp?: string | undefined;
}

/** A caller by ARN. What is not said here is what the configuration or the callers file says of that ARN. */
export interface RequestCaller {
  readonly arn: string;
  readonly session?: string | undefined;
  readonly policies?: readonly unknown[] | undefined;
  readonly boundary?: unknown;
  readonly organizationId?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** ISO 8601: the credentials are temporary and were issued then. Those of a role are issued now where it is absent. */
  readonly issuedAt?: string | undefined;
  /** Seconds since MFA, with which the temporary credentials were made. */
  readonly mfaAgeSeconds?: number | undefined;
  /** `AIDA…` of a user, `AROA…:session` of a role. */
  readonly userId?: string | undefined;
  /** Who assumed the role to make this session of it; its trust policy then has to admit them. */
  readonly assumedBy?: RequestAssumer | undefined;
}

/** Who is named by ARN, with what is said of a caller; or an AWS service; or an identity provider. */
export interface RequestAssumer extends Omit<
  RequestCaller,
  "arn" | "issuedAt" | "mfaAgeSeconds" | "userId" | "assumedBy"
> {
  readonly arn?: string | undefined;
  /** `lambda.amazonaws.com` */
  readonly service?: string | undefined;
  /** ARN of a SAML or OIDC provider. */
  readonly federated?: string | undefined;
  readonly externalId?: string | undefined;
}

const text = z.string({ error: ({ input }) => (input === undefined ? "is missing" : "must be a string") });
const name = text.min(1, "must not be empty");
const list = z.union([text.transform((value) => [value]), z.array(text)], "must be a string or a list of strings");
const lists = z.record(z.string(), list, "must be an object of lists of strings");
const object = z.record(z.string(), z.unknown(), "must be an object");
const address = z.union([z.ipv4(), z.ipv6()], "must be an IPv4 or IPv6 address");
const id = (prefix: string) =>
  text.regex(new RegExp(`^${prefix}-[0-9A-Za-z]+$`), `must be an id such as ${prefix}-0a1b2c3d`);

const time = z.iso.datetime({ offset: true, error: "must be a time such as 2026-01-31T23:59:59Z" });
const vpc = z.strictObject(
  { id: id("vpc").optional(), endpoint: id("vpce").optional(), sourceIp: address.optional() },
  { error: shapeError },
);
const person = {
  session: text.optional(),
  policies: z.array(object, "must be a list of policy documents").optional(),
  boundary: object.nullable().optional(),
  organizationId: text.optional(),
  tags: z.record(z.string(), text, "must be an object of strings").optional(),
};
const assumer = z
  .strictObject(
    {
      ...person,
      arn: name.optional(),
      service: name.optional(),
      federated: name.optional(),
      // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
      externalId: text.regex(/^[\w+=,.@:/-]{2,1224}$/, "must be 2 to 1224 letters, digits or _+=,.@:/-").optional(),
    },
    { error: shapeError },
  )
  .refine(
    ({ arn, service, federated, ...more }) =>
      [arn, service, federated].filter((one) => one !== undefined).length === 1 &&
      (arn !== undefined || Object.keys(more).length === 0),
    "must hold an arn with what is said of it, or a service alone, or a federated provider alone",
  );
const caller = z.strictObject(
  {
    ...person,
    arn: text,
    issuedAt: time.optional(),
    mfaAgeSeconds: z.int("must be a number of seconds").min(0, "must not be negative").optional(),
    userId: text.optional(),
    assumedBy: assumer.optional(),
  },
  { error: shapeError },
);
const schema = z.strictObject(
  {
    id: z.unknown().optional(),
    api: text.optional(),
    stage: text.regex(/^\w[\w-]*$/, "must be the name of a stage").optional(),
    method: text.regex(/^[A-Za-z]+$/, "must be an HTTP method such as GET").transform((verb) => verb.toUpperCase()),
    path: text.regex(
      /^\/[\x21-\x22\x24-\x3e\x40-\x7e]*$/,
      "must begin with / below the stage, percent-encoded, without a query (which belongs into 'query')",
    ),
    query: lists.optional(),
    headers: lists.optional(),
    body: text.optional(),
    sourceIp: address.optional(),
    vpc: vpc.optional(),
    caller: caller.nullable().optional(),
    claims: object.optional(),
    authorizerResult: z.unknown().optional(),
    authorizers: z.array(text, "must be a list of names").optional(),
    passes: z
      .array(
        z.enum(PASSED_STEPS, `must be ${PASSED_STEPS.join(" or ")}`),
        `must be a list of ${PASSED_STEPS.join(" and ")}`,
      )
      .refine((steps) => new Set(steps).size === steps.length, "must name each step once")
      .optional(),
    time: time.optional(),
  },
  { error: shapeError },
);

/**
 * Checks a request file.
 *
 * @param where the file, for problems
 * @throws InputError with every problem at once, each at its JSON path
 */
export function readRequestFile(value: unknown, where: string): RequestFile {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(({ message, path, input }): InputProblem => {
      const at = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
      return {
        what: `${message}${given(path, input)}.`,
        where: at === "" ? where : `${where}: ${at.slice(at.startsWith(".") ? 1 : 0)}`,
      };
    }),
  );
}

/** In the rest of a request may stand what its caller, or a function, keeps to itself. */
const TOLD = new Set<unknown>(["stage", "method", "sourceIp", "vpc", "caller", "passes", "time"]);

function given(path: readonly PropertyKey[], input: unknown): string {
  const told = TOLD.has(path[0]) && (typeof input === "string" || typeof input === "number");
  return told ? `, not ${JSON.stringify(input).slice(0, 100)}` : "";
}

function shapeError(issue: { readonly code?: string; readonly keys?: unknown; readonly input?: unknown }): string {
  if (issue.code === "unrecognized_keys" && Array.isArray(issue.keys)) {
    return `unknown member ${issue.keys.map((key) => `'${String(key)}'`).join(", ")}`;
  }
  return issue.input === undefined ? "is missing" : "must be an object";
}
