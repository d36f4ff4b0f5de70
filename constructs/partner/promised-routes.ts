import { asStored } from "../resource-policy/document";
import { invokeResource } from "../routes/invoke-resource";
import { routesOf, type RouteTable } from "../routes/route-table";

/** One API and the part of the contract that lives in it. */
export interface ContractedApi {
  /** `arn:aws:execute-api:<region>:<account>:<api>`, or the token that becomes it. */
  readonly executionArn: string;
  readonly stage: string;
  readonly table: RouteTable;
}

/** Who a promise is made to. */
export interface Promisee {
  readonly name: string;
  readonly accountId: string;
}

/** The routes of one API that a partner was promised, as policy resources: by name or by account. */
export function promisedToPartner({ executionArn, stage, table }: ContractedApi, partner: Promisee): string[] {
  return routesOf(table, "iam")
    .filter(
      ({ protection: { callers } }) =>
        callers.partners?.includes(partner.name) === true || callers.accounts?.includes(partner.accountId) === true,
    )
    .map((route) => invokeResource(executionArn, stage, route))
    .sort();
}

/** The routes of one API for callers of its own account. */
export function promisedToOwnAccount({ executionArn, stage, table }: ContractedApi): string[] {
  return routesOf(table, "iam")
    .filter(({ protection }) => protection.callers.ownAccount === true)
    .map((route) => invokeResource(executionArn, stage, route))
    .sort();
}

/** The identity policy that allows exactly these resources. */
export function invokePolicy(resources: readonly string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: asStored(resources) }],
  });
}
