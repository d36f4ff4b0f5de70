import { VERBS } from "../space";
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
    has: ({ cell, route }) => (verb === undefined || cell.verb === verb) && isOf(path, cell, route.path),
  };
}

/** Cells were cut by the template, so that each lies in it or out of it as a whole. */
function isOf(template: string, cell: RequestClass["cell"], served: string): boolean {
  if (served === template || cell.like.includes(template)) return true;
  return !served.includes("{") && matches(template, cell.path);
}

function matches(template: string, path: string): boolean {
  const [wanted, given] = [template, path].map((text) => text.split("/").filter((segment) => segment !== ""));
  const greedy = wanted?.at(-1)?.endsWith("+}") === true;
  if (wanted === undefined || given === undefined) return false;
  if (greedy ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment.startsWith("{") || segment === given[index]);
}
