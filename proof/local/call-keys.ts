import type { Untold } from "../decision/doubts";
import type { Caller } from "../decision/types";
import { isTold, leavesOpen, OF_ENDPOINTS, OF_SERVICES, variablesCovered, variablesOf } from "../decision/unknown-keys";
import type { AccessRequest } from "../iam/types";

/**
 * What cannot be told of a call that enters a role: all keys but those that it has here, and those that AWS gives to other
 * calls alone (AWS global condition context keys; "Actions, resources, and condition keys for AWS Security Token Service").
 *
 * @param caller absent where nothing is known of the principal beyond its name
 */
export function untoldOfAssuming(request: AccessRequest, caller?: Caller): Untold {
  const isUntold = (key: string): boolean => isUnknown(key, request, caller);
  return {
    suspectsIn: ({ statements }) => statements,
    variable: (statement) => variablesCovered(statement).find(isUntold),
    key: (condition, _, asked) => {
      const variable = variablesOf(condition).find(isUntold);
      if (variable !== undefined) return variable;
      return isUntold(condition.lowerKey) && leavesOpen(condition, asked) ? condition.key : undefined;
    },
  };
}

function isUnknown(key: string, { principal, context }: AccessRequest, caller: Caller | undefined): boolean {
  if (key === "aws:userid" && caller?.madeUpId === true) return true;
  if (context.has(key) || OF_CALL.test(key)) return false;
  // Whom a service assumes a role for (the confused deputy) it says in these.
  if (OF_SERVICES.has(key) || key === "aws:sourcearn") return principal.kind === "service";
  // The local STS is not called through an endpoint; from where else a call comes nothing says.
  if (OF_NETWORKS.has(key) || OF_ENDPOINTS.has(key)) return !context.has("aws:sourceip");
  if (OF_CALLERS.test(key)) return principal.kind === "aws" && caller === undefined;
  return OF_CLIENTS.has(key) || !isTold(key);
}

/** There where the call sends them, or its role has such tags. */
const OF_CALL = /^(?:sts:externalid$|aws:tagkeys$|aws:requesttag\/|(?:aws|iam):resourcetag\/)/;
const OF_NETWORKS = new Set(["aws:sourceip", "aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip"]);
const OF_CALLERS = /^aws:(?:userid$|principalorgid$|tokenissuetime$|principaltag\/)/;
const OF_CLIENTS = new Set(["aws:useragent", "aws:referer"]);
