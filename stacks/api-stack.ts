import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { DataKey } from "../constructs/encryption/data-key";
import type { LogSettings } from "../constructs/encryption/log-group";
import { Functions } from "../constructs/lambda/functions";
import { OwnAccountPolicy } from "../constructs/partner/own-account-policy";
import {
  invokePolicy,
  promisedToOwnAccount,
  promisedToPartner,
  type ContractedApi,
} from "../constructs/partner/promised-routes";
import { ApiAlarms } from "../constructs/observability/alarms";
import { ApiDashboard } from "../constructs/observability/dashboard";
import { refuse, type Problem } from "../constructs/problems";
import { DEFAULT_QUOTAS } from "../constructs/quotas/quotas";
import { accessLogName } from "../constructs/rest-api/access-log";
import { UsagePlans } from "../constructs/rest-api/usage-plan";
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
  /** The API and its part of the contract, for those who are promised routes of it. */
  readonly contract: ContractedApi;
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
    const table = routesIn(props.table, kind);
    const functions = new Functions(this, "functions", {
      log: this.log,
      folder: props.lambdas,
      namePrefix: name,
      handlerEnvironment: cors === undefined ? {} : { CORS_ALLOWED_ORIGINS: cors.origin },
    });
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
      table,
      partners: Object.fromEntries(environment.partners.map((partner) => [partner.name, partner.accountId])),
      functions,
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
      quotas: { ...DEFAULT_QUOTAS, ...environment.quotas },
    });
    // The execution ARN is read once: each read is another token, and sorting would follow the tokens.
    this.contract = { executionArn: this.api.api.executionArn, stage: environment.name, table };
    this.addCallers(name);
    this.addObservability(name, functions);
    if (table.routes.some(({ metered }) => metered === true)) {
      const plans = environment.usagePlans;
      refuse(plans.length > 0 ? [] : [unplanned(environment)]);
      new UsagePlans(this, "usage", { provider, api: this.api, apiName: name, plans });
    }
  }

  private addObservability(name: string, functions: Functions): void {
    const { provider, environment } = this;
    const { handlers, authorizers } = functions.namesInAws;
    const { topic } = new ApiAlarms(this, "alarms", {
      provider,
      apiName: name,
      stage: environment.name,
      accountId: environment.accountId,
      kmsKeyArn: this.key.key.arn,
      authorizers,
      functions: [...handlers, ...authorizers],
    });
    new TerraformOutput(this, "alarms-topic-arn", { value: topic.arn, description: "Subscribe here to be told." });
    new ApiDashboard(this, "dashboard", {
      provider,
      apiName: name,
      stage: environment.name,
      region: environment.region,
      authorizers,
      accessLogName: accessLogName(name),
    });
  }

  /** What callers need that we do not give a role to: those of our own account, and partners with their own IAM. */
  private addCallers(name: string): void {
    const own = promisedToOwnAccount(this.contract);
    if (own.length > 0) {
      const { policy } = new OwnAccountPolicy(this, "own-account", {
        provider: this.provider,
        name: `${name}-invoke`,
        resources: own,
      });
      new TerraformOutput(this, "own-account-policy-arn", {
        value: policy.arn,
        description: "Attach this policy to roles of this account that call the API.",
      });
    }
    for (const partner of this.environment.partners.filter(({ managed }) => !managed)) {
      const promised = promisedToPartner([this.contract], partner);
      if (promised.length === 0) continue;
      new TerraformOutput(this, `partner-${partner.name}-policy`, {
        value: invokePolicy(promised),
        description:
          `Send to ${partner.name} (account ${partner.accountId}): its administrator attaches this policy to the role ` +
          "that calls the API, and the program signs with that role's credentials. Nothing else is needed there.",
      });
    }
  }
}

function unplanned({ name }: Environment): Problem {
  return {
    where: `environments/${name}.ts: usagePlans`,
    what: "a route is metered and the environment has no usage plan, so no caller could ever have a key.",
    next: "Add a usage plan, or take metered from the route.",
  };
}
