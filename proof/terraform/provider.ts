import type { Block } from "./block";
import { isList, isObject, toText, Unknown } from "./value";
import type { Value } from "./value";

/** Where a provider's resources live. */
export interface ProviderContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: string;
  readonly dnsSuffix: string;
  /** Tags that every resource of this provider gets. */
  readonly defaultTags: Readonly<Record<string, string>>;
  /** What the configuration does not say, and what was taken instead: one sentence each. */
  readonly assumptions: readonly string[];
}

export interface ProviderDefaults {
  /** Account of the providers that name none. */
  readonly account?: string;
  /** Region of the providers that name none. */
  readonly region?: string;
}

const defaultAccount = "000000000000";
const defaultRegion = "us-east-1";

/**
 * Account and region as the provider itself would use them: `allowed_account_ids` pins the account, the role it
 * assumes last names it too.
 */
export function providerContext(
  provider: Block | undefined,
  name: string,
  defaults: ProviderDefaults,
): ProviderContext {
  const assumptions: string[] = [];
  const account = provider === undefined ? undefined : accountOf(provider);
  if (account === undefined && defaults.account === undefined) {
    assumptions.push(
      `the account of provider ${name} is not known (no allowed_account_ids, no role to assume): ${defaultAccount} is taken; set it with --account`,
    );
  }
  const configuredRegion = provider?.configured("region");
  const region = typeof configuredRegion === "string" ? configuredRegion : defaults.region;
  if (region === undefined) {
    const why = configuredRegion instanceof Unknown ? ` (${configuredRegion.address} ${configuredRegion.reason})` : "";
    assumptions.push(`the region of provider ${name} is not known${why}: ${defaultRegion} is taken`);
  }
  const { partition, dnsSuffix } = partitionOf(region ?? defaultRegion);
  return {
    accountId: account ?? defaults.account ?? defaultAccount,
    region: region ?? defaultRegion,
    partition,
    dnsSuffix,
    defaultTags: provider === undefined ? {} : defaultTags(provider),
    assumptions,
  };
}

function accountOf(provider: Block): string | undefined {
  const allowed = provider.configured("allowed_account_ids");
  if (isList(allowed) && allowed.length === 1) return accountText(allowed[0] ?? null);
  for (const role of [
    ...provider.blocks("assume_role"),
    ...provider.blocks("assume_role_with_web_identity"),
  ].reverse()) {
    const arn = role instanceof Unknown ? undefined : role.configured("role_arn");
    const account = typeof arn === "string" ? arn.split(":")[4] : undefined;
    if (account !== undefined && /^[0-9]{12}$/.test(account)) return account;
  }
  return undefined;
}

function accountText(value: Value): string | undefined {
  const text = toText(value);
  return text !== undefined && /^[0-9]{1,12}$/.test(text) ? text.padStart(12, "0") : undefined;
}

function defaultTags(provider: Block): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const block of provider.blocks("default_tags")) {
    const value = block instanceof Unknown ? block : (block.configured("tags") ?? null);
    if (!isObject(value)) continue;
    for (const [key, item] of Object.entries(value)) {
      const text = toText(item);
      if (text !== undefined) tags[key] = text;
    }
  }
  return tags;
}

/** The partition that a region belongs to, and the domain of its service endpoints. */
export function partitionOf(region: string): { readonly partition: string; readonly dnsSuffix: string } {
  if (region.startsWith("cn-")) return { partition: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
  if (region.startsWith("us-gov-")) return { partition: "aws-us-gov", dnsSuffix: "amazonaws.com" };
  if (region.startsWith("us-isob-")) return { partition: "aws-iso-b", dnsSuffix: "sc2s.sgov.gov" };
  if (region.startsWith("us-iso-")) return { partition: "aws-iso", dnsSuffix: "c2s.ic.gov" };
  if (region.startsWith("eusc-")) return { partition: "aws-eusc", dnsSuffix: "amazonaws.eu" };
  return { partition: "aws", dnsSuffix: "amazonaws.com" };
}
