import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Construct } from "constructs";

export interface ApiDashboardProps {
  readonly provider: AwsProvider;
  readonly apiName: string;
  readonly stage: string;
  readonly region: string;
  readonly authorizers: readonly string[];
  readonly accessLogName: string;
}

/** One page about an API: how much, how slow, and who is being refused why. */
export class ApiDashboard extends Construct {
  constructor(scope: Construct, id: string, props: ApiDashboardProps) {
    super(scope, id);
    const { region } = props;
    const api = (metric: string, stat: string): unknown[] => [
      "AWS/ApiGateway",
      metric,
      "ApiName",
      props.apiName,
      "Stage",
      props.stage,
      { stat },
    ];
    const graph = (title: string, metrics: unknown[][]) => ({
      type: "metric",
      properties: { title, region, metrics, period: 300 },
    });
    const table = (title: string, query: string) => ({
      type: "log",
      properties: { title, region, view: "table", query: `SOURCE '${props.accessLogName}' | ${query}` },
    });
    const widgets = [
      graph("Calls and errors", [api("Count", "Sum"), api("4XXError", "Sum"), api("5XXError", "Sum")]),
      graph("Latency (ms)", [api("Latency", "p50"), api("Latency", "p99"), api("IntegrationLatency", "p99")]),
      graph(
        "Authorizers",
        props.authorizers.flatMap((name) => [
          ["AWS/Lambda", "Duration", "FunctionName", name, { stat: "p99" }],
          ["AWS/Lambda", "Errors", "FunctionName", name, { stat: "Sum" }],
        ]),
      ),
      table(
        "Refused, by route and reason",
        "filter status >= 400 | stats count(*) as calls by route, status, errorType | sort calls desc",
      ),
      table("Callers", "stats count(*) as calls by callerAccount, principal, subject | sort calls desc"),
    ];
    new CloudwatchDashboard(this, "dashboard", {
      provider: props.provider,
      dashboardName: props.apiName,
      dashboardBody: JSON.stringify({
        widgets: widgets.map((widget, index) => ({
          ...widget,
          width: 12,
          height: 6,
          x: (index % 2) * 12,
          y: Math.floor(index / 2) * 6,
        })),
      }),
    });
  }
}
