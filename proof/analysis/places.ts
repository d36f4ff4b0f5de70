import type { Condition } from "../iam";
import type { VpcEndpoint } from "../model/types";
import type { Budget } from "./budget";
import { StateBudgetExceeded } from "./budget";
import type { Circumstance } from "./circumstances";
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
  const doors = doorsOf(scenes);
  const circumstances = circumstancesOf(conditions, (few) => {
    const count = positions.length * doors.length * few;
    if (count <= budget.positions) return;
    throw new StateBudgetExceeded(
      `conditions tell ${count} positions and circumstances apart, more than ${budget.positions}`,
    );
  }).flatMap(({ words, headers, ...rest }) =>
    doors.map((door) => ({ ...rest, words: [...words, ...door.words], headers: { ...headers, ...door.headers } })),
  );
  return positions.flatMap((position) => circumstances.map((circumstance) => ({ position, circumstance })));
}

/** By which name an API is called: told apart where one configuration answers to its own name and the other does not. */
function doorsOf(scenes: readonly Scene[]): readonly Pick<Circumstance, "words" | "headers">[] {
  const apis = scenes.flatMap(({ view }) => view.prepared?.api ?? []);
  const closed = apis.filter(({ disableExecuteApiEndpoint }) => disableExecuteApiEndpoint);
  const [api] = apis;
  if (api === undefined || closed.length === 0 || closed.length === apis.length) return [{ words: [], headers: {} }];
  const host = `${api.id}.execute-api.${api.region}.amazonaws.com`;
  return [
    { words: ["through a custom domain"], headers: {} },
    { words: ["through the default endpoint"], headers: { Host: [host] } },
  ];
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
