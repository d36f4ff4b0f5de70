/** Worlds with a resource policy, and what one rule makes of them. */
import type { Rule } from "../../../proof/analysis/checks/rule";
import type { Api, RouteAuth, VpcEndpoint } from "../../../proof/model/types";
import { ACCOUNT, PARTNER, cognitoAuthorizer, findings, route, source, tokenAuthorizer } from "./support";

export { ACCOUNT, PARTNER, resourcePolicy, route, statement } from "./support";

export const IAM: RouteAuth = { type: "AWS_IAM" };
export const LAMBDA: RouteAuth = { type: "CUSTOM", authorizer: tokenAuthorizer() };
export const COGNITO: RouteAuth = {
  type: "COGNITO_USER_POOLS",
  authorizer: cognitoAuthorizer(),
  scopes: ["orders/read"],
};
export const orders = (auth: RouteAuth = { type: "NONE" }) => [route("GET", "/orders", auth)];
export const account = (id: string) => ({ AWS: `arn:aws:iam::${id}:root` });
export const endpoint: VpcEndpoint = {
  address: "aws_vpc_endpoint.api",
  id: "vpce-0a1b2c3d4e5f60718",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  accountId: ACCOUNT,
  serviceName: "com.amazonaws.us-east-1.execute-api",
  source: source("aws_vpc_endpoint.api"),
};
export const inVpc = { endpointType: "PRIVATE", routes: orders() } as const;
export const fromVpce = { StringEquals: { "aws:SourceVpce": endpoint.id } };
export const when = (Condition: Record<string, unknown>) => ({ Condition });

export interface Case {
  readonly what: string;
  readonly rule: Rule;
  readonly world: Partial<Api>;
  /** Of the witness: what is decided of it; null where there is none. */
  readonly witness?: Record<string, unknown>;
  readonly says?: RegExp;
  /** `error` unless it says otherwise. */
  readonly severity?: "warning";
}

export const spared = (effect: string) => ({
  Effect: effect,
  NotPrincipal: account(PARTNER),
  Action: "execute-api:Invoke",
  Resource: "execute-api:/*",
});

/** Each of the triggers is found once, with a witness; none of the near misses is. */
export function holdRules(triggers: readonly Case[], nearMisses: readonly Case[]): void {
  it.each(triggers)("$rule.name finds $what", ({ rule, world, witness, says, severity = rule.severity }) => {
    const found = findings(rule, world, { vpcEndpoints: [endpoint] });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      rule: rule.name,
      severity,
      where: { address: expect.stringContaining("policy") },
    });
    if (says !== undefined) expect(found[0]?.message).toMatch(says);
    expect(found[0]?.witness).toMatchObject({ api: "orders", stage: "dev", ...witness });
  });

  it.each(nearMisses)("$rule.name finds nothing in $what", ({ rule, world }) => {
    expect(findings(rule, world, { vpcEndpoints: [endpoint] })).toEqual([]);
  });
}
