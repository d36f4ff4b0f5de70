/**
 * The request path as every rule sees it. One form serves routing, the method ARN and the signature, so that no
 * spelling of a path can be signed as one resource and routed to another.
 *
 * Recorded from AWS (LocalStack, test_lambda_aws_proxy_integration): slashes in front of the stage or behind it
 * collapse, a trailing slash is ignored by routing, `%2B` stays `%2B`, and a greedy parameter keeps `//` inside it.
 * Dot segments are resolved before routing: a signature covers the path without them, and leaving them to an
 * integration would let `/public/../admin` be decided as something it is not. AWS's own answer is UNCONFIRMED.
 */
export interface RequestPath {
  /** First segment; empty for a request to `/`. */
  readonly stage: string;
  /** Below the stage: one leading slash, no empty or dot segment, no trailing slash. `/` for the root. */
  readonly path: string;
  /** The segments of `path`, undecoded: `%2F` never separates. */
  readonly segments: readonly string[];
  /** Below the stage as sent, without trailing slashes; for the values of greedy parameters only. */
  readonly asSent: string;
}

/** Splits the undecoded path of a request target. Any string gives a path; none throws. */
export function readPath(rawPath: string): RequestPath {
  const segments = normalizedSegments(rawPath);
  const stage = segments.shift() ?? "";
  const path = `/${segments.join("/")}`;
  return { stage, path, segments, asSent: hasDotSegment(rawPath) ? path : belowStage(rawPath) };
}

/** The whole path without empty and dot segments; a trailing slash is dropped. */
export function normalizePath(rawPath: string): string {
  return `/${normalizedSegments(rawPath).join("/")}`;
}

/**
 * Escapes of letters, digits, `-`, `.`, `_` and `~` decoded, which need none (RFC 3986, 2.3). All others stay: `%2F` is
 * no slash.
 */
export function decodeUnreserved(rawPath: string): string {
  return rawPath.replace(/%([2-7][0-9A-Fa-f])/g, (escaped, code: string) => {
    const character = String.fromCharCode(parseInt(code, 16));
    return /[\w.~-]/.test(character) ? character : escaped;
  });
}

function normalizedSegments(rawPath: string): string[] {
  const segments: string[] = [];
  for (const segment of rawPath.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(segment);
  }
  return segments;
}

function hasDotSegment(rawPath: string): boolean {
  return rawPath.includes("/.") && rawPath.split("/").some((segment) => segment === "." || segment === "..");
}

function belowStage(rawPath: string): string {
  let start = 0;
  while (rawPath[start] === "/") start++;
  const stageEnd = rawPath.indexOf("/", start);
  if (stageEnd < 0) return "/";
  let from = stageEnd;
  while (rawPath[from + 1] === "/") from++;
  let to = rawPath.length;
  while (to > from + 1 && rawPath[to - 1] === "/") to--;
  return rawPath.slice(from, to);
}
