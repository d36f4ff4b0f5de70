import type { FoundChange } from "./diff";
import type { Side } from "./view";

export function authorizerChanges(_sides: readonly [Side, Side]): readonly FoundChange[] {
  return [];
}
