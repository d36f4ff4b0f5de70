import type { Decision, Denial, TraceStep } from "../decision/types";
import type { Outcome } from "./access-log";
import { accessLogLine } from "./access-log";
import type { Answer } from "./answer";
import type { Exchange } from "./exchange";
import { errorVariables, renderDenial } from "./gateway-responses";
import type { IntegrationTools } from "./integrate";
import type { Reporter } from "./reporter";
import type { ServedApi } from "./served-api";
import type { Check } from "./usage";

/**
 * From the decision to the answer, in AWS's order: API key, usage plan and throttle, request validation, integration.
 * That the key and the validator come after authorization is UNCONFIRMED where the key is read from the header; it is
 * the side that tells a stranger least.
 */
export async function answerExchange(
  exchange: Exchange,
  served: ServedApi,
  tools: IntegrationTools,
  reporter: Reporter,
): Promise<Answer> {
  const { decision } = exchange;
  if (decision.denial !== undefined) return refuse(exchange, served, decision.denial, reporter);
  const usage = served.usage.check(exchange);
  if (usage.outcome === "refuse") return refuse(refusedBy(exchange, usage), served, usage.denial, reporter);
  const admitted = usage.apiKey === undefined ? exchange : { ...exchange, apiKey: usage.apiKey };
  const { route } = decision;
  const integrate = route === undefined ? undefined : served.integrations.get(route);
  if (route === undefined || integrate === undefined)
    throw new Error(`${served.api.address} admitted an unknown route.`);
  const validator = served.validators.get(route);
  const valid = validator?.(admitted) ?? { outcome: "pass" };
  if (valid.outcome === "refuse") return refuse(refusedBy(admitted, valid), served, valid.denial, reporter);

  const started = performance.now();
  const outcome = await integrate(admitted, tools);
  const integrationLatency = Math.round(performance.now() - started);
  if ("answer" in outcome) {
    const { answer } = outcome;
    reporter.admitted(admitted, answer.status);
    log(admitted, served, { answer, integrationLatency, integrationStatus: answer.status }, reporter);
    return { ...answer, headers: [...answer.headers, ["X-Amzn-Trace-Id", exchange.traceId]] };
  }
  const { denial, because } = outcome;
  const answer = renderDenial(denial, served.responses, admitted);
  reporter.failed(admitted, answer.status, because);
  log(
    admitted,
    served,
    { answer, error: errorVariables(denial), integrationLatency, integrationError: because },
    reporter,
  );
  return answer;
}

function refuse(exchange: Exchange, served: ServedApi, denial: Denial, reporter: Reporter): Answer {
  const answer = renderDenial(denial, served.responses, exchange);
  reporter.denied(exchange, answer.status, String(answer.body));
  log(exchange, served, { answer, error: errorVariables(denial) }, reporter);
  return answer;
}

/** The exchange with a decision that ends in the check that refused it. */
function refusedBy(exchange: Exchange, { denial, step }: Extract<Check, { outcome: "refuse" }>): Exchange {
  const { decision } = exchange;
  const refused: Decision = {
    ...decision,
    outcome: "deny",
    denial,
    get trace(): readonly TraceStep[] {
      return [...decision.trace, step];
    },
  };
  return { ...exchange, decision: refused };
}

function log(exchange: Exchange, { accessLogs }: ServedApi, outcome: Outcome, reporter: Reporter): void {
  const format = accessLogs.get(exchange.decision.stage?.name ?? "");
  if (format !== undefined) reporter.access(exchange, accessLogLine(format, exchange, outcome));
}
