import { parseConditions } from "./conditions";
import type { Condition } from "./conditions";
import { quote } from "./errors";
import type { PolicyProblems } from "./errors";
import { lowerPattern, parsePattern } from "./pattern";
import type { Pattern } from "./pattern";
import { parsePrincipal } from "./principals";
import type { PrincipalElement } from "./principals";
import { parseResource } from "./resources";
import type { ResourceRules } from "./resources";
import type { Effect, PolicyKind } from "./types";

export interface PatternElement {
  /** `NotAction`, `NotResource`. */
  readonly negated: boolean;
  readonly patterns: readonly Pattern[];
}

/** A statement as read: plain data, each element checked. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: Effect;
  /** Absent in kinds of policy that have none. */
  readonly principal: PrincipalElement | undefined;
  /** Patterns in lower case: actions are case-insensitive. */
  readonly action: PatternElement;
  /** Absent in trust policies: their resource is the role. */
  readonly resource: PatternElement | undefined;
  readonly conditions: readonly Condition[];
}

/** What a kind of policy demands of its statements (IAM User Guide, "Grammar of the IAM JSON policy language"). */
interface KindRules {
  readonly principal: boolean;
  readonly notPrincipal: boolean;
  readonly resource: boolean;
  /** IAM's own policies allow only letters and digits. */
  readonly plainSid: boolean;
}

const IAM_POLICY: KindRules = { principal: false, notPrincipal: false, resource: true, plainSid: true };
const KINDS: Readonly<Record<PolicyKind, KindRules>> = {
  identity: IAM_POLICY,
  boundary: IAM_POLICY,
  session: IAM_POLICY,
  "service-control": IAM_POLICY,
  resource: { principal: true, notPrincipal: true, resource: true, plainSid: false },
  "vpc-endpoint": { principal: true, notPrincipal: true, resource: true, plainSid: false },
  trust: { principal: true, notPrincipal: false, resource: false, plainSid: true },
  authorizer: { principal: false, notPrincipal: false, resource: true, plainSid: false },
};

const ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

/** Reads one statement; undefined where it has a problem, all of which are reported. */
export function parseStatement(
  element: unknown,
  rules: ResourceRules,
  problems: PolicyProblems,
): Statement | undefined {
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    problems.add(`${quote(element)} is no statement.`);
    return undefined;
  }
  const fields = element as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) {
    if (!ELEMENTS.has(name)) problems.add(`there is no element ${quote(name)}.`, `Use ${[...ELEMENTS].join(", ")}.`);
  }
  const kind = KINDS[rules.kind];
  const sid = parseSid(fields["Sid"], kind, problems);
  const effect = parseEffect(fields["Effect"], problems);
  const principal = parsePrincipalOf(fields, rules.kind, problems);
  const action = parseList(fields, "Action", problems, (text) => parseAction(text, rules.kind, problems));
  const resource = kind.resource
    ? parseList(fields, "Resource", problems, (text) => parseResource(text, rules, problems))
    : forbid(fields, ["Resource", "NotResource"], rules.kind, problems);
  const conditions =
    fields["Condition"] === undefined ? [] : parseConditions(fields["Condition"], rules.variables, problems);
  if (effect === undefined || action === undefined) return undefined;
  return { sid, effect, principal, action, resource, conditions };
}

function parseSid(sid: unknown, kind: KindRules, problems: PolicyProblems): string | undefined {
  if (sid === undefined || sid === "") return undefined;
  if (typeof sid === "string" && (!kind.plainSid || /^[A-Za-z0-9]+$/.test(sid))) return sid;
  problems.add(`the Sid ${quote(sid)} is not allowed.`, "Use letters and digits only.");
  return undefined;
}

function parseEffect(effect: unknown, problems: PolicyProblems): Effect | undefined {
  if (effect === "Allow" || effect === "Deny") return effect;
  problems.add(effect === undefined ? "Effect is missing." : `Effect is ${quote(effect)}.`, "Write Allow or Deny.");
  return undefined;
}

function parsePrincipalOf(
  fields: Readonly<Record<string, unknown>>,
  kind: PolicyKind,
  problems: PolicyProblems,
): PrincipalElement | undefined {
  const rules = KINDS[kind];
  if (!rules.principal) return forbid(fields, ["Principal", "NotPrincipal"], kind, problems);
  if (!rules.notPrincipal) forbid(fields, ["NotPrincipal"], kind, problems);
  const name = oneOf(fields, "Principal", problems);
  return name === undefined ? undefined : parsePrincipal(fields[name], name === "NotPrincipal", problems);
}

function forbid(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  kind: PolicyKind,
  problems: PolicyProblems,
): undefined {
  for (const name of names) {
    if (name in fields) problems.add(`${name} is not allowed in ${kind} policies.`, `Remove ${name}.`);
  }
  return undefined;
}

/** The one of `Action` and `NotAction` (or the like) that a statement must hold. */
function oneOf(fields: Readonly<Record<string, unknown>>, name: string, problems: PolicyProblems): string | undefined {
  const [plain, negated] = [name in fields, `Not${name}` in fields];
  if (plain && negated) problems.add(`${name} and Not${name} are both there.`, "Keep one of them.");
  if (!plain && !negated) problems.add(`${name} is missing.`, `Add ${name} or Not${name}.`);
  return plain === negated ? undefined : plain ? name : `Not${name}`;
}

function parseList(
  fields: Readonly<Record<string, unknown>>,
  plain: string,
  problems: PolicyProblems,
  parse: (text: string) => Pattern | undefined,
): PatternElement | undefined {
  const name = oneOf(fields, plain, problems);
  if (name === undefined) return undefined;
  const written = fields[name];
  const list: readonly unknown[] = Array.isArray(written) ? written : [written];
  if (list.length === 0) problems.add(`${name} is an empty list.`, "Name at least one entry.");
  const patterns = list.flatMap((item) => {
    if (typeof item === "string") return parse(item) ?? [];
    problems.add(`${name}: ${quote(item)} is not a string.`);
    return [];
  });
  return { negated: name !== plain, patterns };
}

/** One colon behind the service; the service is spelt out or `*`. */
const ACTION = /^(?:\*|[A-Za-z0-9.-]+):[A-Za-z0-9*?_-]+$/;

function parseAction(text: string, kind: PolicyKind, problems: PolicyProblems): Pattern | undefined {
  const valid = kind === "trust" ? /^sts:/i.test(text) && ACTION.test(text) : text === "*" || ACTION.test(text);
  if (valid) return lowerPattern(parsePattern(text, { wildcards: true, variables: false }));
  problems.add(
    `the action ${quote(text)} is not valid.`,
    kind === "trust" ? "A trust policy allows actions of sts alone." : 'Write service:Action, or "*" for all.',
  );
  return undefined;
}
