import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
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

function matches(pattern: string, name: string): boolean {
  const expression = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${expression}$`).test(name);
}

function read(stack: SynthesizedStack, namePrefix: string): Deliverable {
  const { provider, terraform } = JSON.parse(readFileSync(join(stack.folder, "cdk.tf.json"), "utf8")) as StackJson;
  const stateBucket = terraform?.backend?.s3?.bucket;
  return {
    ...stack,
    accounts: (provider?.aws ?? []).map(({ allowed_account_ids, assume_role }) => {
      const roleArn = assume_role?.[0]?.role_arn;
      return { accountIds: allowed_account_ids ?? [], ...(roleArn === undefined ? {} : { roleArn }) };
    }),
    ...(stateBucket === undefined ? {} : { stateBucket }),
    appliedByPeople: stack.name === `${namePrefix}-delivery` || stack.name.startsWith(`${namePrefix}-delivery-`),
  };
}
