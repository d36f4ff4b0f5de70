import type { Problem } from "../problems";
import type { IamCallers, Protection, ProtectionKind } from "./protection";
import type { RequestRules, Route, Throttle } from "./route";

/** The names of a type's members, held to the type: one that is added there has to be added here. */
type Members<Of> = Readonly<Record<keyof Of, true>>;

const ROUTE: Members<Route> = {
  verb: true,
  path: true,
  protection: true,
  handler: true,
  apis: true,
  request: true,
  throttle: true,
  cors: true,
  metered: true,
};
const REQUEST: Members<RequestRules> = { query: true, headers: true, body: true };
const THROTTLE: Members<Throttle> = { requestsPerSecond: true, burst: true };
const CALLERS: Members<IamCallers> = {
  partners: true,
  accounts: true,
  roles: true,
  organizations: true,
  ownAccount: true,
};
const PROTECTION: { readonly [Kind in ProtectionKind]: Members<Extract<Protection, { kind: Kind }>> } = {
  public: { kind: true, reason: true },
  iam: { kind: true, callers: true },
  cognito: { kind: true, scopes: true },
  oauth: { kind: true, scopes: true },
  saml: { kind: true, scopes: true },
  signedParameters: { kind: true, clients: true },
};

/** Every kind of protection there is. */
export const PROTECTION_KINDS = Object.keys(PROTECTION) as readonly ProtectionKind[];

/**
 * Members of a route that nobody would read. Synthesis runs without the type checker, and a mistyped `apis` would put a
 * route for the private API into the public one.
 */
export function problemsOfMembers(route: Route, where: string): Problem[] {
  const protection = route.protection as Protection | undefined;
  const kind = protection?.kind;
  return [
    ...unknown(route, ROUTE, `${where} `),
    ...unknown(route.request, REQUEST, `${where} request.`),
    ...unknown(route.throttle, THROTTLE, `${where} throttle.`),
    ...(kind !== undefined && Object.hasOwn(PROTECTION, kind)
      ? unknown(protection, PROTECTION[kind], `${where} protection.`)
      : []),
    ...(protection?.kind === "iam" ? unknown(protection.callers, CALLERS, `${where} iam.`) : []),
  ];
}

function unknown(value: unknown, members: object, where: string): Problem[] {
  if (typeof value !== "object" || value === null) return [];
  const known = Object.keys(members).filter((name) => name !== "kind");
  return Object.keys(value)
    .filter((name) => !Object.hasOwn(members, name))
    .map((name) => ({
      where: `${where}${name}`,
      what: "there is no such field.",
      next: `Correct its name, or remove it: nobody would read it. Known: ${known.join(", ")}.`,
    }));
}
