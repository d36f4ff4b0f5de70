import type { ByApi } from "./by-api";
import type { Reading } from "./reading";
import type { Source } from "./types";

/** The path of a resource of an API, as `aws_api_gateway_resource` or in an OpenAPI body. */
export interface ResourcePath {
  readonly path: string;
  readonly source: Source;
}

/** The paths that are written as resources of their own; one that is not known is reported for what stands on it. */
export function resourcePaths(reading: Reading, byApi: ByApi, apiId: string): ResourcePath[] {
  return byApi("aws_api_gateway_resource", apiId).flatMap((resource) => {
    const path = resource.attribute("path");
    return typeof path === "string" ? [{ path, source: reading.source(resource) }] : [];
  });
}

/**
 * Reports variables that API Gateway does not make a resource of, so that the API is never deployed as it is written.
 * Recorded from CreateResource (LocalStack, test_create_proxy_resource_validation, and PutRestApi alike): "A sibling
 * ({proxy+}) of this resource already has a variable path part -- only one is allowed", greedy or not, and "Cannot create
 * a child of a resource with a greedy path variable: {proxy+}".
 */
export function reportVariableParts(reading: Reading, paths: readonly ResourcePath[]): void {
  const taken = new Map<string, { readonly part: string; readonly source: Source }>();
  const reported = new Set<string>();
  // A resource before those below it, which have its variables as well.
  for (const { path, source } of [...paths].sort((a, b) => depth(a.path) - depth(b.path))) {
    const parts = path.split("/").slice(1);
    for (const [at, part] of parts.entries()) {
      if (!part.startsWith("{") || !part.endsWith("}")) continue;
      const parent = `/${parts.slice(0, at).join("/")}`;
      const sibling = taken.get(parent);
      if (sibling === undefined) taken.set(parent, { part, source });
      const place = `${parent} ${part}`;
      if (reported.has(place)) continue;
      if (sibling !== undefined && sibling.part !== part) {
        reported.add(place);
        const other = `${sibling.part} of ${sibling.source.address}`;
        reading.report(`${part} stands beside ${other} under ${parent}: API Gateway allows one variable there`, source);
      } else if (part.endsWith("+}") && at < parts.length - 1) {
        reported.add(place);
        reading.report(`${path} goes on after ${part}: API Gateway allows nothing below a greedy variable`, source);
      }
    }
  }
}

function depth(path: string): number {
  return path.split("/").length;
}
