import { InputError } from "../errors";
import type { CompiledPolicy } from "../iam";
import { compilePolicy } from "../iam";
import type { LambdaFunction, LambdaPermission } from "../model/types";

/** The action of every invocation. */
export const invokeAction = "lambda:InvokeFunction";

/**
 * A function's own policy, as `aws_lambda_permission` writes it: one Allow each, on the function or on the qualifier that
 * the permission names, under conditions on the source (docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html).
 * A permission that AWS would not take grants nothing.
 */
export function functionPolicy(fn: LambdaFunction): readonly CompiledPolicy[] {
  return fn.permissions.flatMap((permission) => {
    const document = { Version: "2012-10-17", Statement: [statementOf(fn, permission)] };
    try {
      return [compilePolicy(document, { kind: "resource", source: permission.source })];
    } catch (error) {
      if (error instanceof InputError) return [];
      throw error;
    }
  });
}

function statementOf(fn: LambdaFunction, permission: LambdaPermission): object {
  const { principal, action, sourceArn, sourceAccount, qualifier } = permission;
  const conditions = {
    ...(sourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": sourceArn } }),
    ...(sourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": sourceAccount } }),
  };
  const isService = /\.amazonaws\.com(\.cn)?$/.test(principal);
  return {
    Effect: "Allow",
    Principal: principal === "*" ? "*" : isService ? { Service: principal } : { AWS: principal },
    Action: action,
    Resource: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    ...(Object.keys(conditions).length === 0 ? {} : { Condition: conditions }),
  };
}
