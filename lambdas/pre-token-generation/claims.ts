/** What a user's tokens say beyond what Cognito puts there. */
export interface TenantClaims {
  readonly tenant?: string;
  /** Role names with spaces between, as scopes are; a group's name holds no space. */
  readonly roles: string;
}

/**
 * The tenant is the attribute `custom:tenant`, the roles are the groups. Only an administrator puts a user into a
 * group; the attribute is as trustworthy only while no app client lists it among the attributes it may write, since a
 * user could choose a tenant otherwise.
 */
export function tenantClaims(
  attributes: Readonly<Record<string, string | undefined>>,
  groups: readonly string[],
): TenantClaims {
  const tenant = attributes["custom:tenant"];
  const roles = [...new Set(groups)].sort().join(" ");
  return tenant === undefined || tenant === "" ? { roles } : { tenant, roles };
}
