import { loadModel } from "../../proof/model/load";
import type { Model, Problem } from "../../proof/model/types";
import { scratch } from "../terraform/scratch";

export type Resources = Record<string, Record<string, unknown>>;

export const apiId = "${aws_api_gateway_rest_api.api.id}";
export const resourceId = "${aws_api_gateway_resource.orders.id}";

/** One API with `GET /orders`, into which each test puts its mistake. */
export function load(method: Record<string, unknown>, more: Resources = {}, top: Record<string, unknown> = {}): Model {
  const resource: Resources = {
    aws_api_gateway_rest_api: { api: { name: "api" } },
    aws_api_gateway_resource: {
      orders: {
        rest_api_id: apiId,
        parent_id: "${aws_api_gateway_rest_api.api.root_resource_id}",
        path_part: "orders",
      },
    },
    aws_api_gateway_method: {
      get: { rest_api_id: apiId, resource_id: resourceId, http_method: "GET", authorization: "AWS_IAM", ...method },
    },
    aws_api_gateway_integration: {
      get: { rest_api_id: apiId, resource_id: resourceId, http_method: "GET", type: "MOCK" },
    },
    aws_api_gateway_stage: { live: { rest_api_id: apiId, stage_name: "live" } },
  };
  for (const [type, named] of Object.entries(more)) resource[type] = { ...resource[type], ...named };
  const provider = { aws: { region: "eu-west-1", allowed_account_ids: ["111111111111"] } };
  return loadModel(scratch({ "main.tf.json": { provider, resource, ...top } }));
}
export const [errors, warnings] = (["error", "warning"] as const).map(
  (severity) =>
    (model: Model): Problem[] =>
      model.problems.filter((problem) => problem.severity === severity),
) as [(model: Model) => Problem[], (model: Model) => Problem[]];
