import { join } from "node:path";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import type { Construct } from "constructs";
import { NodeFunction } from "../constructs/lambda/node-function";
import { CognitoAuthorizer, LambdaAuthorizer } from "../constructs/rest-api/authorizers";
import { RestApi } from "../constructs/rest-api/rest-api";
import type { MethodAuthorization } from "../constructs/rest-api/route-method";
import type { Protection } from "../constructs/routes/protection";
import { routePattern } from "../constructs/routes/invoke-resource";
import { routesOf, type RouteTable } from "../constructs/routes/route";
import type { Environment } from "../environments/schema";
import { BaseStack } from "./base-stack";
import type { IdentityStack } from "./identity-stack";

const AUTHORIZER_TIMEOUT_SECONDS = 5;
const HANDLER_TIMEOUT_SECONDS = 10;
const MEMORY_MB = 256;

/** The regional REST API with all its access controls. */
export class PublicApiStack extends BaseStack {
  readonly api: RestApi;
  private readonly handlers = new Map<string, NodeFunction>();
  private readonly authorizers = new Map<string, CognitoAuthorizer | LambdaAuthorizer>();

  constructor(
    scope: Construct,
    environment: Environment,
    private readonly table: RouteTable,
    private readonly identity: IdentityStack,
    /** Absolute path of the folder that holds a folder for each function. */
    private readonly lambdas: string,
  ) {
    super(scope, environment, "public-api", {
      accountId: environment.accountId,
      roleArn: environment.provisionerRoleArn,
    });
    this.api = new RestApi(this, "api", {
      provider: this.provider,
      name: this.nameOf("public-api"),
      description: `Public API of ${environment.project} ${environment.name}`,
      region: environment.region,
      partition: "aws",
      accountId: environment.accountId,
      stage: environment.name,
      stageVariables: { signingAudience: environment.signingAudience },
      table,
      partners: Object.fromEntries(environment.partners.map(({ name, accountId }) => [name, accountId])),
      deniedRanges: environment.deniedRanges,
      authorization: (api, protection) => this.authorizationOf(api, protection),
      handler: (name) => this.handler(name),
      throttle: environment.throttle,
      logRetentionDays: environment.logRetentionDays,
      integrationTimeoutMs: HANDLER_TIMEOUT_SECONDS * 1000,
    });
  }

  private authorizationOf(api: RestApi, protection: Protection): MethodAuthorization {
    switch (protection.kind) {
      case "public":
        return { authorization: "NONE" };
      case "iam":
        return { authorization: "AWS_IAM" };
      case "cognito":
        return {
          authorization: "COGNITO_USER_POOLS",
          authorizerId: this.authorizer(protection.kind, () => this.cognitoAuthorizer(api)),
          authorizationScopes: [...protection.scopes],
        };
      case "oauth":
        return {
          authorization: "CUSTOM",
          authorizerId: this.authorizer(protection.kind, () => this.oauthAuthorizer(api)),
        };
      case "signedParameters":
        return {
          authorization: "CUSTOM",
          authorizerId: this.authorizer(protection.kind, () => this.signedParametersAuthorizer(api)),
        };
    }
  }

  private authorizer(kind: string, make: () => CognitoAuthorizer | LambdaAuthorizer): string {
    const made = this.authorizers.get(kind) ?? make();
    this.authorizers.set(kind, made);
    return made.authorizer.id;
  }

  private cognitoAuthorizer(api: RestApi): CognitoAuthorizer {
    return new CognitoAuthorizer(api, "cognito-authorizer", {
      provider: this.provider,
      api: api.api,
      name: "cognito",
      userPoolArns: [this.identity.pool.arn],
    });
  }

  private oauthAuthorizer(api: RestApi): LambdaAuthorizer {
    const { oidc, authorizerTtlSeconds } = this.environment;
    return new LambdaAuthorizer(api, "oauth-authorizer", {
      provider: this.provider,
      api: api.api,
      name: "oauth",
      type: "TOKEN",
      identitySources: ["method.request.header.Authorization"],
      tokenPattern: "^Bearer [-0-9A-Za-z._~+/]+=*$",
      resultTtlSeconds: authorizerTtlSeconds.oauth,
      function: this.function("oauth-authorizer", AUTHORIZER_TIMEOUT_SECONDS, {
        OIDC_ISSUER: oidc.issuer,
        OIDC_AUDIENCE: oidc.audience,
        ROUTES: JSON.stringify(
          routesOf(this.table, "oauth").map((route) => ({ ...routePattern(route), scopes: route.protection.scopes })),
        ),
      }),
    });
  }

  private signedParametersAuthorizer(api: RestApi): LambdaAuthorizer {
    const secret = new SecretsmanagerSecret(this, "signing-secret", {
      provider: this.provider,
      name: this.nameOf("signing"),
      description:
        "Shared secrets of the clients that sign request parameters; the values are put in by hand or rotation.",
    });
    return new LambdaAuthorizer(api, "signed-parameters-authorizer", {
      provider: this.provider,
      api: api.api,
      name: "signed-parameters",
      type: "REQUEST",
      identitySources: [
        "method.request.header.X-Client-Id",
        "method.request.querystring.expires",
        "method.request.querystring.signature",
        "stageVariables.signingAudience",
      ],
      resultTtlSeconds: this.environment.authorizerTtlSeconds.signedParameters,
      function: this.function(
        "signed-parameters-authorizer",
        AUTHORIZER_TIMEOUT_SECONDS,
        {
          SIGNING_SECRET_ID: secret.arn,
          ROUTES: JSON.stringify(
            routesOf(this.table, "signedParameters").map((route) => ({
              ...routePattern(route),
              clients: route.protection.clients,
            })),
          ),
        },
        [{ Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: secret.arn }],
      ),
    });
  }

  private handler(name: string): NodeFunction {
    const made = this.handlers.get(name) ?? this.function(name, HANDLER_TIMEOUT_SECONDS);
    this.handlers.set(name, made);
    return made;
  }

  private function(
    name: string,
    timeoutSeconds: number,
    environment?: Readonly<Record<string, string>>,
    statements: readonly Readonly<Record<string, unknown>>[] = [],
  ): NodeFunction {
    return new NodeFunction(this, name, {
      provider: this.provider,
      name: this.nameOf(name),
      folder: join(this.lambdas, name),
      timeoutSeconds,
      memoryMb: MEMORY_MB,
      logRetentionDays: this.environment.logRetentionDays,
      statements,
      ...(environment === undefined ? {} : { environment }),
    });
  }
}
