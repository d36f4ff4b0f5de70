/** Requests at random, what decides them one by one, and the classes they fall into. */
import fc from "fast-check";
import { begin, complete } from "../../proof/decision";
import type { Engine } from "../../proof/decision";
import { keysOf } from "../../proof/decision/access-input";
import { readPath } from "../../proof/decision/path";
import type { RequestCaller, RequestFile } from "../../proof/decision/request-file";
import { readRequestFile } from "../../proof/decision/request-file";
import { wireRequestOf } from "../../proof/decision/wire-request";
import { resolveCaller } from "../../proof/local/named-caller";
import { conditionHolds, contextKeys, isRootUser, patternMatches, principalGrant } from "../../proof/iam";
import type { CompiledStatement, Condition } from "../../proof/iam";
import type { AccessRequest } from "../../proof/iam/types";
import { OWN_ALLOW } from "../../proof/analysis/callers";
import type { CallerClass, CellClasses } from "../../proof/analysis/cell-classes";
import { DEFAULT_BUDGET } from "../../proof/analysis/budget";
import type { FoundChange } from "../../proof/analysis/change";
import { spaceOf } from "../../proof/analysis/space";
import type { Subject } from "../../proof/analysis/subject";
import { prepareSide, viewOf } from "../../proof/analysis/view";
import type { Model } from "../../proof/model/types";
import { ACCOUNT, ARN, PARTNER } from "../decision/support";
import { ADDRESSES, ORGANIZATION, PATHS, REFERERS, SCOPES, STRANGER, TIMES, VERBS } from "./worlds";

const ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Pool00001";

type Who =
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

/**
 * Which route serves a path on each side, and which statements cover it: nothing may tell the paths of a cell apart.
 * Where a side has no route, only who signs could be answered differently there.
 */
function pathKey(engines: readonly Engine[], method: string, path: string): string {
  const sides = engines.map((engine) => {
    const [prepared] = engine.apis.values();
    return {
      engine,
      prepared,
      route: prepared?.routes.match(method, readPath(`/dev${path}`))?.route,
    };
  });
  const signed = sides.some(({ route }) => route?.auth.type === "AWS_IAM");
  const covered = coveredBy(engines, method, path);
  return sides
    .map(({ engine, prepared, route }, side) => {
      if (route === undefined && !signed) return "none";
      const own = signed ? statementsOf(engine) : (prepared?.policy?.statements ?? []);
      return `${route?.method} ${route?.path} ${own.map((_, index) => Number(covered[side]?.[index])).join("")}`;
    })
    .join("|");
}

/** The statements of the resource policy, and those of the roles behind them. */
function statementsOf(engine: Engine): readonly CompiledStatement[] {
  const [prepared] = engine.apis.values();
  const own = engine.model.roles.flatMap(({ identityPolicies }) => engine.policies.all(identityPolicies, "identity"));
  return [...(prepared?.policy === undefined ? [] : [prepared.policy]), ...own].flatMap(({ statements }) => statements);
}

/** Which of the statements of each side cover a path. */
function coveredBy(engines: readonly Engine[], method: string, path: string): readonly (readonly boolean[])[] {
  const resource = `${ARN}/dev/${method}${path}`;
  return engines.map((engine) => {
    const tags = engine.model.roles.flatMap((role) => Object.entries(role.tags));
    const caller = contextKeys(Object.fromEntries(tags.map(([name, value]) => [`aws:PrincipalTag/${name}`, value])));
    return statementsOf(engine).map(
      ({ resource: element }) =>
        element?.patterns.some((pattern) => patternMatches(pattern, resource, caller)) === !element?.negated,
    );
  });
}

/**
 * Whether the role of a caller can be there beside the principals of the policies: AWS saves those alone that exist, and
 * a name is that of one role of an account, whatever its path.
 */
