import { z } from "zod";
import type { Problem } from "../constructs/problems";
import {
  RETENTION_DAYS,
  accountId,
  httpsUrl,
  name,
  range,
  region,
  roleArn,
  someText,
  text,
  throttle,
  ttl,
  whereSound,
} from "./fields";
import { partners } from "./partner-schema";

const schema = z
  .strictObject({
    project: name,
    name,
    region,
    /** The account that owns the APIs. */
    accountId,
    /** Role that Terraform assumes in that account; its own credentials where left out. */
    provisionerRoleArn: roleArn.optional(),
    /** Where Terraform keeps its state. */
    state: z.discriminatedUnion(
      "kind",
      [
        z.strictObject({ kind: z.literal("local") }),
        z.strictObject({
          kind: z.literal("s3"),
          /** Whether the delivery stack's own state has moved into the bucket it makes. */
          bootstrapped: z.boolean("true or false"),
        }),
      ],
      '{ kind: "local" } or { kind: "s3", bootstrapped }',
    ),
    delivery: z.strictObject({
      /** Whether this environment sets the role API Gateway logs with, for its whole account and region. */
      apiGatewayLogging: z.boolean("true or false"),
      /** People's roles that may apply to partners' accounts as well, e.g. an administrator's. */
      operatorRoleArns: z.array(roleArn, "a list of role ARNs, empty for none"),
      github: z
        .strictObject({
          repository: text(/^[\w.-]+\/[\w.-]+$/, "owner/name"),
          /** The protected GitHub environment. */
          environment: text(/^[\w.-]+$/, "the name of a GitHub environment"),
          /** Whether this environment makes the account's OpenID Connect provider for GitHub. */
          createProvider: z.boolean("true or false"),
        })
        .optional(),
    }),
    partners,
    /** Zones of the private network; not every region has an `a` and a `b` for every account. */
    availabilityZones: z
      .array(text(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "a zone such as eu-west-1a"))
      .length(2, "two zones"),
    /** Range of the private network, /16 to /24. */
    vpcCidr: range.refine((text) => /^(\d+\.){3}\d+\/(1[6-9]|2[0-4])$/.test(text), "an IPv4 range of /16 to /24"),
    /** Ranges from which nobody may call. */
    deniedRanges: z.array(range, "a list of ranges, empty for none"),
    oidc: z.strictObject({ issuer: httpsUrl, audience: someText("the audience the tokens carry") }),
    saml: z.strictObject({
      /** Entity id of the identity provider. */
      issuer: someText("the entity id of the identity provider"),
      /** Entity id of this API. */
      audience: someText("the entity id of this API"),
      /** What the assertion's subject confirmation names as Recipient. */
      recipient: httpsUrl,
      /** Where the identity provider publishes its signing certificates. */
      metadataUrl: httpsUrl,
    }),
    /** The origin whose browsers may call the routes that say so. */
    cors: z
      .strictObject({
        origin: text(
          /^https:\/\/[a-z0-9.-]+(:\d+)?$|^http:\/\/localhost(:\d+)?$/,
          "one origin such as https://app.example.com, without a path",
        ),
        maxAgeSeconds: z.int("0 to 86400 seconds").min(0, "0 to 86400 seconds").max(86400, "0 to 86400 seconds"),
      })
      .optional(),
    /** A name of our own for the public API; the name AWS gives is then switched off. */
    domain: z
      .strictObject({
        name: text(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "a domain name such as api.example.com"),
        certificateArn: text(
          /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]{36}$/,
          "the ARN of a certificate in ACM",
        ),
        mutualTls: z
          .strictObject({
            truststoreUri: text(/^s3:\/\/[a-z0-9.-]+\/.+\.pem$/, "s3://<bucket>/<key>.pem"),
            truststoreVersion: someText("the object's version id"),
          })
          .optional(),
      })
      .optional(),
    /** A release in two steps; see Canary in constructs/rest-api/deployment.ts. */
    canary: z
      .strictObject({
        stable: someText("any text; another one promotes the newest deployment"),
        percent: z.number("0 to 100 percent").min(0, "0 to 100 percent").max(100, "0 to 100 percent"),
      })
      .optional(),
    cognito: z.strictObject({
      /** Prefix of the hosted domain, unique in its region across all of AWS. */
      domainPrefix: text(
        /^(?!.*(aws|amazon|cognito))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
        "lower-case letters, digits and hyphens, without aws, amazon or cognito",
      ),
      mfa: z.enum(["ON", "OPTIONAL"], "ON or OPTIONAL"),
      /** Adaptive authentication and compromised-credential checks: the PLUS tier. */
      threatProtection: z.boolean("true or false"),
      selfSignUp: z.boolean("true or false"),
      /** Roles people can have; they reach the API as the `roles` claim. */
      groups: z.array(z.strictObject({ name, description: someText("what the group may do") })),
      callbackUrls: z.array(z.url("a URL"), "a list of URLs").min(1, "at least one callback URL"),
      logoutUrls: z.array(z.url("a URL"), "a list of URLs").min(1, "at least one logout URL"),
    }),
    /** What a signed request is signed for, so that a signature for one environment is worth nothing in another. */
    signingAudience: someText("the name of this environment's signature audience"),
    authorizerTtlSeconds: z.strictObject({
      oauth: ttl,
      saml: ttl,
      signedParameters: ttl,
    }),
    /** Requests one address may make in five minutes; the firewall is left out where this is. */
    firewall: z
      .strictObject({
        requestsPerFiveMinutes: z
          .int("10 or more requests in five minutes")
          .min(10, "10 or more requests in five minutes"),
      })
      .optional(),
    /** Quotas AWS has raised for the account; its defaults where left out. */
    quotas: z
      .strictObject({
        authorizersPerApi: z.int("10 or more").min(10, "10 or more"),
        resourcesPerApi: z.int("300 or more").min(300, "300 or more"),
      })
      .optional(),
    /** What callers of metered routes may use. */
    usagePlans: z.array(
      z.strictObject({
        name,
        throttle,
        callsPerMonth: z.int("more than 0 calls a month").positive("more than 0 calls a month"),
        holders: z.array(name).min(1, "at least one holder of a key"),
      }),
    ),
    throttle,
    logRetentionDays: z
      .int("a whole number of days")
      .refine((days) => RETENTION_DAYS.includes(days), `one of ${RETENTION_DAYS.join(", ")}`),
  })
  .superRefine(
    (value, context) => {
      value.partners.forEach((item, index) => {
        if (item.accountId === value.accountId) {
          context.addIssue({
            code: "custom",
            path: ["partners", index, "accountId"],
            message:
              "an account other than the API's: callers of the API's own account are governed by their identity policy alone",
          });
        }
      });
    },
    whereSound("accountId", "partners"),
  )
  .superRefine(
    ({ availabilityZones, region }, context) => {
      availabilityZones.forEach((zone, index) => {
        if (!zone.startsWith(region) || availabilityZones.indexOf(zone) !== index) {
          context.addIssue({
            code: "custom",
            path: ["availabilityZones", index],
            message: `two different zones of ${region}`,
          });
        }
      });
    },
    whereSound("availabilityZones", "region"),
  )
  .superRefine(
    ({ provisionerRoleArn, accountId }, context) => {
      if (provisionerRoleArn !== undefined && provisionerRoleArn.split(":")[4] !== accountId) {
        context.addIssue({ code: "custom", path: ["provisionerRoleArn"], message: `a role of account ${accountId}` });
      }
    },
    whereSound("accountId", "provisionerRoleArn"),
  );

