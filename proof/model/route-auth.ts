import { Unknown, describeUnknown, toText } from "../terraform/value";
import type { Resource } from "../terraform/resource";
import type { Reading } from "./reading";
import type { Authorizer, Route, RouteAuth } from "./types";

/** What stands in for the authorization of a route that is refused as a whole. */
const placeholder: RouteAuth = { type: "AWS_IAM" };

/** How callers of a method authenticate. Whatever cannot be told refuses the route. */
export function routeAuth(
  reading: Reading,
  method: Resource,
  authorizers: ReadonlyMap<string, Authorizer>,
): Pick<Route, "auth" | "refused"> {
  const refuse = (reason: string, attribute: string): Pick<Route, "auth" | "refused"> => {
    reading.report(reason, reading.source(method, attribute));
    return { auth: placeholder, refused: reason };
  };
  const authorization = method.configured("authorization");
  if (authorization instanceof Unknown) {
    return refuse(`${method.address}.authorization is not known: ${describeUnknown(authorization)}`, "authorization");
  }
  const type = authorization === undefined ? undefined : toText(authorization);
  switch (type) {
    case "NONE":
    case "AWS_IAM":
      return { auth: { type } };
    case "CUSTOM":
    case "COGNITO_USER_POOLS": {
      const id = method.configured("authorizer_id");
      if (id === undefined || id === "")
        return refuse(`${method.address} has authorization ${type} and no authorizer_id`, "authorizer_id");
      if (id instanceof Unknown) {
        return refuse(`${method.address}.authorizer_id is not known: ${describeUnknown(id)}`, "authorizer_id");
      }
      const authorizer = authorizers.get(toText(id) ?? "");
      if (authorizer === undefined) {
        return refuse(
          `${method.address} names authorizer ${String(toText(id))}, which this API does not have`,
          "authorizer_id",
        );
      }
      const before = reading.problems.length;
      const scopes = reading.texts(method, "authorization_scopes") ?? [];
      if (reading.problems.length > before) {
        return { auth: placeholder, refused: `${method.address}.authorization_scopes is not known` };
      }
      const auth = matchAuthorizer(type, authorizer, scopes);
      return auth === undefined
        ? refuse(
            `${method.address} has authorization ${type}, and its authorizer ${authorizer.address} is of type ${authorizer.type}`,
            "authorization",
          )
        : { auth };
    }
    case undefined:
      return refuse(`${method.address} has no authorization`, "authorization");
    default:
      return refuse(`authorization "${type}" is not NONE, AWS_IAM, CUSTOM or COGNITO_USER_POOLS`, "authorization");
  }
}

/** API Gateway accepts an authorizer only on methods of its own kind. */
export function matchAuthorizer(
  type: "CUSTOM" | "COGNITO_USER_POOLS",
  authorizer: Authorizer,
  scopes: readonly string[],
): RouteAuth | undefined {
  if (authorizer.type === "COGNITO_USER_POOLS") {
    return type === "COGNITO_USER_POOLS" ? { type, authorizer, scopes } : undefined;
  }
  return type === "CUSTOM" ? { type, authorizer } : undefined;
}
