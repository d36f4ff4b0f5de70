import { lacksVariable, withStageVariables } from "../decision/stage-variables";
import type { Integration } from "../model/types";
import type { Exchange } from "./exchange";
import type { IntegrationOutcome, IntegrationTools } from "./integrate";
import { badGateway, integrationTimeout, notInvocable, requestTooLarge } from "./integration-errors";
import { proxyEvent } from "./proxy-event";
import { proxyAnswer } from "./proxy-response";
import { headerOf } from "./wire";

/** Lambda's limit for a synchronous payload, in bytes (docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const maxPayloadBytes = 6 * 1024 * 1024;

/** Invokes the function of a Lambda proxy integration. */
export async function callLambda(
  exchange: Exchange,
  integration: Extract<Integration, { type: "AWS_PROXY" }>,
  { runtime, mayInvoke }: IntegrationTools,
): Promise<IntegrationOutcome> {
  const { decision, isBinary, request } = exchange;
  const { credentialsArn } = integration;
  const functionArn = withStageVariables(integration.functionArn, decision.stage);
  if (functionArn === undefined)
    return { denial: notInvocable(), because: lacksVariable(integration.functionArn, decision.stage) };
  const refused = mayInvoke({
    service: "apigateway.amazonaws.com",
    functionArn,
    credentialsArn,
    sourceArn: decision.methodArn,
    sourceAccount: decision.api.accountId,
  });
  if (refused !== undefined) return { denial: notInvocable(), because: refused };

  const event = proxyEvent(exchange);
  // Only a body of some size can bring the event to the limit, so that no other event is measured.
  if (request.body.length > maxPayloadBytes / 4 && Buffer.byteLength(JSON.stringify(event)) > maxPayloadBytes) {
    return { denial: requestTooLarge(), because: "The event for the function is larger than Lambda's limit of 6 MB." };
  }
  const result = await runtime.invoke({ functionArn, event, giveUpAfterMs: integration.timeoutMs });
  switch (result.kind) {
    case "gave-up":
      return {
        denial: integrationTimeout(),
        because: `The function did not answer within the integration's timeout of ${integration.timeoutMs} ms.`,
      };
    case "cannot-invoke":
      return { denial: notInvocable(), because: result.because };
    case "error":
      return { denial: badGateway(), because: `The function failed: ${result.errorType}: ${result.errorMessage}` };
    case "payload": {
      const answer = proxyAnswer(result.payload, isBinary(firstAccepted(exchange)));
      if (answer !== undefined && answer.body.length <= maxPayloadBytes) return { answer };
      const because =
        answer === undefined
          ? `The function's answer is not a proxy response { statusCode, headers, multiValueHeaders, body, isBase64Encoded } with a text body: ${excerpt(result.payload)}`
          : "The function's answer is larger than Lambda's limit of 6 MB.";
      return { denial: badGateway(), because };
    }
  }
}

/** API Gateway looks at the first media type of Accept only (…/lambda-proxy-binary-media.html). */
function firstAccepted(exchange: Exchange): string | undefined {
  return headerOf(exchange.request.headers, "accept")?.split(",")[0];
}

function excerpt(payload: unknown): string {
  const text = JSON.stringify(payload) ?? "undefined";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
