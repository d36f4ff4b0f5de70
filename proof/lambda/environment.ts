import type { LambdaFunction } from "../model/types";
import type { RuntimeOptions } from "./types";

/**
 * The whole environment of a function's process: what Lambda sets and what the function's configuration sets, never
 * what the developer's shell holds. A reserved name in the configuration loses, as Lambda refuses it
 * (docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
 *
 * @param home a folder of the function's own, so that an AWS SDK does not find the developer's `~/.aws`
 */
export function functionEnvironment(
  fn: LambdaFunction,
  options: RuntimeOptions,
  home: string,
): Readonly<Record<string, string>> {
  const credentials = fn.roleArn === undefined ? undefined : options.credentialsOf?.(fn.roleArn);
  return {
    ...fn.environment,
    ...(options.endpointUrl === undefined ? {} : { AWS_ENDPOINT_URL: options.endpointUrl }),
    AWS_REGION: fn.region,
    AWS_DEFAULT_REGION: fn.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${fn.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    _HANDLER: fn.handler,
    LANG: "en_US.UTF-8",
    TZ: fn.environment["TZ"] ?? ":UTC",
    PATH: "/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin",
    HOME: home,
    AWS_CONFIG_FILE: `${home}/.aws/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${home}/.aws/credentials`,
    AWS_EC2_METADATA_DISABLED: "true",
    ...(credentials === undefined
      ? {}
      : {
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          ...(credentials.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: credentials.sessionToken }),
        }),
  };
}
