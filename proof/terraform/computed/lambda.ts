import type { Resource } from "../resource";
import { compose, generatedName, regionalArn, same } from "./table";
import type { AttributeTable } from "./table";
import { toText, Unknown } from "../value";
import type { Value } from "../value";

/** The URI under which API Gateway invokes a function. */
function invokeArn(resource: Resource, functionArn: Value): Value {
  const { partition, region } = resource.provider;
  return compose(
    `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/`,
    functionArn,
    "/invocations",
  );
}

/** Name, partial ARN or full ARN of a function, without a qualifier, as `function_name` arguments allow. */
export function functionName(given: Value): Value {
  if (given instanceof Unknown) return given;
  const text = toText(given) ?? "";
  const behind = text.includes(":function:") ? text.slice(text.indexOf(":function:") + ":function:".length) : text;
  return behind.split(":")[0] ?? "";
}

const functionArn = (resource: Resource): Value =>
  regionalArn(resource, "lambda", "function:", functionName(resource.attribute("function_name")));

export const lambda: Readonly<Record<string, AttributeTable>> = {
  aws_lambda_function: {
    id: same("function_name"),
    arn: functionArn,
    // The first version that `publish` makes; without it there is only $LATEST.
    version: (fn) => (fn.configured("publish") === true ? "1" : "$LATEST"),
    qualified_arn: (fn) => compose(fn.attribute("arn"), ":", fn.attribute("version")),
    invoke_arn: (fn) => invokeArn(fn, fn.attribute("arn")),
    qualified_invoke_arn: (fn) => invokeArn(fn, fn.attribute("qualified_arn")),
  },
  aws_lambda_alias: {
    id: same("arn"),
    arn: (alias) => compose(functionArn(alias), ":", alias.attribute("name")),
    invoke_arn: (alias) => invokeArn(alias, alias.attribute("arn")),
  },
  aws_lambda_function_url: {
    function_arn: functionArn,
  },
  aws_lambda_permission: {
    id: same("statement_id"),
    statement_id: (permission) => generatedName(permission, "statement_id"),
  },
  aws_lambda_layer_version: {
    id: same("arn"),
    version: () => "1",
    layer_arn: (layer) => regionalArn(layer, "lambda", "layer:", layer.attribute("layer_name")),
    arn: (layer) => compose(layer.attribute("layer_arn"), ":", layer.attribute("version")),
  },
};
