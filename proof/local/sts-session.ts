import type { Role } from "../model/types";
import { SESSION_NAME } from "./credentials-principal";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SHORTEST_SESSION_SECONDS = 900;
export const EXTERNAL_ID = /^[\w+=,.@:/-]{2,1224}$/;

export interface SessionTerms {
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly externalId?: string;
}

/** What is wrong with the terms of a role session, each problem with the member it is in. */
export function sessionProblems(terms: SessionTerms, role: Role): readonly (readonly [keyof SessionTerms, string])[] {
  const problems: (readonly [keyof SessionTerms, string])[] = [];
  if (!SESSION_NAME.test(terms.sessionName)) {
    problems.push(["sessionName", `'${terms.sessionName}' is not 2 to 64 letters, digits or _+=,.@-`]);
  }
  const { durationSeconds: seconds } = terms;
  if (!Number.isInteger(seconds) || seconds < SHORTEST_SESSION_SECONDS || seconds > role.maxSessionSeconds) {
    problems.push([
      "durationSeconds",
      `${Number.isNaN(seconds) ? "it" : seconds} is not a whole number of seconds from ${SHORTEST_SESSION_SECONDS} to ${role.maxSessionSeconds}, the longest session of ${role.address}`,
    ]);
  }
  if (terms.externalId !== undefined && !EXTERNAL_ID.test(terms.externalId)) {
    problems.push(["externalId", "it is not 2 to 1224 letters, digits or _+=,.@:/-"]);
  }
  return problems;
}
