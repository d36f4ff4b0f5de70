import type { Stage } from "../model/types";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import { phaseVariables } from "./phases";
import type { ExtraVariables, Template } from "./variables";
import { compileTemplate, renderTemplate, Variables } from "./variables";

/** What is known of one exchange once it is answered. */
export interface Outcome {
  readonly answer: Answer;
  /** Of the error that was answered. */
  readonly error?: ExtraVariables;
  /** How long the integration took, in ms; absent where it was not asked. */
  readonly integrationLatency?: number;
  readonly integrationStatus?: number;
  readonly integrationError?: string;
}

/** The access-log formats of an API's stages, taken apart once; no entry where a stage logs nothing. */
export function compileAccessLogs(stages: readonly Stage[]): ReadonlyMap<string, Template> {
  return new Map(
    stages.flatMap(({ name, accessLogFormat }) =>
      accessLogFormat === undefined || accessLogFormat === ""
        ? []
        : [[name, compileTemplate(accessLogFormat)] as const],
    ),
  );
}

/**
 * One line in the stage's own format; a variable without a value is `-`
 * (docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html). What a caller sent cannot end the line or a
 * JSON string in it; how AWS writes such values is UNCONFIRMED.
 */
export function accessLogLine(format: Template, exchange: Exchange, outcome: Outcome): string {
  const { answer, error, integrationLatency, integrationStatus, integrationError } = outcome;
  const { startedAt, traceId } = exchange;
  const variables = new Variables(exchange, {
    ...error,
    ...phaseVariables(exchange),
    "authorizer.latency": authorizerLatency(exchange),
    status: answer.status,
    responseLength: Buffer.byteLength(answer.body),
    responseLatency: Date.now() - startedAt,
    xrayTraceId: traceId,
    integrationLatency,
    "integration.latency": integrationLatency,
    "integration.status": integrationStatus,
    integrationStatus,
    "integration.integrationStatus": integrationStatus,
    integrationErrorMessage: integrationError,
    "integration.error": integrationError,
  });
  return renderTemplate(format, variables, "-", escaped);
}

/** Absent where the answer came from the cache, or no function was asked. */
function authorizerLatency({ decision }: Exchange): number | undefined {
  const latency = decision.authorization.authorizer?.["integrationLatency"];
  return typeof latency === "number" ? latency : undefined;
}

/** `$context.error.messageString` comes with its quotes; nothing else does. */
function escaped(value: string, name: string): string {
  return name === "error.messageString" ? value : JSON.stringify(value).slice(1, -1);
}
