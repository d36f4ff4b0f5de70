import type { App } from "cdktf";
import { routesIn, type RouteTable } from "../constructs/routes/route-table";
import type { Environment } from "../environments/schema";
import type { ApiStack } from "./api-stack";
import { DeliveryStack } from "./delivery-stack";
import { IdentityStack } from "./identity-stack";
import { NetworkStack } from "./network-stack";
import { PartnerAccessStack } from "./partner-access-stack";
import { PartnerDeliveryStack } from "./partner-delivery-stack";
import { PrivateApiStack } from "./private-api-stack";
import { PublicApiStack } from "./public-api-stack";

/**
 * All stacks of one environment. An API without routes is left out, and the network with the private API.
 *
 * @param lambdas Absolute path of the folder that holds a folder for each function.
 */
export function addEnvironment(app: App, environment: Environment, table: RouteTable, lambdas: string): void {
  new DeliveryStack(app, environment);
  const identity = new IdentityStack(app, environment, table, lambdas);
  const apis: ApiStack[] = [];
  if (routesIn(table, "public").routes.length > 0) {
    apis.push(new PublicApiStack(app, environment, { table, identity, lambdas }));
  }
  if (routesIn(table, "private").routes.length > 0) {
    const network = new NetworkStack(app, environment);
    apis.push(new PrivateApiStack(app, environment, { table, identity, lambdas, network }));
  }
  for (const partner of environment.partners) {
    if (partner.managed && partner.bootstrapRoleArn !== undefined) new PartnerDeliveryStack(app, environment, partner);
    if (PartnerAccessStack.isNeeded(partner, apis)) new PartnerAccessStack(app, environment, partner, apis);
  }
}
