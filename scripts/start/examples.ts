import { APIS, routeName, type ApiKind, type Route } from "../../constructs/routes/route";
import { routesIn, type RouteTable } from "../../constructs/routes/route-table";
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
  /** Left out where nobody who may call it is known here. */
  readonly allowed?: Example;
  /** Left out where everybody is let in. */
  readonly refused?: Example;
}

/** Where the routes are served, and who calls those of the API's own account. */
export interface Served {
  /** URL of the stage of each API, without a slash at the end. */
  readonly urls: Readonly<Record<ApiKind, string | undefined>>;
  /** Path of a curl configuration that signs as a caller of the API's own account. */
  readonly ownAccount?: string | undefined;
}

/**
 * For each route of each API one call that is let in and one that is not, made of `curl` and the commands of this
 * project, so that a person can paste them while the APIs are served.
 */
export function examplesOf(served: Served, environment: Environment, table: RouteTable): readonly RouteExamples[] {
  return APIS.flatMap((api) => {
    const url = served.urls[api];
    if (url === undefined) return [];
    return routesIn(table, api).routes.map((route) => {
      const position = api === "private" ? endpointOf(environment, route) : undefined;
      const caller = new Caller(url, environment, route, position);
      const where = api === "private" ? `${routeName(route)} (private API)` : routeName(route);
      const { allowed, refused } = examples(caller, served.ownAccount);
      const reachable = api === "public" || position !== undefined;
      return { route: where, ...(reachable && allowed !== undefined ? { allowed } : {}), ...(refused && { refused }) };
    });
  });
}

function examples(caller: Caller, ownAccount: string | undefined): Omit<RouteExamples, "route"> {
  const { route, environment } = caller;
  const { protection } = route;
  switch (protection.kind) {
    case "public":
      return {
        allowed: { command: caller.curl(), status: 200, because: "anyone may call it" },
        ...refusedByRange(caller),
      };
    case "iam": {
      const name = protection.callers.partners?.[0];
      const partner = environment.partners.find((candidate) => candidate.name === name);
      // A partner that manages its own account has its role there, not in the synthesized JSON.
      if (partner?.managed !== true) {
        if (protection.callers.ownAccount !== true || ownAccount === undefined) return nobodyHere(caller);
        return {
          allowed: {
            command: caller.curl(`-K ${ownAccount}`),
            status: 200,
            because: "signed by a user of the API's own account whose policy allows the route",
          },
          refused: notSigned(caller),
        };
      }
      const role = `${environment.project}-${environment.name}-${partner.name}`;
      return {
        allowed: {
          command: `npx portcullis credentials ${role} --env ${environment.name} --external-id ${partner.externalId} --format curl | ${caller.curl("-K -")}`,
          status: 200,
          because: `signed by ${partner.name}'s role in account ${partner.accountId}`,
        },
        refused: notSigned(caller),
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
  return { refused: notSigned(caller) };
}

function notSigned(caller: Caller): Example {
  return { command: caller.curl(), status: 403, because: "not signed" };
}

/** The endpoint a route of the private API is called through: the partner's own, else the first that is allowed. */
function endpointOf({ partners }: Environment, { protection }: Route): string | undefined {
  const names = protection.kind === "iam" ? (protection.callers.partners ?? []) : [];
  const own = partners.filter(({ name }) => names.includes(name));
  return [...own, ...partners].flatMap(({ vpcEndpointIds }) => vpcEndpointIds)[0];
}

/** Writes commands for one route. */
class Caller {
  readonly #url: string;

  constructor(
    url: string,
    readonly environment: Environment,
    readonly route: Route,
    /** VPC endpoint to call through, for the private API. */
    private readonly endpoint?: string,
  ) {
    this.#url = `${url}${route.path.replaceAll(/\{[^}]+\}/g, "1")}`;
  }

  curl(options = "", query = ""): string {
    const verb = this.route.verb === "ANY" ? "GET" : this.route.verb;
    const method =
      verb === "GET"
        ? ""
        : ` -X ${verb} -H 'Content-Type: application/json' -d '${JSON.stringify(sampleOf(this.route.request?.body))}'`;
    const position = this.endpoint === undefined ? "" : ` -H 'x-portcullis-vpce: ${this.endpoint}'`;
    return `curl -sS -i${method}${position}${options === "" ? "" : ` ${options}`} "${this.#url}${query}"`;
  }

  bearer(client: string, scope: string | undefined): string {
    const asked = scope === undefined ? "" : ` --scope ${scope}`;
    return this.curl(
      `-H "Authorization: Bearer $(npx portcullis token ${client} --env ${this.environment.name}${asked})"`,
    );
  }
}

/** A call from the first address of the first denied range, where there is one. */
function refusedByRange(caller: Caller): Pick<RouteExamples, "refused"> {
  const [address] = caller.environment.deniedRanges[0]?.split("/") ?? [];
  if (address === undefined) return {};
  return {
    refused: {
      command: caller.curl(`-H 'x-portcullis-source-ip: ${address}'`),
      status: 403,
      because: "the address is in the IP range deny list",
    },
  };
}
