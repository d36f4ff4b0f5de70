import type { Reading } from "./reading";
import type { Api, LambdaFunction, Route, Source, UserPool } from "./types";

/** What is said of such a method. CreateDeployment answers it with "No integration defined for method". */
export const NO_INTEGRATION = "has no integration: AWS refuses to deploy an API with such a method";

interface Linked {
  readonly apis: readonly Api[];
  readonly functions: readonly LambdaFunction[];
  readonly userPools: readonly UserPool[];
}

/** Reports what APIs refer to and the model does not hold. The routes stay, and answer as API Gateway would. */
export function reportBrokenLinks(reading: Reading, { apis, functions, userPools }: Linked): void {
  const arns = new Set(
    functions.flatMap((fn) => [fn.arn, ...fn.qualifiers.map((qualifier) => `${fn.arn}:${qualifier}`)]),
  );
  const pools = new Set(userPools.map((pool) => pool.arn));
  const checkFunction = (arn: string, source: Source, use: string): void => {
    // Which function a stage variable names depends on the stage.
    if (arns.has(arn) || arn.includes("${stageVariables.")) return;
    reading.report(`${use} invokes ${arn}, which is not in this directory`, source, "warning");
  };
  for (const api of apis) {
    reportDuplicates(reading, api);
    for (const authorizer of api.authorizers) {
      if (authorizer.type !== "COGNITO_USER_POOLS")
        checkFunction(authorizer.functionArn, authorizer.source, authorizer.address);
      else {
        for (const arn of authorizer.providerArns.filter(
          (one) => !pools.has(one) && !one.includes("${stageVariables."),
        )) {
          reading.report(
            `${authorizer.address} trusts user pool ${arn}, which is not in this directory`,
            authorizer.source,
            "warning",
          );
        }
      }
    }
    for (const { integration, integrationRefused, method, path, source } of api.routes) {
      if (integration?.type === "AWS_PROXY")
        checkFunction(integration.functionArn, integration.source, `${method} ${path}`);
      if (integration === undefined && integrationRefused === undefined) {
        reading.report(`${method} ${path} ${NO_INTEGRATION}`, source);
      }
    }
    if (api.endpointType === "PRIVATE" && api.policy === undefined) {
      reading.report(`${api.address} is private and has no resource policy: AWS refuses to deploy it`, api.source);
    }
  }
}

function reportDuplicates(reading: Reading, api: Api): void {
  const seen = new Map<string, Route>();
  for (const route of api.routes) {
    const key = `${route.method} ${route.path}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, route);
    else reading.report(`${key} is defined twice, here and at ${other.source.address}`, route.source);
  }
}
