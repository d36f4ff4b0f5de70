import type { RequestFile } from "../../decision/request-file";
import type { Api, Model } from "../../model/types";
import type { RequestClass } from "../checks/classes";

/** A class of requests that is let in, or of which it cannot be told, and the API it is made to. */
export interface Admission {
  readonly model: Model;
  readonly api: Api;
  readonly stage: string;
  readonly request: RequestClass;
}

/** What must hold of every request that a configuration lets in. */
export interface Invariant {
  /** As a reviewer reads it: `Only account 222222222222 reaches /orders.` */
  readonly sentence: string;
  /** Path templates that it names, so that requests are told apart by them. */
  readonly paths: readonly string[];
  /** Whether it speaks of an API and stage at all. */
  concerns(api: Api, stage: string): boolean;
  /** Whether it speaks of a class of requests, were it let in. */
  covers(admission: Admission): boolean;
  /** What to change of the class's request so that it breaks the sentence (`{}`: nothing); undefined where none breaks it. */
  brokenBy(admission: Admission): Partial<RequestFile> | undefined;
}
