import type { App } from "cdktf";
import { routesIn, type RouteTable } from "../constructs/routes/route-table";
import type { Environment } from "../environments/schema";
import { IdentityStack } from "./identity-stack";
import { NetworkStack } from "./network-stack";
import { PartnerAccessStack } from "./partner-access-stack";
import { PrivateApiStack } from "./private-api-stack";
import { PublicApiStack } from "./public-api-stack";

/** All stacks of one environment. `lambdas` is the absolute path of the functions' folder. */
export function addEnvironment(app: App, environment: Environment, table: RouteTable, lambdas: string): void {
  const identity = new IdentityStack(app, environment, table, lambdas);
  const publicApi = new PublicApiStack(app, environment, { table, identity, lambdas });
  const network = new NetworkStack(app, environment);
  if (routesIn(table, "private").routes.length > 0) {
    new PrivateApiStack(app, environment, { table, identity, lambdas, network });
  }
  for (const partner of environment.partners.filter(({ managed }) => managed)) {
    new PartnerAccessStack(app, environment, table, partner, publicApi);
  }
}
