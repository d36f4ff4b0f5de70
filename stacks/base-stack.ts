import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Aspects, TerraformStack, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { boundaryArn, RolesStayWithin } from "../constructs/delivery/boundary";
import { ProviderIsExplicit } from "../constructs/guardrails/explicit-provider";
import { InvokedFunctionsPermitIt, PermissionsNameTheirSource } from "../constructs/guardrails/function-permission";
import { KeptDataIsEncrypted } from "../constructs/guardrails/kept-data";
import { PublicMethodsAreExplained } from "../constructs/guardrails/public-method";
import { NobodyIsEveryone } from "../constructs/guardrails/wildcard-principal";
import type { Environment } from "../environments/schema";
import { addBackend } from "./backend";

/** AWS proper; GovCloud and China have their own. */
export const PARTITION = "aws";

/** What no stack may contain, whoever adds it. */
const GUARDRAILS = [
  new PublicMethodsAreExplained(),
  new NobodyIsEveryone(),
  new KeptDataIsEncrypted(),
  new ProviderIsExplicit(),
  new InvokedFunctionsPermitIt(),
  new PermissionsNameTheirSource(),
];

/** The account a stack lives in. */
export interface Account {
  readonly accountId: string;
  /** Role that Terraform assumes there; its own credentials where left out. */
  readonly roleArn?: string | undefined;
  /**
   * Name of a Terraform variable that replaces `roleArn` for one run, so that a pull request plans with a role that
   * only reads: `terraform plan -var <name>=<ARN>`.
   */
  readonly roleVariable?: string;
  /** Alias of the provider; the default provider where left out. */
  readonly alias?: string;
  /**
   * Whether its roles go without the permissions boundary: those of a stack that makes the boundary, and is applied by
   * a person.
   * @default false
   */
  readonly withoutBoundary?: boolean;
}

/**
 * One Terraform state: one account, one life cycle, named `<project>-<environment>-<part>`.
 *
 * The guardrails are attached here, to every stack: an aspect on the App is never visited, because CDKTF
 * synthesizes from each stack.
 */
export abstract class BaseStack extends TerraformStack {
  readonly provider: AwsProvider;

  constructor(
    scope: Construct,
    readonly environment: Environment,
    readonly part: string,
    account: Account,
    backend: "local" | "s3" = environment.state.kind,
  ) {
    const id = `${environment.project}-${environment.name}-${part}`;
    super(scope, id);
    addBackend(this, environment, PARTITION, backend);
    this.provider = new AwsProvider(this, "aws", {
      region: environment.region,
      // A wrong profile or role fails here, before anything is planned.
      allowedAccountIds: [account.accountId],
      ...(account.alias === undefined ? {} : { alias: account.alias }),
      ...(account.roleArn === undefined
        ? {}
        : { assumeRole: [{ roleArn: this.roleOf(account), sessionName: `${environment.project}-terraform` }] }),
      defaultTags: [{ tags: { Project: environment.project, Environment: environment.name, ManagedBy: "terraform" } }],
    });
    // CDKTF writes the bare name "aws", which OpenTofu and Terraform resolve each to its own registry.
    this.addOverride("terraform.required_providers.aws.source", "hashicorp/aws");
    if (account.withoutBoundary !== true) {
      const namePrefix = `${environment.project}-${environment.name}`;
      const { accountId } = account;
      Aspects.of(this).add(new RolesStayWithin(boundaryArn({ partition: PARTITION, accountId, namePrefix })));
    }
    for (const guardrail of GUARDRAILS) Aspects.of(this).add(guardrail);
  }

  private roleOf({ roleArn = "", roleVariable }: Account): string {
    if (roleVariable === undefined) return roleArn;
    return new TerraformVariable(this, roleVariable, {
      type: "string",
      default: roleArn,
      description: "The role Terraform assumes; a plan needs only one that reads.",
    }).stringValue;
  }

  /** Name of a thing of this environment. */
  protected nameOf(what: string): string {
    return `${this.environment.project}-${this.environment.name}-${what}`;
  }
}
