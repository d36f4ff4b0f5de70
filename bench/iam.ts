/** `node --import tsx bench/iam.ts`: what policy evaluation costs, beside a bare glob match. */

import { compilePolicy, contextKeys, decideAccess, principalContext, reducePolicies } from "../proof/iam";
import type { AccessRequest, Principal } from "../proof/iam";
import { globMatches } from "../proof/iam/glob";
import type { Glob } from "../proof/iam/glob";
import { parsePattern } from "../proof/iam/pattern";

const ACCOUNT = "111122223333";
const API = `arn:aws:execute-api:eu-west-1:${ACCOUNT}:a1b2c3d4e5`;
const source = { file: "bench", address: "policy" };

const resourcePolicy = compilePolicy(
  {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:role/caller`, "444455556666"] },
        Action: "execute-api:Invoke",
        Resource: [`${API}/*/GET/orders/*`, `${API}/*/POST/orders`],
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: `${API}/*`,
        Condition: { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24", "2001:db8::/32"] } },
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: `${API}/*/*/admin/*`,
        Condition: { StringNotEquals: { "aws:PrincipalTag/team": "platform" } },
      },
    ],
  },
  { kind: "resource", source },
);
const identityPolicy = compilePolicy(
  {
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "execute-api:Invoke", Resource: `${API}/dev/*/orders*` },
  },
  { kind: "identity", source },
);

const principal: Principal = {
  kind: "aws",
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/caller/session`,
  accountId: ACCOUNT,
  principalArn: `arn:aws:iam::${ACCOUNT}:role/caller`,
};
const ips = Array.from({ length: 256 }, (_, i) => `203.0.113.${i}`);

/** A new request each time, its context built from nothing, as for each request that is served. */
function requestOf(i: number): AccessRequest {
  const context = contextKeys({ ...principalContext(principal), "aws:SourceIp": ips[i & 255] ?? "" });
  const resource = `${API}/dev/GET/orders/${i & 1023}`;
  return { principal, action: "execute-api:Invoke", resource, context };
}

function decide(request: AccessRequest): string {
  return decideAccess({ request, resourceOwner: ACCOUNT, identityPolicies: [identityPolicy], resourcePolicy }).decision;
}

/** Runs for each second of processor time, garbage collection included: other work on the machine does not count. */
function perSecond(count: number, work: (i: number) => unknown): number {
  for (let i = 0; i < count / 10; i++) work(i);
  const start = process.cpuUsage();
  for (let i = 0; i < count; i++) work(i);
  const { user, system } = process.cpuUsage(start);
  return count / ((user + system) / 1_000_000);
}

function median(run: () => number): number {
  const sorted = Array.from({ length: 5 }, run).sort((a, b) => a - b);
  return sorted[2] ?? 0;
}

function globOf(pattern: string): Glob {
  const { glob } = parsePattern(pattern, { wildcards: true, variables: false });
  if (glob === undefined) throw new Error(`${pattern} holds a variable`);
  return glob;
}

const glob = globOf(`${API}/*/GET/orders/*`);
// Every star but the last finds a place, and the last has none: the pattern that makes backtracking matchers explode.
const stars = globOf(`${"*a".repeat(39)}*b*`);
const path = "a".repeat(1500);

/** The most that a policy of 8,192 characters makes of a text of 8,192: one long piece, and as many patterns as it has room for. */
const longest = "a".repeat(8192);
const hostile = [`*?${"a".repeat(4000)}b*`, Array<string>(1150).fill("*?b*")].map((value) =>
  compilePolicy(
    {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Action: "*", Resource: "*", Condition: { StringLike: { "aws:UserAgent": value } } },
    },
    { kind: "identity", source },
  ),
);
const asked: AccessRequest = { ...requestOf(0), context: contextKeys({ "aws:UserAgent": longest }) };

if (decide(requestOf(1)) !== "allowed") throw new Error("the benchmark's request is not allowed");
const requests = Array.from({ length: 1024 }, (_, i) => requestOf(i));
const evaluations = median(() => perSecond(200_000, (i) => decide(requests[i & 1023] ?? requestOf(i))));
const whole = median(() => perSecond(100_000, (i) => decide(requestOf(i))));
const globs = median(() => perSecond(1_000_000, (i) => globMatches(glob, `${API}/dev/GET/orders/${i & 1023}`)));
const starsMs = 1000 / median(() => perSecond(20_000, () => globMatches(stars, path)));

const hostileMs = hostile.map((policy) => 1000 / median(() => perSecond(20, () => reducePolicies([policy], asked))));

const figure = (value: number) => Math.round(value).toLocaleString("en");
process.stdout.write(
  [
    `evaluations (3-statement resource policy + identity policy): ${figure(evaluations)}/s`,
    `the same, each request and its context built anew: ${figure(whole)}/s`,
    `bare glob match of one resource: ${figure(globs)}/s (${(globs / evaluations).toFixed(1)} times an evaluation)`,
    `40-star pattern against a 1,500-character path that does not match: ${starsMs.toFixed(5)} ms`,
    `a policy of 8,192 characters against a text of 8,192: ${hostileMs.map((ms) => ms.toFixed(1)).join(" ms for one pattern, ")} ms for 1,150`,
    "",
  ].join("\n"),
);
