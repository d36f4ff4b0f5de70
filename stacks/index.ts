import type { App } from "cdktf";
import type { RouteTable } from "../constructs/routes/route";
import type { Environment } from "../environments/schema";
import { IdentityStack } from "./identity-stack";
import { PartnerAccessStack } from "./partner-access-stack";
import { PublicApiStack } from "./public-api-stack";

/** All stacks of one environment. */
export function addEnvironment(app: App, environment: Environment, table: RouteTable): void {
  const identity = new IdentityStack(app, environment, table);
  const publicApi = new PublicApiStack(app, environment, table, identity);
  for (const partner of environment.partners.filter(({ managed }) => managed)) {
    new PartnerAccessStack(app, environment, table, partner, publicApi);
  }
}
