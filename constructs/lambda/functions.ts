import { join } from "node:path";
import { Construct } from "constructs";
import type { LogSettings } from "../encryption/log-group";
import { NodeFunction, type NodeFunctionProps } from "./node-function";

export interface FunctionsProps {
  readonly log: LogSettings;
  /** Absolute path of the folder that holds a folder for each function. */
  readonly folder: string;
  /** `<project>-<environment>-<API>`; the folder's name follows. */
  readonly namePrefix: string;
  /** Environment of every handler. */
  readonly handlerEnvironment: Readonly<Record<string, string>>;
}

/** Seconds; the longest API Gateway waits for a proxy integration is 29. */
export const HANDLER_TIMEOUT_SECONDS = 10;
const AUTHORIZER_TIMEOUT_SECONDS = 5;
const MEMORY_MB = 256;

/** The functions of a stack: each folder once, however many routes it handles. */
export class Functions extends Construct {
  private readonly handlers = new Map<string, NodeFunction>();
  private readonly names = { handlers: [] as string[], authorizers: [] as string[] };

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FunctionsProps,
  ) {
    super(scope, id);
  }

  /** The function that answers routes, made when a route first needs it. */
  handler(name: string): NodeFunction {
    const { handlerEnvironment: environment } = this.props;
    const known = this.handlers.get(name);
    if (known !== undefined) return known;
    this.names.handlers.push(this.nameOf(name));
    const made = this.make(name, {
      timeoutSeconds: HANDLER_TIMEOUT_SECONDS,
      ...(Object.keys(environment).length > 0 ? { environment } : {}),
    });
    this.handlers.set(name, made);
    return made;
  }

  /** Names in AWS of the functions made so far. */
  get namesInAws(): { readonly handlers: readonly string[]; readonly authorizers: readonly string[] } {
    return this.names;
  }

  /** The function of an authorizer. */
  authorizer(
    name: string,
    environment: Readonly<Record<string, string>>,
    statements: NodeFunctionProps["statements"] = [],
  ): NodeFunction {
    this.names.authorizers.push(this.nameOf(name));
    return this.make(name, { timeoutSeconds: AUTHORIZER_TIMEOUT_SECONDS, environment, statements });
  }

  private nameOf(folder: string): string {
    return `${this.props.namePrefix}-${folder}`;
  }

  private make(
    name: string,
    rest: Pick<NodeFunctionProps, "timeoutSeconds" | "environment" | "statements">,
  ): NodeFunction {
    return new NodeFunction(this, name, {
      log: this.props.log,
      name: this.nameOf(name),
      folder: join(this.props.folder, name),
      memoryMb: MEMORY_MB,
      ...rest,
    });
  }
}