/** One environment: the accounts, names and limits that differ from the others. */
export type Environment = z.infer<typeof schema>;
export type Partner = Environment["partners"][number];

/** What came of checking an environment file: the environment, or every problem of the file. */
export type Checked = { readonly environment: Environment } | { readonly problems: readonly Problem[] };

/**
 * Checks what an environment file says.
 *
 * @param file Path of the file, for the messages.
 * @returns Every problem at once: the field's path, its value, and what is allowed.
 */
export function checkEnvironment(file: string, input: unknown): Checked {
  const result = schema.safeParse(input);
  if (result.success) return { environment: result.data };
  return {
    problems: result.error.issues.flatMap((issue) => {
      const field = (path: readonly PropertyKey[]): string =>
        `${file}: ${path.map(String).join(".") || "the whole file"}`;
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => ({
          where: field([...issue.path, key]),
          what: "there is no such field.",
          next: "Correct its name, or remove it: nobody would read it.",
        }));
      }
      const value = JSON.stringify(valueAt(input, issue.path));
      return {
        where: field(issue.path),
        what: value === undefined ? "nothing is given." : `${value} is not accepted.`,
        next: `Allowed: ${issue.message.replace(/^Invalid input: expected (\w+), received \w+$/, "a value of type $1")}.`,
      };
    }),
  };
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}
