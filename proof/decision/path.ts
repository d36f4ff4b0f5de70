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
  /** The segments with the slashes doubled in front of each; for the values of greedy variables only. */
  readonly spaced: readonly string[];
}

/** Splits the undecoded path of a request target. Any string gives a path; none throws. */
export function readPath(rawPath: string): RequestPath {
  const [first, ...below] = segmentsOf(rawPath);
  const segments = below.map(({ segment }) => segment);
  const spaced = below.map(({ slashes, segment }) => slashes + segment);
  return { stage: first?.segment ?? "", path: `/${segments.join("/")}`, segments, spaced };
}

/** The whole path without empty and dot segments; a trailing slash is dropped. */
export function normalizePath(rawPath: string): string {
  const segments = segmentsOf(rawPath).map(({ segment }) => segment);
  return `/${segments.join("/")}`;
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

interface Segment {
  readonly segment: string;
  /** Those in front of it beyond the one that separates. */
  readonly slashes: string;
}

function segmentsOf(rawPath: string): readonly Segment[] {
  const segments: Segment[] = [];
  let slashes = "";
  for (const segment of rawPath.split("/")) {
    if (segment === "") {
      slashes += "/";
      continue;
    }
    if (segment === "..") segments.pop();
    else if (segment !== ".") segments.push({ segment, slashes });
    slashes = "";
  }
  return segments;
}
