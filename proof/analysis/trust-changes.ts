import type { Budget } from "./budget";
import type { FoundChange } from "./diff";
import type { Side } from "./view";

export function trustChanges(_sides: readonly [Side, Side], _budget: Budget): readonly FoundChange[] {
  return [];
}
