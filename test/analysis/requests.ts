/** Requests at random, and what decides them one by one. */
import fc from "fast-check";
import { begin, complete } from "../../proof/decision";
import type { Engine } from "../../proof/decision";
import { readPath } from "../../proof/decision/path";
import type { RequestCaller, RequestFile } from "../../proof/decision/request-file";
import { readRequestFile } from "../../proof/decision/request-file";
import { wireRequestOf } from "../../proof/decision/wire-request";
import { resolveCaller } from "../../proof/local/named-caller";
import { OWN_ALLOW } from "../../proof/analysis/callers";
import type { FoundChange } from "../../proof/analysis/change";
import type { Model } from "../../proof/model/types";
import { ACCOUNT, ARN, PARTNER } from "../decision/support";
import { ADDRESSES, ORGANIZATION, PATHS, REFERERS, SCOPES, STRANGER, TIMES, VERBS } from "./worlds";

const ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool00001";

export type Who =
  | { readonly kind: "nobody" }
  | { readonly kind: "caller"; readonly asked: RequestCaller; readonly grants: "known" | "allowed" | "silent" }
  | { readonly kind: "token"; readonly use: "id" | "access"; readonly scopes: readonly string[]; readonly pool: 1 | 2 }
  | {
      readonly kind: "identity";
      readonly one: boolean;
      readonly two: boolean;
      readonly says: "allow" | "deny" | "nothing";
    };

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly sourceIp: string;
  readonly vpc: RequestFile["vpc"];
  readonly referer: string | undefined;
  readonly time: string;
  readonly who: Who;
}

const callers: readonly RequestCaller[] = [
  `arn:aws:iam::${ACCOUNT}:role/else`,
  `arn:aws:iam::${ACCOUNT}:user/bob`,
  `arn:aws:iam::${PARTNER}:role/reader`,
  `arn:aws:sts::${PARTNER}:assumed-role/reader/night`,
  `arn:aws:iam::${PARTNER}:role/runner`,
  `arn:aws:iam::${PARTNER}:user/reader`,
  `arn:aws:iam::${STRANGER}:role/reader`,
  `arn:aws:iam::${STRANGER}:role/team/other`,
  "arn:aws:iam::444411112222:role/x",
  ...[ACCOUNT, PARTNER, STRANGER].flatMap((account) => [
    `arn:aws:iam::${account}:root`,
    ...[
      "role/anybody",
      "role/zeta",
      "role/x",
      "role/team/reader",
      "role/team/zeta",
      "user/anybody",
      "user/x",
      "user/team/rob",
    ].map((name) => `arn:aws:iam::${account}:${name}`),
  ]),
  `arn:aws:sts::${PARTNER}:assumed-role/reader/local`,
  `arn:aws:sts::${PARTNER}:assumed-role/reader/morning`,
].map((arn) => ({ arn }));

const CREDENTIALS: readonly Partial<RequestCaller>[] = [
  {},
  { issuedAt: "2025-06-01T00:00:00Z" },
  { issuedAt: "2026-01-01T00:00:00Z", mfaAgeSeconds: 30 },
  { issuedAt: "2026-01-15T00:00:00Z", mfaAgeSeconds: 3_600 },
  { issuedAt: "2026-01-15T00:00:00Z", mfaAgeSeconds: 7_200 },
];

const caller: fc.Arbitrary<Who> = fc
  .tuple(
    fc.constantFrom(...callers),
    fc.constantFrom("allowed" as const, "silent" as const),
    fc.constantFrom(undefined, ORGANIZATION, "o-another001"),
    fc.constantFrom(undefined, "blue", "green", "", "bronze"),
    fc.constantFrom(...CREDENTIALS),
  )
  .map(([asked, grants, organizationId, team, credentials]) => ({
    kind: "caller" as const,
    // The root user needs no policy of its own.
    grants: asked.arn.endsWith(":root") ? ("allowed" as const) : grants,
    asked: {
      ...asked,
      ...(asked.arn.includes("role/") ? { issuedAt: "2025-06-01T00:00:00Z" } : {}),
      ...credentials,
      policies: grants === "allowed" ? [OWN_ALLOW] : [],
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(team === undefined ? {} : { tags: { team } }),
    },
  }));

const known: fc.Arbitrary<Who> = fc
  .tuple(fc.constantFrom(undefined, ORGANIZATION), fc.constantFrom("local", "morning"))
  .map(([organizationId, session]) => ({
    kind: "caller" as const,
    grants: "known" as const,
    asked: {
      arn: `arn:aws:iam::${ACCOUNT}:role/team/known`,
      session,
      issuedAt: "2026-01-15T00:00:00Z",
      ...(organizationId === undefined ? {} : { organizationId }),
    },
  }));

const who: fc.Arbitrary<Who> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Who>({ kind: "nobody" }) },
  { weight: 4, arbitrary: caller },
  { weight: 2, arbitrary: known },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("token" as const),
      use: fc.constantFrom("id" as const, "access" as const),
      scopes: fc.subarray([...SCOPES, "other/scope"]),
      pool: fc.constantFrom(1 as const, 2 as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("identity" as const),
      one: fc.boolean(),
      two: fc.boolean(),
      says: fc.constantFrom("allow" as const, "deny" as const, "nothing" as const),
    }),
  },
);

