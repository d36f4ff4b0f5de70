import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "../problems";
import { HANDLER, place } from "./route-problems";
import type { Route } from "./route";

/** Functions that API Gateway and Cognito call for a decision or a token; none of them answers a route. */
const NO_HANDLERS = ["oauth-authorizer", "saml-authorizer", "signed-parameters-authorizer", "pre-token-generation"];

/**
 * Routes whose handler is no function that answers routes.
 *
 * @param lambdas Absolute path of the folder that holds a folder for each function.
 */
export function problemsOfHandlers(routes: readonly Route[], lambdas: string): Problem[] {
  const folders = existsSync(lambdas) ? readdirSync(lambdas).sort() : [];
  const functions = folders.filter((name) => existsSync(join(lambdas, name, "handler.ts")));
  const known = functions.filter((name) => !NO_HANDLERS.includes(name));
  return routes.flatMap((route, index): Problem[] => {
    const { handler } = route;
    // What is no name at all was told with the route itself.
    if (typeof handler !== "string" || !HANDLER.test(handler) || known.includes(handler)) return [];
    return [
      {
        where: place(route, index),
        what: functions.includes(handler)
          ? `handler ${JSON.stringify(handler)} is an authorizer or a trigger, which answers no routes.`
          : `handler ${JSON.stringify(handler)} has no lambdas/${handler}/handler.ts.`,
        next: `Known handlers: ${known.join(", ")}.`,
      },
    ];
  });
}
