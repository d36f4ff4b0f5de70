/** The classes that random requests fall into, as the analysis cuts them. */
import type { Engine } from "../../proof/decision";
import { keysOf } from "../../proof/decision/access-input";
import { readPath } from "../../proof/decision/path";
import type { RequestCaller, RequestFile } from "../../proof/decision/request-file";
import { resolveCaller } from "../../proof/local/named-caller";
import { conditionHolds, contextKeys, isRootUser, patternMatches, principalGrant } from "../../proof/iam";
import type { CompiledStatement, Condition } from "../../proof/iam";
import type { AccessRequest } from "../../proof/iam/types";
import type { CallerClass, CellClasses } from "../../proof/analysis/cell-classes";
import { DEFAULT_BUDGET } from "../../proof/analysis/budget";
import { spaceOf } from "../../proof/analysis/space";
import type { Subject } from "../../proof/analysis/subject";
import { prepareSide, viewOf } from "../../proof/analysis/view";
import type { Model } from "../../proof/model/types";
import { ACCOUNT, ARN } from "../decision/support";
import { fileOf } from "./requests";
import type { Asked, Who } from "./requests";

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