const vpcs = [
  undefined,
  { id: "vpc-0a1", endpoint: "vpce-0b1", sourceIp: "10.0.1.9" },
  { id: "vpc-0a1", endpoint: "vpce-0b1", sourceIp: "10.0.2.9" },
  { id: "vpc-0ff", endpoint: "vpce-0b77", sourceIp: "10.0.1.9" },
  { id: "vpc-0a1", endpoint: "vpce-0c1", sourceIp: "192.168.0.9" },
  { id: "vpc-0ee", endpoint: "vpce-0c2", sourceIp: "10.0.9.9" },
];

export const asked: fc.Arbitrary<Asked> = fc.record({
  method: fc.constantFrom(...VERBS),
  path: fc.constantFrom(...PATHS),
  sourceIp: fc.constantFrom(...ADDRESSES),
  vpc: fc.constantFrom(...vpcs),
  referer: fc.constantFrom(...REFERERS),
  time: fc.constantFrom(...TIMES),
  who,
});

const RETURNED = {
  allow: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: `${ARN}/dev/*` }],
  deny: [{ Effect: "Deny", Action: "*", Resource: "*" }],
  nothing: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: `${ARN}/prod/*` }],
};

export function fileOf(request: Asked): RequestFile {
  const { method, path, sourceIp, vpc, referer, who: by, time } = request;
  const identity = by.kind === "identity" ? by : undefined;
  const headers = {
    ...(referer === undefined ? {} : { Referer: [referer] }),
    ...(identity?.one === true ? { "X-One": ["1"], Authorization: ["secret"] } : {}),
  };
  return {
    stage: "dev",
    method,
    path,
    sourceIp,
    ...(vpc === undefined ? {} : { vpc }),
    headers,
    query: identity?.two === true ? { two: ["2"] } : {},
    caller: by.kind === "caller" ? by.asked : null,
    time,
  };
}

/** The answer of one side, with nothing of the analysis. */
export function decideAlone(engine: Engine, model: Model, request: Asked): "allow" | "deny" {
  const [api] = model.apis;
  if (api === undefined) throw new Error("There is one API.");
  const file = fileOf(request);
  const now = Date.parse(request.time);
  const { who: by } = request;
  const resolved = by.kind === "caller" ? resolveCaller(by.asked, { model, listed: [] }, "test", now).caller : null;
  const route = engine.apis.get(api.address)?.routes.match(request.method, readPath(`/dev${request.path}`))?.route;
  const pools = route?.auth.type === "COGNITO_USER_POOLS" ? route.auth.authorizer.providerArns : [];
  const genuine = by.kind === "token" && pools.some((arn) => arn.endsWith(`0000${by.pool}`));
  const begun = begin(
    engine,
    api,
    wireRequestOf(file, api, "test", "id"),
    { now: () => now, findCredential: () => undefined, jwks: () => ({ keys: [] }) },
    {
      caller: resolved,
      ...(genuine
        ? { claims: { token_use: by.use, scope: by.use === "access" ? by.scopes.join(" ") : undefined } }
        : {}),
    },
  );
  if (!("pending" in begun)) return begun.outcome;
  const answer =
    by.kind === "identity"
      ? { payload: { principalId: "p", policyDocument: { Version: "2012-10-17", Statement: RETURNED[by.says] } } }
      : { errorMessage: "Unauthorized" };
  return complete(begun, answer).outcome;
}

export function holds({ witness, before, after }: FoundChange, engines: readonly Engine[]): boolean {
  if (witness === null) return false;
  const file = readRequestFile(JSON.parse(JSON.stringify(witness)), "witness");
  return engines.every((engine, index) => {
    const [api] = engine.model.apis;
    if (api === undefined) return false;
    const now = file.time === undefined ? Date.UTC(2026, 0, 15, 12) : Date.parse(file.time);
    const claims = file.claims !== undefined && issuersOf(engine, file).includes(String(file.claims["iss"]));
    const begun = begin(
      engine,
      api,
      wireRequestOf(file, api, "witness", "id"),
      { now: () => now, findCredential: () => undefined, jwks: () => ({ keys: [] }) },
      {
        caller: file.caller
          ? resolveCaller(file.caller, { model: engine.model, listed: [] }, "witness", now).caller
          : null,
        ...(claims ? { claims: file.claims ?? {} } : {}),
        ...("authorizerResult" in file ? { authorizerResult: file.authorizerResult } : {}),
      },
    );
    const decision = "pending" in begun ? complete(begun, { errorMessage: "Unauthorized" }) : begun;
    return decision.outcome === [before, after][index]?.outcome;
  });
}

function issuersOf(engine: Engine, file: RequestFile): readonly string[] {
  const [prepared] = engine.apis.values();
  const served = prepared?.routes.match(file.method, readPath(`/dev${file.path}`))?.route;
  if (served?.auth.type !== "COGNITO_USER_POOLS") return [];
  return served.auth.authorizer.providerArns.map((arn) =>
    ISSUER.replace(/us-east-1_Pool\d+$/, arn.split("/")[1] ?? ""),
  );
}
