/** What a user's tokens say beyond what Cognito puts there. */
export interface TenantClaims {
  readonly tenant?: string;
  readonly roles: readonly string[];
}

/**
 * Reads tenant and roles from the names of the user's groups, `tenant:<name>` and `role:<name>`: only an administrator
 * puts a user into a group. A user in groups of two tenants gets none, since either would be a guess.
 *
 * @param attribute Value of the user attribute that names the tenant where no group does. Pass one only if no app
 *   client may write that attribute, or users choose their own tenant.
 */
export function tenantClaims(groups: readonly string[], attribute?: string): TenantClaims {
  const tenants = after("tenant:", groups);
  const tenant = tenants.length === 0 ? attribute : tenants.length === 1 ? tenants[0] : undefined;
  return { ...(tenant === undefined || tenant === "" ? {} : { tenant }), roles: after("role:", groups) };
}

function after(prefix: string, groups: readonly string[]): string[] {
  const names = groups.filter((group) => group.startsWith(prefix)).map((group) => group.slice(prefix.length));
  return [...new Set(names)].filter((name) => name !== "").sort();
}
