import { own } from "../terraform/json";
import type { Module } from "../terraform/module-view";
import type { Reading } from "./reading";

/** Types whose meaning is in the model. */
const read = new Set([
  "aws_api_gateway_rest_api",
  "aws_api_gateway_rest_api_policy",
  "aws_api_gateway_resource",
  "aws_api_gateway_method",
  "aws_api_gateway_integration",
  "aws_api_gateway_integration_response",
  "aws_api_gateway_authorizer",
  "aws_api_gateway_deployment",
  "aws_api_gateway_stage",
  "aws_api_gateway_method_settings",
  "aws_api_gateway_gateway_response",
  "aws_api_gateway_request_validator",
  "aws_api_gateway_model",
  "aws_api_gateway_usage_plan",
  "aws_api_gateway_usage_plan_key",
  "aws_api_gateway_api_key",
]);

/** Types that change neither who is let in nor what is answered. */
const harmless = new Set([
  "aws_api_gateway_account",
  "aws_api_gateway_method_response",
  "aws_api_gateway_client_certificate",
  "aws_api_gateway_documentation_part",
  "aws_api_gateway_documentation_version",
  // What they leave out is reported with the stages that it is about.
  "aws_api_gateway_domain_name",
  "aws_api_gateway_base_path_mapping",
  // Reported where an integration uses it.
  "aws_api_gateway_vpc_link",
]);

/** Types that are left out: what they would change is said. */
const leftOut: Readonly<Record<string, string>> = {
  aws_api_gateway_domain_name_access_association: "private custom domains are left out",
  aws_apigatewayv2_api: "HTTP and WebSocket APIs are not read",
};

/** Reports what the configuration holds and the model leaves out. */
export function reportUnread(reading: Reading): void {
  for (const module of reading.modules) {
    reportTypes(reading, module);
    reportModuleCalls(reading, module);
    for (const [address, assumption] of module.assumptions()) {
      reading.report(assumption, { file: module.mainFile, address }, "warning");
    }
    for (const [name, context] of module.usedProviders()) {
      for (const assumption of context.assumptions) {
        reading.report(assumption, { file: module.mainFile, address: `provider.${name}` }, "warning");
      }
    }
  }
}

function reportTypes(reading: Reading, module: Module): void {
  for (const type of module.types()) {
    const reason = own(leftOut, type);
    const unsupported = type.startsWith("aws_api_gateway_") && !read.has(type) && !harmless.has(type);
    if (reason === undefined && !unsupported) continue;
    for (const { address, file } of module.declarations(type)) {
      reading.report(
        reason === undefined ? `${type} is not supported` : `${address}: ${reason}`,
        { file, address },
        reason === undefined ? "error" : "warning",
      );
    }
  }
}

/** A called module may add to an API whatever it is given; without the API's id it cannot. */
function reportModuleCalls(reading: Reading, module: Module): void {
  for (const { name, file, json } of module.moduleCalls()) {
    const reaches = JSON.stringify(json).includes("aws_api_gateway_");
    reading.report(
      `module.${name} is not read${reaches ? ", and it is given part of an API" : ""}: use the output of terraform show -json to include it`,
      { file, address: `module.${name}` },
      reaches ? "error" : "warning",
    );
  }
}
