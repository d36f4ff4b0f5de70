/** Fields that several parts of an environment file share, each with what is allowed in words. */
import { z } from "zod";
import { problemOfRange } from "./cidr";

/** A text of a form; `allowed` says the form in words, for a person who wrote something else or nothing. */
export const text = (form: RegExp, allowed: string): z.ZodString => z.string(allowed).regex(form, allowed);

/** Any text but an empty one. */
export const someText = (allowed: string): z.ZodString => z.string(allowed).min(1, allowed);

/** Days CloudWatch Logs accepts as retention. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const accountId = text(/^\d{12}$/, "an AWS account id has twelve digits, written as a string");
export const name = text(
  /^[a-z][a-z0-9-]{1,20}$/,
  "2 to 21 lower-case letters, digits and hyphens, starting with a letter",
);
export const roleArn = text(
  /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
  "the ARN of a role: arn:aws:iam::<account>:role/<name>",
);
export const httpsUrl = z.url({ protocol: /^https$/, error: "an https:// URL" });
export const ttl = z.int("0 to 3600 seconds").min(0, "0 to 3600 seconds").max(3600, "0 to 3600 seconds");
export const throttle = z.strictObject({
  requestsPerSecond: z.number("more than 0 requests per second").positive("more than 0 requests per second"),
  burst: z.int("more than 0 requests").positive("more than 0 requests"),
});
export const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as eu-west-1");

export const range = z.string("a range in CIDR notation such as 192.0.2.0/24").superRefine((text, context) => {
  const problem = problemOfRange(text);
  // A field that asks for more of its range says nothing of one that is none.
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem, continue: false });
});

/**
 * For a rule over several fields: it runs wherever those it reads are sound, so that it is told beside what is wrong with
 * others. By itself zod leaves such rules out until every field is right.
 */
export const whereSound = (...fields: readonly string[]): z.core.$ZodSuperRefineParams => ({
  when: ({ issues }) =>
    !issues.some(({ code, path: [field] = [] }) =>
      field === undefined ? code !== "unrecognized_keys" : fields.includes(String(field)),
    ),
});
