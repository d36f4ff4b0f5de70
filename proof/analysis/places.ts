import type { Condition } from "../iam";
import type { VpcEndpoint } from "../model/types";
import type { Budget } from "./budget";
import { StateBudgetExceeded } from "./budget";
import { circumstancesOf } from "./circumstances";
import type { Place } from "./point";
import type { Position } from "./positions";
import { addressClasses, endpointPositions, OUTSIDE } from "./positions";
import type { Scene } from "./scene";

/**
 * Every position in every circumstance that the open conditions tell apart.
 *
 * @throws StateBudgetExceeded
 */
export function placesOf(scenes: readonly Scene[], conditions: readonly Condition[], budget: Budget): readonly Place[] {
  const positions = positionsFor(scenes, conditions);
  const circumstances = circumstancesOf(conditions);
  const count = positions.length * circumstances.length;
  if (count > budget.positions) {
    throw new StateBudgetExceeded(
      `conditions tell ${count} positions and circumstances apart, more than ${budget.positions}`,
    );
  }
  return positions.flatMap((position) => circumstances.map((circumstance) => ({ position, circumstance })));
}

function positionsFor(scenes: readonly Scene[], conditions: readonly Condition[]): readonly Position[] {
  const apis = scenes.flatMap(({ view }) => view.prepared?.api ?? []);
  const isPrivate = ({ endpointType }: { readonly endpointType: string }) => endpointType === "PRIVATE";
  const addresses = addressClasses(conditions.filter(({ lowerKey }) => lowerKey === "aws:sourceip"));
  if (!apis.some(isPrivate)) return addresses;
  const endpoints = new Map<string, VpcEndpoint>();
  for (const { view } of scenes) view.side.engine.vpcEndpoints.forEach((endpoint, id) => endpoints.set(id, endpoint));
  const inside = endpointPositions(conditions, [...endpoints.values()]);
  return apis.every(isPrivate) ? [OUTSIDE, ...inside] : [...addresses, ...inside];
}
