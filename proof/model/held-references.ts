import { parseTemplate } from "../terraform/expression/template";
import { ExpressionError } from "../terraform/expression/syntax";
import type { Expression } from "../terraform/expression/syntax";

/** `.name` or `[key]`; a key that is worked out is its parsed form, and `*` is every one. */
interface Step {
  readonly text: string;
  readonly index: boolean;
}
type Steps = readonly Step[];

/** The names of a reference: `["local", "policies", "a"]`; those of resources without their indexes. */
export type Reference = readonly string[];

/**
 * Functions whose result differs wherever their arguments do, as far as anybody would deploy for it (Terraform,
 * "Functions"). Of any other, as `length`, `keys` or `try`, nothing is held.
 */
const HOLDING = new Set(
  (
    "sha1 sha256 sha512 md5 base64encode base64gzip base64sha256 base64sha512 textencodebase64 urlencode jsonencode " +
    "jsondecode yamlencode yamldecode join concat merge flatten compact values format tostring tolist tomap sensitive " +
    "nonsensitive chomp trimspace"
  ).split(" "),
);

/** What the value of a JSON member holds as a whole: it differs whenever that does. Locals are followed. */
export function heldReferences(json: unknown, locals: ReadonlyMap<string, unknown>): readonly Reference[] {
  const found = new Map<string, Reference>();
  ofJson(json, [], { found, locals, bound: new Map() });
  return [...found.values()];
}

/** The reference that a member is, or the text of. */
export function soleReference(json: unknown): Reference | undefined {
  const whole = typeof json === "string" ? parsed(json) : undefined;
  const encoded = whole?.kind === "call" && /^(?:json|yaml)encode$/.test(whole.name) ? whole.args[0] : whole;
  const steps = encoded && stepsOf(encoded, []);
  return steps && named(steps);
}

const MOST_STEPS = 50;

interface Holding {
  readonly found: Map<string, Reference>;
  readonly locals: ReadonlyMap<string, unknown>;
  /** What the names of `for`, and a splat, go over. */
  readonly bound: ReadonlyMap<string, (steps: Steps) => void>;
}

function ofJson(json: unknown, steps: Steps, holding: Holding): void {
  if (typeof json === "string") {
    const expression = parsed(json);
    if (expression !== undefined) ofExpression(expression, steps, holding);
  } else if (typeof json === "object" && json !== null) {
    for (const [key, value] of Object.entries(json)) {
      if (isAt(steps[0], key)) ofJson(value, steps.slice(1), holding);
    }
  }
}

/** @param steps what is taken of the value of the expression */
function ofExpression(expression: Expression, steps: Steps, holding: Holding): void {
  const each = (parts: readonly Expression[]): void => parts.forEach((part) => ofExpression(part, [], holding));
  switch (expression.kind) {
    case "variable":
    case "splat-item":
    case "attribute":
    case "index":
      return ofTraversal(expression, steps, holding);
    case "template":
      return each(expression.parts);
    case "call":
      return HOLDING.has(expression.name) && steps.length === 0 ? each(expression.args) : undefined;
    case "tuple":
      return expression.items.forEach((item, at) => {
        if (isAt(steps[0], String(at))) ofExpression(item, steps.slice(1), holding);
      });
    case "object":
      return expression.entries.forEach(([key, value]) => {
        const is = key.kind === "literal" ? String(key.value) : undefined;
        if (isAt(steps[0], is)) ofExpression(value, steps.slice(1), holding);
      });
    case "splat":
      return ofExpression(expression.each, steps, bind("splat-item", expression.of, holding));
    case "for":
      // Of a selection, or of a part of the result, it is not known which elements are in it.
      if (expression.condition !== undefined || steps.length > 0) return;
      return ofExpression(
        expression.value,
        [],
        bind(expression.valueName, expression.over, holding, expression.keyName),
      );
    case "literal":
    case "unary":
    case "binary":
    case "conditional":
      return;
  }
}

/** All of every element is all of what they are elements of. */
function bind(name: string, over: Expression, holding: Holding, keyName?: string): Holding {
  const element = (steps: Steps): void =>
    ofExpression(over, steps.length === 0 ? [] : [{ text: "*", index: true }, ...steps], holding);
  const key = keyName === undefined ? [] : [[keyName, () => undefined] as const];
  return { ...holding, bound: new Map([...holding.bound, ...key, [name, element]]) };
}

function ofTraversal(expression: Expression, more: Steps, holding: Holding): void {
  const [root, ...steps] = stepsOf(expression, more) ?? [];
  if (root === undefined) {
    const { of, step } = stepOf(expression) ?? {};
    if (of !== undefined && step !== undefined) ofExpression(of, [step, ...more], holding);
    return;
  }
  const element = holding.bound.get(root.text);
  if (element !== undefined) return element(steps);
  const reference = named([root, ...steps]);
  const key = JSON.stringify(reference);
  // A local that names a part of itself, which Terraform refuses, would have no end.
  if (holding.found.has(key) || steps.length > MOST_STEPS) return;
  holding.found.set(key, reference);
  const [local, ...rest] = steps;
  if (root.text === "local" && local !== undefined) {
    ofJson(holding.locals.get(local.text), rest, { ...holding, bound: new Map() });
  }
}

/** The root and the steps behind it; undefined where the root is no name. */
function stepsOf(expression: Expression, more: Steps): Steps | undefined {
  if (expression.kind === "splat-item") return [{ text: "splat-item", index: false }, ...more];
  if (expression.kind === "variable") return [{ text: expression.name, index: false }, ...more];
  const last = stepOf(expression);
  return last && stepsOf(last.of, [last.step, ...more]);
}

function stepOf(expression: Expression): { readonly of: Expression; readonly step: Step } | undefined {
  if (expression.kind === "attribute") return { of: expression.of, step: { text: expression.name, index: false } };
  if (expression.kind !== "index") return undefined;
  const { of, key } = expression;
  const text = key.kind === "literal" ? String(key.value) : JSON.stringify(key);
  return { of, step: { text, index: true } };
}

function named(steps: Steps): Reference {
  const isResource = /^aws_/.test(steps[0]?.text ?? "");
  return (isResource ? steps.filter(({ index }) => !index) : steps).map(({ text }) => text);
}

function isAt(step: Step | undefined, key: string | undefined): boolean {
  return step === undefined || step.text === "*" || step.text === key;
}

function parsed(text: string): Expression | undefined {
  try {
    return parseTemplate(text);
  } catch (error) {
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}
