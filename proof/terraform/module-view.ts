import type { UnreadCall } from "./child-modules";
import type { ProviderContext } from "./provider";
import type { Resource } from "./resource";
import type { Unknown } from "./value";

/** What the model is made of: a root module as it is written, or as a plan or a state has it. */
export interface Module {
  readonly name: string;
  /** The file to name where a fact has no place of its own. */
  readonly mainFile: string;
  types(): ReadonlySet<string>;
  declarations(type: string): readonly { readonly address: string; readonly file: string }[];
  /** Every instance of a resource type, in the order written. `Unknown` stands for instances that are not known. */
  resources(type: string): readonly (Resource | Unknown)[];
  /** Calls of child modules that are not read. */
  moduleCalls(): readonly UnreadCall[];
  /** The providers that were asked for so far, by name. */
  usedProviders(): ReadonlyMap<string, ProviderContext>;
  /** What every declared AWS provider says, whether a resource uses it or not. */
  declaredProviders(): readonly ProviderContext[];
  /** What was taken for granted where the input does not say, so far: by place, in a sentence. */
  assumptions(): ReadonlyMap<string, string>;
}
