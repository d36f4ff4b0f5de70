import type { Construct } from "constructs";
import { DataKey } from "../constructs/encryption/data-key";
import type { LogSettings } from "../constructs/encryption/log-group";
import { Functions } from "../constructs/lambda/functions";
import { RestApi, type RestApiProps } from "../constructs/rest-api/rest-api";
import { SigningSecret } from "../constructs/rest-api/signing-secret";
import type { ApiKind } from "../constructs/routes/route";
import { routesIn, type RouteTable } from "../constructs/routes/route-table";
import type { Environment } from "../environments/schema";
import { BaseStack, PARTITION } from "./base-stack";
import type { IdentityStack } from "./identity-stack";

export interface ApiStackProps {
  readonly table: RouteTable;
  readonly identity: IdentityStack;
  /** Absolute path of the folder that holds a folder for each function. */
  readonly lambdas: string;
}

/** What the two APIs have in common: a key, logs, functions, and the API its part of the contract describes. */
export abstract class ApiStack extends BaseStack {
  readonly api: RestApi;
  protected readonly log: LogSettings;
  protected readonly key: DataKey;

  protected constructor(
    scope: Construct,
    environment: Environment,
    kind: ApiKind,
    props: ApiStackProps,
    shape: Pick<RestApiProps, "endpoint" | "network" | "disableDefaultEndpoint" | "canary">,
  ) {
    super(scope, environment, `${kind}-api`, {
      accountId: environment.accountId,
      roleArn: environment.provisionerRoleArn,
    });
    const { provider } = this;
    const { accountId, region, cors } = environment;
    const name = this.nameOf(`${kind}-api`);
    this.key = new DataKey(this, "data-key", {
      provider,
      name,
      description: `Logs and secrets of ${name}`,
      partition: PARTITION,
      region,
      accountId,
      users: ["logs", "sns-alarms"],
    });
    this.log = { provider, kmsKeyArn: this.key.key.arn, retentionDays: environment.logRetentionDays };
    let secret: SigningSecret | undefined;
    this.api = new RestApi(this, "api", {
      ...shape,
      name,
      description: `The ${kind} API of ${environment.project} ${environment.name}`,
      partition: PARTITION,
      region,
      accountId,
      stage: environment.name,
      stageVariables: { signingAudience: environment.signingAudience },
      table: routesIn(props.table, kind),
      partners: Object.fromEntries(environment.partners.map((partner) => [partner.name, partner.accountId])),
      functions: new Functions(this, "functions", {
        log: this.log,
        folder: props.lambdas,
        namePrefix: name,
        handlerEnvironment: cors === undefined ? {} : { CORS_ALLOWED_ORIGINS: cors.origin },
      }),
      trust: {
        userPoolArn: props.identity.pool.arn,
        oidc: environment.oidc,
        saml: environment.saml,
        ttlSeconds: environment.authorizerTtlSeconds,
      },
      signingSecret: () =>
        (secret ??= new SigningSecret(this, "signing-secret", {
          provider,
          name: `${name}-signing`,
          key: this.key.key,
        })),
      cors,
      throttle: environment.throttle,
      log: this.log,
    });
  }
}
