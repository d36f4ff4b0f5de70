import { ApiGatewayApiKey } from "@cdktf/provider-aws/lib/api-gateway-api-key";
import { ApiGatewayUsagePlanKey } from "@cdktf/provider-aws/lib/api-gateway-usage-plan-key";
import { ApiGatewayUsagePlan } from "@cdktf/provider-aws/lib/api-gateway-usage-plan";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";
import type { Throttle } from "../routes/route";
import type { RestApi } from "./rest-api";

/** What callers of metered routes may use. */
export interface Plan {
  readonly name: string;
  readonly throttle: Throttle;
  /** Calls a month. */
  readonly callsPerMonth: number;
  /** Who gets a key. */
  readonly holders: readonly string[];
}

export interface UsagePlansProps {
  readonly provider: AwsProvider;
  readonly api: RestApi;
  readonly apiName: string;
  readonly plans: readonly Plan[];
}

/**
 * Meters the routes that ask for it. A key says who is counted and is no authentication: it is sent in plain, and it
 * opens every API of its plan. AWS makes its value; read it with `aws apigateway get-api-key --include-value`.
 */
export class UsagePlans extends Construct {
  constructor(scope: Construct, id: string, props: UsagePlansProps) {
    super(scope, id);
    const { provider } = props;
    for (const plan of props.plans) {
      const usagePlan = new ApiGatewayUsagePlan(this, plan.name, {
        provider,
        name: `${props.apiName}-${plan.name}`,
        apiStages: [{ apiId: props.api.api.id, stage: props.api.stage.stage.stageName }],
        quotaSettings: { limit: plan.callsPerMonth, period: "MONTH" },
        throttleSettings: { rateLimit: plan.throttle.requestsPerSecond, burstLimit: plan.throttle.burst },
      });
      for (const holder of plan.holders) {
        const key = new ApiGatewayApiKey(this, `${plan.name}-${holder}`, {
          provider,
          name: `${props.apiName}-${holder}`,
        });
        new ApiGatewayUsagePlanKey(this, `${plan.name}-${holder}-member`, {
          provider,
          keyId: key.id,
          keyType: "API_KEY",
          usagePlanId: usagePlan.id,
        });
      }
    }
  }
}
