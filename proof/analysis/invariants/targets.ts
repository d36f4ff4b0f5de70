import { isOfTemplate } from "../paths";
import { VERBS } from "../verbs";
import type { RequestClass } from "../checks/classes";

/** Some requests, by path and perhaps verb. */
export interface Target {
  /** As written: `/orders`, `GET /orders/{orderId}`. */
  readonly words: string;
  readonly path: string;
  has(request: RequestClass): boolean;
}

/**
 * Reads `/orders` (every verb) or `GET /orders/{orderId}`. A path is a template as in API Gateway: `{id}` is one segment,
 * `{rest+}` one or more. Requests that another route serves, such as a greedy one, are meant as well.
 *
 * @throws Error where the text is neither
 */
export function target(text: string): Target {
  const [, verb, path] = /^(?:([A-Z]+) )?(\/\S*)$/.exec(text) ?? [];
  if (path === undefined || (verb !== undefined && !(VERBS as readonly string[]).includes(verb))) {
    throw new Error(`'${text}' is no path such as "/orders" and no verb and path such as "GET /orders/{orderId}".`);
  }
  return {
    words: text,
    path,
    // Requests were told apart by the template and the verb, so that each class is meant as a whole or not at all.
    has: ({ cell }) => (verb === undefined || cell.verb === verb) && isOfTemplate(path, cell.path),
  };
}
