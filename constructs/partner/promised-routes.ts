import { refuse, type Problem } from "../problems";
import { asStored } from "../resource-policy/document";
import { folded, type RoutePattern } from "../routes/folded";
import { invokeResource } from "../routes/invoke-resource";
import type { IamCallers } from "../routes/protection";
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

/** Characters of a managed policy; one that stands in a role may have 10,240. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const POLICY_LIMIT = 6144;
/** As long as an execution ARN gets, which synthesis does not know: the longest region and a partition of their own. */
const SAMPLE_ARN = "arn:aws-us-gov:execute-api:ap-southeast-2:111111111111:abcdefghij";

/**
 * The routes of APIs that a partner was promised, as policy resources: by name or by account. Folded where a policy has
 * no room for each (see `folded`).
 *
 * @throws SynthesisError where they do not fit even so.
 */
export function promisedToPartner(apis: readonly ContractedApi[], partner: Promisee): string[] {
  return promised(apis, `partner ${partner.name}`, ({ partners, accounts }) =>
    Boolean(partners?.includes(partner.name) || accounts?.includes(partner.accountId)),
  );
}

/** The routes of one API for callers of its own account, as `promisedToPartner`. */
export function promisedToOwnAccount(api: ContractedApi): string[] {
  return promised([api], "callers of the API's own account", ({ ownAccount }) => ownAccount === true);
}

/** The identity policy that allows exactly these resources. */
export function invokePolicy(resources: readonly string[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: asStored(resources) }],
  });
}

type Naming = (granted: readonly RoutePattern[], others: readonly RoutePattern[]) => readonly RoutePattern[];

function promised(apis: readonly ContractedApi[], to: string, isPromised: (callers: IamCallers) => boolean): string[] {
  const resources = (named: Naming, arnOf: (api: ContractedApi) => string): string[] =>
    apis
      .flatMap((api) => {
        const routes = routesOf(api.table, "iam");
        const granted = routes.filter(({ protection }) => isPromised(protection.callers));
        const others = routes.filter((route) => !granted.includes(route));
        return named(granted, others).map((route) => invokeResource(arnOf(api), api.stage, route));
      })
      .sort();
  const length = (named: Naming): number => invokePolicy(resources(named, () => SAMPLE_ARN)).length;
  const each: Naming = (granted) => granted;
  const naming = length(each) <= POLICY_LIMIT ? each : folded;
  refuse(length(naming) <= POLICY_LIMIT ? [] : [tooLong(to, length(naming))]);
  return resources(naming, ({ executionArn }) => executionArn);
}

function tooLong(to: string, characters: number): Problem {
  return {
    where: "environments/routes.ts",
    what: `the policy for ${to} would have ${characters} characters; IAM takes ${POLICY_LIMIT}.`,
    next: "Put the routes of the same callers below one path of their own, or split the API.",
  };
}