export function canExist({ who: by }: Asked, engines: readonly Engine[]): boolean {
  if (by.kind !== "caller") return true;
  const unpathed = (arn: string): string => arn.replace(/:role\/.*\//, ":role/");
  return engines
    .flatMap(statementsOf)
    .flatMap(({ principal }) => principal?.entries ?? [])
    .every(
      (entry) => entry.kind !== "role" || entry.arn === by.asked.arn || unpathed(entry.arn) !== unpathed(by.asked.arn),
    );
}

/** How every statement of each side stands to a caller. */
export type Standings = readonly (readonly string[])[];

function standingsOf(engines: readonly Engine[], by: RequestCaller): Standings {
  return engines.map((engine) => {
    const { caller: resolved } = resolveCaller(by, { model: engine.model, listed: [] }, "test", 0);
    const request = { principal: resolved.principal, action: "", resource: "", context: keysOf(resolved) };
    return statementsOf(engine).map(({ principal, effect, conditions }) =>
      [
        principal && grantOf(principal, effect, resolved.principal),
        ...conditions
          .filter(({ lowerKey }) => /^aws:(principal|multifactor|tokenissue|user(id|name))/.test(lowerKey))
          .map((condition) => conditionHolds(condition, effect, request)),
      ].join(),
    );
  });
}

/** What names an account names its root user, who needs no policy of its own, as one of those whose policies allow. */
function grantOf(...asked: Parameters<typeof principalGrant>): string | undefined {
  const grant = principalGrant(...asked);
  return isRootUser(asked[2]) && grant === "principal" ? "account" : grant;
}

/** How those statements stand to a caller that cover the path: what tells callers apart there. */
function callerKey(standings: Standings, covered: readonly (readonly boolean[])[]): string {
  return standings.map((side, index) => side.filter((_, statement) => covered[index]?.[statement]).join(";")).join("|");
}

function placeKey(conditions: readonly Condition[], { sourceIp, vpc, headers, time }: RequestFile): string {
  const context = contextKeys({
    ...(sourceIp === undefined ? {} : { "aws:SourceIp": sourceIp }),
    ...(vpc?.id === undefined ? {} : { "aws:SourceVpc": vpc.id }),
    ...(vpc?.endpoint === undefined ? {} : { "aws:SourceVpce": vpc.endpoint }),
    ...(vpc?.sourceIp === undefined ? {} : { "aws:VpcSourceIp": vpc.sourceIp }),
    ...(headers?.["Referer"] === undefined ? {} : { "aws:Referer": headers["Referer"] }),
    ...(time === undefined ? {} : { "aws:CurrentTime": time }),
  });
  const request: AccessRequest = { principal: { kind: "anonymous" }, action: "", resource: "", context };
  const cut = conditions.map((condition) => Number(conditionHolds(condition, "Allow", request))).join("");
  return `${vpc === undefined ? "outside" : "inside"} ${cut}`;
}

function isOf(
  subject: Subject,
  by: Who,
  engines: readonly Engine[],
  known: Map<Subject, Standings>,
  keyOf: (standings: Standings) => string,
  wanted: string,
): boolean {
  if (by.kind === "caller") {
    if (subject.kind !== "caller" || subject.grants !== by.grants) return false;
    let standings = known.get(subject);
    if (standings === undefined) known.set(subject, (standings = standingsOf(engines, subject.asked)));
    if (keyOf(standings) !== wanted) return false;
    const account = by.asked.arn.split(":")[4] ?? "";
    return subject.otherAccount ? ![ACCOUNT].includes(account) : subject.account === account;
  }
  if (by.kind === "token") {
    if (subject.kind !== "token" || subject.use !== by.use || !subject.issuer.endsWith(`0000${by.pool}`)) return false;
    return by.use === "id" || (subject.scope === undefined ? true : by.scopes.includes(subject.scope));
  }
  if (by.kind === "identity") {
    if (subject.kind !== "authorizer" || subject.says !== by.says) return false;
    const sent = [...Object.keys(subject.headers), ...Object.keys(subject.query)];
    const has = { "X-One": by.one, Authorization: by.one, two: by.two };
    const all = [...sent, ...subject.without.map((expression) => expression.split(".").at(-1) ?? "")];
    return all.every((name) => has[name as keyof typeof has] === sent.includes(name));
  }
  return subject.kind === "anonymous";
}

/** The answers that the classes which a request falls into give, one for each side. */
export function predicted(
  cells: readonly Cells[],
  engines: readonly Engine[],
  request: Asked,
  known: Map<Subject, Standings>,
): Set<string> | undefined {
  const wanted = pathKey(engines, request.method, request.path);
  const cell = cells.find(({ verbs, classes, keys }) => {
    if (!verbs.includes(request.method)) return false;
    const own = keys.get(request.method) ?? pathKey(engines, request.method, classes.cell.path);
    keys.set(request.method, own);
    return own === wanted;
  })?.classes;
  if (cell === undefined) return undefined;
  const { who: by } = request;
  const covered = coveredBy(engines, request.method, request.path);
  const keyOf = (standings: Standings): string => callerKey(standings, covered);
  const key = by.kind === "caller" ? keyOf(standingsOf(engines, by.asked)) : "";
  const mine = (found: CallerClass) =>
    found.subjects.filter((subject) => isOf(subject, by, engines, known, keyOf, key));
  let classes = cell.classes.filter((found) => mine(found).length > 0);
  if (by.kind === "token" && by.use === "access") {
    const scoped = classes.filter((found) =>
      mine(found).some((one) => one.kind === "token" && one.scope !== undefined),
    );
    if (scoped.length > 0) classes = scoped;
  }
  // Who presents nothing that the method accepts is nobody; who signs where some are told apart is one of these.
  const kinds = new Set(cell.classes.flatMap(({ subjects }) => subjects.map(({ kind }) => kind)));
  if (classes.length === 0 && !(by.kind === "caller" && kinds.has("caller"))) {
    classes = cell.classes.filter(({ subjects }) => subjects.some(({ kind }) => kind === "anonymous"));
  }
  const isPrivate = engines.some(({ model }) => model.apis.some(({ endpointType }) => endpointType === "PRIVATE"));
  const file = fileOf(request);
  const place = isPrivate ? file : { ...file, vpc: undefined };
  const answers = classes.flatMap(({ points, cutBy }) => {
    const here = placeKey(cutBy, place);
    const outside = isPrivate && file.vpc === undefined;
    return points
      .filter(({ witness, position }) => (outside ? position.kind === "outside" : placeKey(cutBy, witness) === here))
      .map(({ verdicts }) => verdicts.map(({ outcome }) => outcome));
  });
  if (answers.length === 0) return new Set();
  // A token with several scopes is admitted where one of them is.
  if (by.kind === "token" && classes.length > 1) {
    return new Set([[0, 1].map((side) => (answers.some((one) => one[side] === "allow") ? "allow" : "deny")).join()]);
  }
  return new Set(answers.map((one) => one.join()));
}

export interface Cells {
  readonly verbs: readonly string[];
  readonly classes: CellClasses;
  /** `pathKey` of the cell's own path, for one of the verbs. */
  readonly keys: Map<string, string>;
}

export function cellsOf(base: Model, head: Model): readonly Cells[] {
  const sides = [prepareSide(base), prepareSide(head)];
  const views = sides.map((side) => viewOf(side, side.model.apis[0], "dev"));
  return [...spaceOf(views, DEFAULT_BUDGET)].flatMap(({ cells, verbs, undecided }) => {
    if (undecided !== undefined) throw new Error(undecided);
    return cells.map((classes) => ({ verbs, classes, keys: new Map() }));
  });
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
