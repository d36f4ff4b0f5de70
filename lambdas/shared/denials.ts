import { isParameter, matches, type Method, type Methods, type Pattern } from "./route-overlap";

/**
 * What a policy that allows `granted` must deny, so that it admits no request to any other route, and may deny without
 * refusing a request to a granted one.
 *
 * A Deny is needed where a granted route's resource covers another route's requests, because `*` spans `/`:
 * `/reports/*` covers `/reports/1/secrets`. It is wanted on all other routes too, because a resource policy that allows
 * admits what a Lambda authorizer's policy merely leaves out (API Gateway's authorization flow, table A).
 */
export function denials(methods: Methods, granted: readonly Method[]): readonly Pattern[] {
  const harmless = (pattern: Pattern): boolean =>
    granted.every((grant) => methods.covered(pattern, grant).length === 0);
  const denied = methods.all
    .filter((method) => !granted.includes(method))
    .flatMap((method): Pattern[] => {
      if (harmless(method)) return [method];
      const covering = granted.filter((grant) => methods.covered(grant, method).length > 0);
      if (covering.length === 0) return [];
      // `/{proxy+}` is to be refused but for `/reports/{id}`: then only what lies below `/reports/{id}` is denied.
      const narrower = covering.flatMap(below).filter(harmless);
      const open = covering
        .flatMap((grant) => methods.covered(grant, method))
        .some((request) => !narrower.some((pattern) => matches(pattern, request)));
      // Where nothing tells the two apart, the granted route is shut as well: closed before open.
      return open ? [method] : narrower;
    });
  return [...new Map(denied.map((pattern) => [`${pattern.verb} ${pattern.path}`, pattern])).values()];
}

/** What a resource covers beyond the segments of its own path. */
function below({ verb, path }: Pattern): Pattern[] {
  const parts = path.split("/");
  return parts.flatMap((part, index) =>
    isParameter(part) ? [{ verb, path: [...parts.slice(0, index), "*/*", ...parts.slice(index + 1)].join("/") }] : [],
  );
}
