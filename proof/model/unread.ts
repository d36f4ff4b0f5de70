import type { Reading } from "./reading";
import type { Model } from "./types";

/** Reports what the configuration holds and the model does not. */
export function reportUnread(reading: Reading, _model: Omit<Model, "problems">): void {
  for (const module of reading.modules) {
    for (const [name, context] of module.usedProviders()) {
      for (const assumption of context.assumptions) {
        const file = module.files[0]?.file ?? "";
        reading.report(assumption, { file, address: `provider.${name}` }, "warning");
      }
    }
  }
}
