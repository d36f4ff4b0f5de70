import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { InputProblem } from "../../proof/errors";
import { InputError } from "../../proof/errors";
import type { Deliverable, ProviderAccount } from "./deliverable";

/** Roles that could not be taken on, each with why. */
export type Unassumable = ReadonlyMap<string, string>;

const RENEW =
  "Sign in again (aws sso login, or new keys), and run the same command again: it goes on where it stopped.";
const CONNECT =
  "Nothing is known of the credentials yet. Check the network, its proxy and AWS_ENDPOINT_URL, and run the same command again.";
/** What Node.js and the SDK say of a service that does not answer. */
const UNREACHABLE = /\b(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|TimeoutError)\b/;
const CHOOSE = "Choose the right credentials, for example with AWS_PROFILE=<profile>, and run the same command again.";

/**
 * Holds the credentials at hand against every provider of the stacks, before anything is touched: STS answers who they
 * belong to and whether each role of another account can be taken on. It changes nothing.
 *
 * @returns the roles that cannot be taken on
 * @throws InputError for credentials that are missing, expired or of another account
 */
export async function checkAccounts(stacks: readonly Deliverable[], region: string): Promise<Unassumable> {
  const sts = new STSClient({ region });
  try {
    const account = await callerAccount(sts);
    const problems = stacks.flatMap((stack) => wrongAccount(stack, account));
    if (problems.length > 0) throw new InputError(problems);
    const roles = [...new Set(stacks.flatMap(({ accounts }) => accounts.flatMap(({ roleArn }) => roleArn ?? [])))];
    const refused = new Map<string, string>();
    for (const role of roles) {
      const because = await whyNotAssumable(sts, role);
      if (because !== undefined) refused.set(role, because);
    }
    return refused;
  } finally {
    sts.destroy();
  }
}

/** Refuses what cannot be delivered for want of a role. @throws InputError naming every role */
export function refuseUnassumable(refused: Unassumable): void {
  if (refused.size === 0) return;
  throw new InputError(
    [...refused].map(([role, because]) => ({
      what: `The role cannot be taken on: ${because}`,
      where: role,
      next: "It is made by the account's delivery stack (npm run bootstrap -- <environment>), and its trust policy says who may take it on.",
    })),
  );
}

/** Why this stack cannot be planned with the roles at hand, or nothing. */
export function unassumableRole({ accounts }: Deliverable, refused: Unassumable): string | undefined {
  const role = accounts.find(({ roleArn }) => roleArn !== undefined && refused.has(roleArn))?.roleArn;
  return role === undefined ? undefined : `${role} cannot be taken on: ${refused.get(role)}`;
}

async function callerAccount(sts: STSClient): Promise<string> {
  try {
    const { Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return Account;
  } catch (error) {
    const { name, message } = error as Error;
    if (/Expired|expired/.test(`${name} ${message}`)) {
      throw new InputError({ what: `The session has expired: ${message}`, where: "AWS credentials", next: RENEW });
    }
    if (UNREACHABLE.test(`${name} ${message}`)) {
      throw new InputError({ what: `AWS cannot be reached: ${message}`, where: "AWS credentials", next: CONNECT });
    }
    const missing = /CredentialsProviderError|Could not load credentials/.test(`${name} ${message}`);
    throw new InputError({
      what: missing ? `There are no credentials: ${message}` : `They were not accepted (${name}): ${message}`,
      where: "AWS credentials",
      next: missing ? CHOOSE : `${CHOOSE} Keys that were deleted or mistyped are answered so as well.`,
    });
  }
}

function wrongAccount(stack: Deliverable, account: string): InputProblem[] {
  const direct = stack.accounts.filter(({ roleArn }) => roleArn === undefined);
  return direct
    .filter(({ accountIds }: ProviderAccount) => accountIds.length > 0 && !accountIds.includes(account))
    .map(({ accountIds }) => ({
      what: `The credentials belong to account ${account}; this stack lives in ${accountIds.join(" or ")}. Nothing was touched.`,
      where: stack.name,
      next: CHOOSE,
    }));
}

async function whyNotAssumable(sts: STSClient, RoleArn: string): Promise<string | undefined> {
  try {
    await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "portcullis-check", DurationSeconds: 900 }));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
