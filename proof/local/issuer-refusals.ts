import type { InputProblem } from "../errors";
import type { UserPool, UserPoolClient } from "../model/types";
import { RESERVED_CLAIMS } from "./cognito/trigger";
import { allowedScopes, hasUserFlow } from "./issuer-flows";
import type { TokenRequest } from "./issuer-request";

export function machineProblems(client: UserPoolClient, request: TokenRequest): InputProblem[] {
  const problems: InputProblem[] = [];
  if (request.use === "id") {
    problems.push({
      what: `An ID token was asked of ${client.name}, which has the client-credentials grant: there is no user to identify.`,
      next: "Leave --use out, or name a --user.",
    });
  }
  if (request.groups.length > 0) {
    problems.push({
      what: `Groups (${request.groups.join(", ")}) were asked of ${client.name}, but a client is in no group.`,
      next: "Name a --user.",
    });
  }
  return problems;
}

export function userProblems(
  pool: UserPool,
  client: UserPoolClient,
  request: TokenRequest,
  groups: readonly string[],
): InputProblem[] {
  const problems: InputProblem[] = [];
  // An empty list means Cognito's default, which lets users sign in.
  const signIns = client.explicitAuthFlows.filter((flow) => !flow.endsWith("REFRESH_TOKEN_AUTH"));
  if (!hasUserFlow(client) && client.explicitAuthFlows.length > 0 && signIns.length === 0) {
    problems.push({
      what: `No user can sign in to ${client.name}: it has neither the code flow nor a sign-in flow of the API.`,
      where: client.address,
      next: "Leave --user out, or name another client.",
    });
  }
  for (const group of request.groups.filter((name) => !groups.includes(name))) {
    problems.push({
      what: `The user pool has no group '${group}'.`,
      where: pool.address,
      next: `${groups.length === 0 ? "It has no groups." : `Its groups are: ${groups.join(", ")}.`} While serve runs, aws cognito-idp create-group makes one.`,
    });
  }
  if (request.use === "id" && request.scopes.length > 0) {
    problems.push({
      what: `An ID token carries no scopes, but --scope ${request.scopes.join(" ")} was given.`,
      next: "Leave --scope out, or ask for --use access.",
    });
  }
  return problems;
}

export function scopeProblems(client: UserPoolClient, request: TokenRequest, machine: boolean): InputProblem[] {
  const allowed = allowedScopes(client, machine);
  const refused = request.scopes.filter((scope) => !allowed.includes(scope));
  if (refused.length === 0) return [];
  return [
    {
      what: `${client.name} may not ask for ${refused.join(" ")}${machine || hasUserFlow(client) ? "" : " for a user"}.`,
      where: client.address,
      next: allowed.length === 0 ? "It may ask for no scope at all." : `It may ask for: ${allowed.join(" ")}.`,
    },
  ];
}

export function claimProblems(request: TokenRequest): InputProblem[] {
  return Object.keys(request.claims)
    .filter((name) => RESERVED_CLAIMS.test(name))
    .map((name) => ({
      what: `The claim ${name} is set by the issuer and cannot be given.`,
      next: "Use the command's own options.",
    }));
}
