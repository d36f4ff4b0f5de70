import type { APIGatewayAuthorizerResult, Statement } from "aws-lambda";
import { denials } from "./denials";
import { resourcePath, type Methods, type Pattern } from "./route-overlap";
import { mayCall, type Entitlements } from "./routes";

/** Who an authorizer found the caller to be. */
export interface Caller extends Entitlements {
  /** Ends up in `$context.authorizer.principalId` and in the access log. */
  readonly principalId: string;
  /** When what the caller presented ceases to be valid, in seconds since the epoch. */
  readonly expires: number;
  /** Handed to the integration, which gets every value as a string; members without a value are left out. */
  readonly context: Readonly<Record<string, string | number | boolean | undefined>>;
}

/**
 * The largest answer given, in characters. API Gateway documents 8 KB for WebSocket authorizers and no limit for REST;
 * failing here is better than learning from AWS what happens beyond.
 */
const MAXIMUM_CHARACTERS = 8192;
/** Of one resource in the policy, from API Gateway's page on the output of a Lambda authorizer. */
const MAXIMUM_RESOURCE_CHARACTERS = 512;

/**
 * The one policy that says everything `caller` may call among `methods` on the API and stage of `methodArn`.
 *
 * API Gateway caches the answer under the caller's credentials alone and evaluates it again, conditions included, for
 * whatever method comes next. So it does not mention the method at hand but every route of the authorizer:
 *
 * - Allow, until `expires`, on each granted route;
 * - Deny on what must stay shut beside them (see `denials`);
 * - Deny on everything from `expires` on: an Allow that has expired is merely left out, and a resource policy that
 *   allows admits what a Lambda authorizer's policy leaves out (API Gateway's authorization flow, table A);
 * - Deny on everything where nothing is granted.
 *
 * @throws Error where the ARN is not one of execute-api or the policy grows too large; the request ends with a 500.
 */
export function authorizerPolicy(methodArn: string, methods: Methods, caller: Caller): APIGatewayAuthorizerResult {
  const stage = stageArn(methodArn);
  const arns = (list: readonly Pattern[]): string[] =>
    list.map(({ verb, path }) => `${stage}/${verb}${resourcePath(path)}`);
  const everything = [`${stage}/*`];

  const granted = methods.all.filter(({ route }) => mayCall(caller, route));
  if (granted.length === 0) return answer(caller, [statement("Deny", everything)]);

  const denied = denials(methods, granted);
  const expiry = isoSeconds(caller.expires);
  return answer(caller, [
    statement("Allow", arns(granted), { DateLessThan: { "aws:CurrentTime": expiry } }),
    ...(denied.length === 0 ? [] : [statement("Deny", arns(denied))]),
    statement("Deny", everything, { DateGreaterThanEquals: { "aws:CurrentTime": expiry } }),
  ]);
}

/** `arn:{partition}:execute-api:{region}:{account}:{api}/{stage}` of a method ARN; the root's ends in `/GET/`. */
function stageArn(methodArn: string): string {
  const stage = /^(arn:[^:/]+:execute-api:[^:/]+:[^:/]+:[^:/*?]+\/[^:/*?]+)\/[A-Z]+\//.exec(methodArn)?.[1];
  if (stage === undefined) throw new Error(`methodArn "${methodArn}" is not arn:…:execute-api:…/stage/VERB/path.`);
  return stage;
}

function statement(Effect: "Allow" | "Deny", Resource: string[], Condition?: Statement["Condition"]): Statement {
  const tooLong = Resource.find((resource) => resource.length > MAXIMUM_RESOURCE_CHARACTERS);
  if (tooLong !== undefined) {
    throw new Error(`Resource ${tooLong} has ${tooLong.length} of at most ${MAXIMUM_RESOURCE_CHARACTERS} characters.`);
  }
  return { Effect, Action: "execute-api:Invoke", Resource, ...(Condition === undefined ? {} : { Condition }) };
}

function answer(caller: Caller, Statement: Statement[]): APIGatewayAuthorizerResult {
  const context: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(caller.context)) if (value !== undefined) context[name] = value;
  const result = { principalId: caller.principalId, policyDocument: { Version: "2012-10-17", Statement }, context };
  const characters = JSON.stringify(result).length;
  if (characters > MAXIMUM_CHARACTERS) {
    throw new Error(
      `The authorizer's answer has ${characters} of at most ${MAXIMUM_CHARACTERS} characters; ` +
        "give some of its routes an authorizer of their own.",
    );
  }
  return result;
}

/** The last second that four digits of a year can say. */
const LATEST = 253_402_300_799;

/** IAM dates have no fractions here; rounding down never lets a caller in for longer. */
const isoSeconds = (epochSeconds: number): string =>
  new Date(Math.min(Math.floor(epochSeconds), LATEST) * 1000).toISOString().replace(".000Z", "Z");
