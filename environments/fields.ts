/** Fields that several parts of an environment file share, each with what is allowed in words. */
import { z } from "zod";
import { problemOfRange } from "./cidr";

/** Days CloudWatch Logs accepts as retention. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const accountId = z.string().regex(/^\d{12}$/, "an AWS account id has twelve digits, written as a string");
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,20}$/, "2 to 21 lower-case letters, digits and hyphens, starting with a letter");
export const roleArn = z
  .string()
  .regex(/^arn:aws(-[a-z]+)*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "the ARN of a role: arn:aws:iam::<account>:role/<name>");
export const httpsUrl = z.url({ protocol: /^https$/, error: "an https:// URL" });
export const ttl = z.int().min(0, "0 to 3600 seconds").max(3600, "0 to 3600 seconds");
export const throttle = z.strictObject({
  requestsPerSecond: z.number().positive("more than 0 requests per second"),
  burst: z.int().positive("more than 0 requests"),
});
export const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as eu-west-1");

export const range = z.string().superRefine((text, context) => {
  const problem = problemOfRange(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});
