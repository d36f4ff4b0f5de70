import { InputError } from "../errors";
import type { InputProblem } from "../errors";
import { quote } from "./errors";

/** One line of a simulation, checked; its policies are not yet. */
export interface Simulation {
  /** Null is the anonymous caller. */
  readonly callerArn: string | null;
  readonly action: string;
  readonly resource: string;
  /** An account id. */
  readonly resourceOwner: string | undefined;
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly identityPolicies: readonly unknown[];
  readonly resourcePolicy: unknown;
  readonly permissionsBoundaries: readonly unknown[];
  readonly sessionPolicies: readonly unknown[];
  readonly serviceControlPolicies: readonly (readonly unknown[])[];
  readonly vpcEndpointPolicy: unknown;
}

const FIELDS: readonly string[] = [
  "id",
  "callerArn",
  "action",
  "resource",
  "resourceOwner",
  "context",
  "identityPolicies",
  "resourcePolicy",
  "permissionsBoundaries",
  "sessionPolicies",
  "serviceControlPolicies",
  "vpcEndpointPolicy",
] satisfies ("id" | keyof Simulation)[];

/** @throws InputError with every problem of the line. */
export function parseSimulation(value: unknown): Simulation {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InputError({ what: `${quote(value)} is no simulation; it is an object.` });
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const problems: InputProblem[] = [];
  const problem = (where: string, rule: string) => {
    problems.push({ where, what: `${quote(fields[where])} is given, ${rule} is expected.` });
  };
  for (const name of Object.keys(fields)) {
    if (!FIELDS.includes(name))
      problems.push({ where: name, what: "there is no such field.", next: `Use ${FIELDS.join(", ")}.` });
  }
  const text = (name: string, rule: string, valid: RegExp): string => {
    const found = fields[name];
    if (typeof found === "string" && valid.test(found)) return found;
    problem(name, rule);
    return "";
  };
  const list = (name: string): readonly unknown[] => {
    const found = fields[name] ?? [];
    if (Array.isArray(found)) return found as readonly unknown[];
    problem(name, "a list of policies");
    return [];
  };
  const callerArn = fields["callerArn"] === null ? null : text("callerArn", "an ARN, or null for nobody", /./);
  const levels = list("serviceControlPolicies");
  if (!levels.every((level) => Array.isArray(level))) {
    problem("serviceControlPolicies", "a list of policies for each level of the organization");
  }
  const simulation: Simulation = {
    callerArn,
    action: text("action", "an action such as execute-api:Invoke", /^[A-Za-z0-9-]+:[A-Za-z0-9]+$/),
    resource: text("resource", "an ARN, or *", /^(?:\*|arn:(?:[^:]*:){4}.+)$/s),
    resourceOwner:
      (fields["resourceOwner"] ?? null) === null ? undefined : accountOf(text("resourceOwner", "an account id", OWNER)),
    context: parseContext(fields["context"] ?? {}, problem),
    identityPolicies: list("identityPolicies"),
    resourcePolicy: fields["resourcePolicy"] ?? undefined,
    permissionsBoundaries: list("permissionsBoundaries"),
    sessionPolicies: list("sessionPolicies"),
    serviceControlPolicies: levels as readonly (readonly unknown[])[],
    vpcEndpointPolicy: fields["vpcEndpointPolicy"] ?? undefined,
  };
  if (problems.length > 0) throw new InputError(problems);
  return simulation;
}

/** SimulateCustomPolicy takes the ARN of the account's root here. */
const OWNER = /^(?:arn:aws[a-z-]*:iam::)?\d{12}(?::root)?$/;

function accountOf(owner: string): string {
  return /\d{12}/.exec(owner)?.[0] ?? "";
}

/** What no number can be. */
const ADDRESSES: readonly string[] = ["aws:sourceip", "aws:vpcsourceip"];

function parseContext(
  context: unknown,
  problem: (where: string, rule: string) => void,
): Readonly<Record<string, readonly string[]>> {
  if (typeof context !== "object" || context === null || Array.isArray(context)) {
    problem("context", "an object of keys and lists of values");
    return {};
  }
  const spelt = new Set<string>();
  const entries = Object.entries(context).map(([key, written]) => {
    const lower = key.toLowerCase();
    if (spelt.has(lower)) problem("context", `${key} once, as names of keys are without case,`);
    spelt.add(lower);
    const values: readonly unknown[] = Array.isArray(written) ? written : [written];
    const types = ADDRESSES.includes(lower) ? ["string"] : ["string", "number", "boolean"];
    if (!values.every((value) => types.includes(typeof value))) {
      problem("context", "an object of keys and lists of strings");
    }
    return [key, values.map(String)] as const;
  });
  return Object.fromEntries(entries);
}
