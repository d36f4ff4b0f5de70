import { routeName, type Route } from "../../constructs/routes/route";
import type { RouteTable } from "../../constructs/routes/route-table";
import type { Environment } from "../../environments/schema";
import { sampleOf } from "./sample";

/** A command to paste, with the status its answer has. */
export interface Example {
  readonly command: string;
  readonly status: number;
  readonly because: string;
}

export interface RouteExamples {
  readonly route: string;
  readonly allowed: Example;
  readonly refused: Example;
}

/**
 * For each route of the public API one call that is let in and one that is not, made of `curl` and the commands of
 * this project, so that a person can paste them while the API is served.
 *
 * @param url The stage, without a slash at the end.
 */
export function examplesOf(url: string, environment: Environment, table: RouteTable): readonly RouteExamples[] {
  return table.routes
    .filter((route) => route.apis === undefined || route.apis.includes("public"))
    .map((route) => ({ route: routeName(route), ...examples(new Caller(url, environment, route)) }));
}

function examples(caller: Caller): Omit<RouteExamples, "route"> {
  const { route, environment } = caller;
  const { protection } = route;
  switch (protection.kind) {
    case "public":
      return {
        allowed: { command: caller.curl(), status: 200, because: "anyone may call it" },
        refused: {
          command: caller.curl(`-H 'x-portcullis-source-ip: ${insideDeniedRange(environment)}'`),
          status: 403,
          because: "the address is in the IP range deny list",
        },
      };
    case "iam": {
      const name = protection.callers.partners?.[0];
      const partner = environment.partners.find((candidate) => candidate.name === name);
      if (partner === undefined) return nobodyHere(caller);
      const role = `${environment.project}-${environment.name}-${partner.name}`;
      return {
        allowed: {
          command: `npx portcullis credentials ${role} --env ${environment.name} --external-id ${partner.externalId} --format curl | ${caller.curl("-K -")}`,
          status: 200,
          because: `signed by ${partner.name}'s role in account ${partner.accountId}`,
        },
        refused: { command: caller.curl(), status: 403, because: "not signed" },
      };
    }
    case "cognito":
      return {
        allowed: {
          command: caller.bearer(`${environment.project}-${environment.name}-browser`, protection.scopes[0]),
          status: 200,
          because: `a token of the user pool with the scope ${protection.scopes[0]}`,
        },
        refused: { command: caller.curl(), status: 401, because: "no token" },
      };
    case "oauth":
      return {
        allowed: {
          command: caller.bearer(environment.oidc.audience, protection.scopes[0]),
          status: 200,
          because: `a token of the OIDC issuer with the scope ${protection.scopes[0]}`,
        },
        refused: {
          command: caller.bearer(environment.oidc.audience, "another/scope"),
          status: 403,
          because: "the token has none of the route's scopes",
        },
      };
    case "saml":
      return {
        allowed: {
          command: caller.bearer(environment.saml.issuer, protection.scopes[0]),
          status: 200,
          because: `an assertion of the SAML identity provider with the scope ${protection.scopes[0]}`,
        },
        refused: { command: caller.curl(), status: 401, because: "no assertion" },
      };
    case "signedParameters":
      return {
        allowed: {
          command: caller.curl(
            `-H 'X-Client-Id: ${protection.clients[0]}'`,
            `?$(npm run --silent sign -- ${environment.name} ${protection.clients[0]})`,
          ),
          status: 200,
          because: `signed with the key of the client ${protection.clients[0]}`,
        },
        refused: {
          command: caller.curl(`-H 'X-Client-Id: ${protection.clients[0]}'`),
          status: 401,
          because: "two of the identity sources, expires and signature, are missing",
        },
      };
  }
}

/** A route whose callers live outside what is served here: only its refusal can be shown. */
function nobodyHere(caller: Caller): Omit<RouteExamples, "route"> {
  const refused = { command: caller.curl(), status: 403, because: "not signed" };
  return { allowed: refused, refused };
}

/** Writes commands for one route. */
class Caller {
  readonly #url: string;

  constructor(
    url: string,
    readonly environment: Environment,
    readonly route: Route,
  ) {
    this.#url = `${url}${route.path.replaceAll(/\{[^}]+\}/g, "1")}`;
  }

  curl(options = "", query = ""): string {
    const verb = this.route.verb === "ANY" ? "GET" : this.route.verb;
    const method =
      verb === "GET"
        ? ""
        : ` -X ${verb} -H 'Content-Type: application/json' -d '${JSON.stringify(sampleOf(this.route.request?.body))}'`;
    return `curl -sS -i${method}${options === "" ? "" : ` ${options}`} "${this.#url}${query}"`;
  }

  bearer(client: string, scope: string | undefined): string {
    const asked = scope === undefined ? "" : ` --scope ${scope}`;
    return this.curl(
      `-H "Authorization: Bearer $(npx portcullis token ${client} --env ${this.environment.name}${asked})"`,
    );
  }
}

/** The first address of the first denied range. */
function insideDeniedRange({ deniedRanges }: Environment): string {
  const [range = "none"] = deniedRanges;
  return range.split("/")[0] ?? range;
}
