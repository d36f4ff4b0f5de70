import { z } from "zod";
import { accountId, name, roleArn, text, whereSound } from "./fields";

/** A consumer of the APIs in an account of its own. */
const partner = z
  .strictObject({
    /** Name the route table uses. */
    name,
    accountId,
    /** Whether we own the account and provision the partner's role there. */
    managed: z.boolean(),
    /** Role in the partner's account that Terraform assumes; required where managed. */
    provisionerRoleArn: roleArn.optional(),
    /** Role that makes the provisioner role; left out where someone else makes it. */
    bootstrapRoleArn: roleArn.optional(),
    /** Endpoints in the partner's VPCs that may reach the private API. */
    vpcEndpointIds: z.array(text(/^vpce-[0-9a-f]{8,17}$/, "a VPC endpoint id such as vpce-0a1b2c3d4e5f67890")),
    /** What the partner has to present to assume its role: protects against the confused deputy. */
    externalId: text(/^[\w+=,.@:/-]{16,1224}$/, "16 to 1224 characters of A-Z a-z 0-9 _ + = , . @ : / -"),
  })
  .superRefine(
    ({ managed, provisionerRoleArn }, context) => {
      if (managed && provisionerRoleArn === undefined) {
        context.addIssue({ code: "custom", path: ["provisionerRoleArn"], message: "required where managed is true" });
      }
    },
    whereSound("managed", "provisionerRoleArn"),
  )
  .superRefine(
    (value, context) => {
      for (const field of ["provisionerRoleArn", "bootstrapRoleArn"] as const) {
        if (value[field] !== undefined && value[field].split(":")[4] !== value.accountId) {
          context.addIssue({
            code: "custom",
            path: [field],
            message: `a role of account ${value.accountId}, the partner's own`,
          });
        }
      }
    },
    whereSound("accountId", "provisionerRoleArn", "bootstrapRoleArn"),
  );

/** The partners of one environment, no two of one name or account, whatever else is wrong with them. */
export const partners = z.array(partner, "a list of partners").superRefine(
  (list: readonly unknown[], context) => {
    for (const field of ["name", "accountId"] as const) {
      const first = new Map<unknown, number>();
      list.forEach((item, index) => {
        const value: unknown = (item as Record<string, unknown> | null | undefined)?.[field];
        if (value === undefined) return;
        const owner = first.get(value);
        if (owner === undefined) first.set(value, index);
        else
          context.addIssue({
            code: "custom",
            path: [index, field],
            message: `different from partners.${owner}.${field}`,
          });
      });
    }
  },
  { when: ({ value }) => Array.isArray(value) },
);
