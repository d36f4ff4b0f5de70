/** What the cases are written with. */
import type { Parts } from "./configuration";
import { ARN, cached, orders, partner, PARTNER, policy, pool, route } from "./configuration";

export interface Change {
  /** The mistake. */
  readonly name: string;
  /** Who made it, or where it is described. */
  readonly told?: string;
  readonly base: Parts;
  readonly head: Parts;
  /** `kind method path: who [from network]`, in any order. */
  readonly found: readonly string[];
}

export const [denied, open, granted] = orders.statements ?? [];
export const ROLE = `arn:aws:iam::${PARTNER}:role/partner`;

type Statement = NonNullable<Parts["statements"]>[number] | undefined;
const present = (list: readonly Statement[]): NonNullable<Statement>[] => list.filter((one) => one !== undefined);
export const rp = (...list: Statement[]): Parts => ({ ...orders, statements: present(list) });
export const only = (...routes: Parts["routes"][number][]): Parts => ({ ...orders, statements: undefined, routes });
export const policed = (route: Parts["routes"][number], ...list: Statement[]): Parts => ({
  ...orders,
  routes: [route],
  statements: present(list),
});
export const iam = { type: "AWS_IAM" } as const;
export const cognito = (scopes: readonly string[], authorizer = pool) =>
  ({ type: "COGNITO_USER_POOLS", authorizer, scopes }) as const;
export const lambda = (authorizer = cached) => ({ type: "CUSTOM", authorizer }) as const;
export const custom = (more: Partial<typeof cached>) => lambda({ ...cached, ...more });
export const trust = (...list: unknown[]): Parts => ({
  ...orders,
  roles: [{ ...partner, trustPolicy: policy(list, "aws_iam_role.partner.assume_role_policy") }],
});
export const assume = (Principal: unknown, Condition?: unknown) => ({
  Effect: "Allow",
  Principal,
  Action: "sts:AssumeRole",
  ...(Condition === undefined ? {} : { Condition }),
});
export const external = { StringEquals: { "sts:ExternalId": "orders-7c1f" } };
export const ordersRoute = route("GET", "/orders", iam);
/** A Deny for all but these. */
export const sparing = (NotPrincipal: unknown) => ({
  Effect: "Deny",
  NotPrincipal,
  Action: "execute-api:Invoke",
  Resource: everything,
});
export const everything = `${ARN}/*`;
export const inRange = (key: string, ...cidrs: string[]) => ({ IpAddress: { [key]: cidrs } });
