import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { planRole } from "../../constructs/delivery/provisioner-role";
import { InputError } from "../../proof/errors";
import { stacksInOrder, type SynthesizedStack } from "../terraform/stacks";

/** The accounts a provider of a stack may work in, and the role it takes on there. */
export interface ProviderAccount {
  readonly accountIds: readonly string[];
  readonly roleArn?: string;
}

/** A stack as it can be delivered. */
export interface Deliverable extends SynthesizedStack {
  readonly accounts: readonly ProviderAccount[];
  /** The bucket that holds its state; absent for a state on this machine. */
  readonly stateBucket?: string;
  /** The role of its provider, where a variable can name another. */
  readonly roleByVariable?: string;
  /** Terraform variables to plan with, beyond their defaults. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether it holds what the pipeline itself runs with, which only a person with administrator rights applies. */
  readonly appliedByPeople: boolean;
}

interface StackJson {
  readonly provider?: {
    readonly aws?: readonly {
      readonly allowed_account_ids?: readonly string[];
      readonly assume_role?: readonly { readonly role_arn: string }[];
    }[];
  };
  readonly variable?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly terraform?: { readonly backend?: { readonly s3?: { readonly bucket?: string } } };
}

/**
 * The stacks of a synthesized directory, each after those it needs: the delivery stacks first, because the state
 * bucket and the roles of the others stand in them.
 */
export function deliverables(directory: string, namePrefix: string): readonly Deliverable[] {
  if (!existsSync(join(directory, "manifest.json"))) {
    throw new InputError({ what: "Nothing was synthesized there.", where: directory, next: "Run cdktf synth first." });
  }
  const all = stacksInOrder(directory).map((stack) => read(stack, namePrefix));
  return [...all.filter((stack) => stack.appliedByPeople), ...all.filter((stack) => !stack.appliedByPeople)];
}

/** The stacks whose names one of the patterns matches, `*` standing for anything, as in `cdktf deploy 'NAME-*'`. */
export function selected(stacks: readonly Deliverable[], patterns: readonly string[]): readonly Deliverable[] {
  if (patterns.length === 0) return stacks;
  const unknown = patterns.filter((pattern) => !stacks.some(({ name }) => matches(pattern, name)));
  if (unknown.length > 0) {
    throw new InputError({
      what: `No stack is called ${unknown.map((pattern) => `'${pattern}'`).join(", ")}.`,
      where: "--stack",
      next: `Known: ${stacks.map(({ name }) => name).join(", ")}.`,
    });
  }
  return stacks.filter(({ name }) => patterns.some((pattern) => matches(pattern, name)));
}

/** The variable by which a stack in another account is told which role to take on there. */
const ROLE_VARIABLE = "provisioner_role_arn";

/**
 * The stacks as the pipeline plans them for a pull request: in another account by the role that only reads, which
 * stands beside the one that writes and is called after it.
 */
export function asReader(stacks: readonly Deliverable[]): readonly Deliverable[] {
  return stacks.map((stack) => {
    const writer = stack.roleByVariable;
    if (writer === undefined) return stack;
    const reader = planRole(writer);
    return {
      ...stack,
      accounts: stack.accounts.map((account) =>
        account.roleArn === writer ? { ...account, roleArn: reader } : account,
      ),
      variables: { ...stack.variables, [ROLE_VARIABLE]: reader },
    };
  });
}

function matches(pattern: string, name: string): boolean {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`).test(name);
}

function read(stack: SynthesizedStack, namePrefix: string): Deliverable {
  const file = join(stack.folder, "cdk.tf.json");
  const { provider, terraform, variable } = JSON.parse(readFileSync(file, "utf8")) as StackJson;
  const stateBucket = terraform?.backend?.s3?.bucket;
  const role = variable?.[ROLE_VARIABLE]?.default;
  const resolved = (arn: string): string => (arn === `\${var.${ROLE_VARIABLE}}` ? String(role) : arn);
  return {
    ...stack,
    accounts: (provider?.aws ?? []).map(({ allowed_account_ids, assume_role }) => {
      const roleArn = assume_role?.[0]?.role_arn;
      return {
        accountIds: allowed_account_ids ?? [],
        ...(roleArn === undefined ? {} : { roleArn: resolved(roleArn) }),
      };
    }),
    ...(stateBucket === undefined ? {} : { stateBucket }),
    ...(typeof role === "string" ? { roleByVariable: role } : {}),
    variables: {},
    appliedByPeople: stack.name === `${namePrefix}-delivery` || stack.name.startsWith(`${namePrefix}-delivery-`),
  };
}
