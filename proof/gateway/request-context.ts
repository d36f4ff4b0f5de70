import { requestContext as receivedContext } from "../decision/request-context";
import type { Route, Stage } from "../model/types";
import type { Exchange } from "./exchange";

/**
 * `requestContext` of a proxy event: what every authorizer saw of the request, with the caller that was found, and
 * `authorizer` only where something authorized it (recorded from AWS; identity of a role session as observed).
 */
export function requestContext(exchange: Exchange): Readonly<Record<string, unknown>> {
  const { request, decision, startedAt } = exchange;
  const { caller, authorizer } = decision.authorization;
  const context = receivedContext({
    api: decision.api,
    stage: decision.stage ?? noStage(exchange),
    route: decision.route ?? noRoute(exchange),
    request,
    now: startedAt,
  });
  const { network } = request;
  return {
    ...context,
    ...(authorizer === undefined ? {} : { authorizer }),
    extendedRequestId: exchange.extendedRequestId,
    identity: {
      ...(context["identity"] as Readonly<Record<string, unknown>>),
      ...(caller === undefined
        ? {}
        : {
            accessKey: caller.accessKeyId,
            accountId: caller.principal.accountId,
            caller: caller.userId,
            principalOrgId: caller.organizationId ?? null,
            user: caller.userId,
            userArn: caller.principal.arn,
          }),
      ...(exchange.apiKey === undefined ? {} : { apiKey: exchange.apiKey.value, apiKeyId: exchange.apiKey.id }),
      ...(network.vpc?.id === undefined ? {} : { vpcId: network.vpc.id }),
      ...(network.vpc?.endpoint === undefined ? {} : { vpceId: network.vpc.endpoint }),
    },
  };
}

/** Denials before a stage or a route was found still have a context, for gateway responses. */
function noStage({ decision }: Exchange): Stage {
  return { name: "", variables: {}, source: decision.api.source };
}

function noRoute({ decision, request }: Exchange): Route {
  return {
    method: request.method,
    path: decision.path,
    auth: { type: "NONE" },
    apiKeyRequired: false,
    requestParameters: {},
    requestModels: {},
    source: decision.api.source,
  };
}
