import type { TraceStep } from "../decision/types";
import type { StateFolder } from "../local/state";
import type { Exchange } from "./exchange";
import type { HeaderList } from "./wire";

/** Why one request was refused, as `explain --request-id` tells it. It holds no header, query or body. */
export interface DeniedRequest {
  readonly outcome: "deny";
  readonly requestId: string;
  /** ISO 8601 */
  readonly at: string;
  readonly status: number;
  readonly errorType: string;
  readonly body: string;
  readonly route: string | null;
  readonly methodArn: string;
  readonly trace: readonly TraceStep[];
}

const file = "denied-requests.json";
/** So many are remembered; the oldest goes first. */
const most = 200;
const writeEveryMs = 250;

/** Remembers the last refused requests, in the state folder, so that another process can explain them. */
export class DeniedRequests {
  readonly #state: StateFolder;
  readonly #last: DeniedRequest[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(state: StateFolder) {
    this.#state = state;
  }

  remember({ decision, request }: Exchange, status: number, body: string): void {
    this.#last.push({
      outcome: "deny",
      requestId: request.requestId,
      at: new Date().toISOString(),
      status,
      errorType: decision.denial?.errorType ?? "",
      body: withoutSecrets(body, request.headers),
      route: decision.route === undefined ? null : `${decision.route.method} ${decision.route.path}`,
      methodArn: decision.methodArn,
      trace: decision.trace,
    });
    if (this.#last.length > most) this.#last.shift();
    this.#timer ??= setTimeout(() => this.flush(), writeEveryMs).unref();
  }

  /** Writes what is not written yet. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#last.length > 0) this.#state.write(file, this.#last);
  }
}

/** AWS repeats an `Authorization` that is no signature in its refusal, and a gateway response may repeat any header. */
function withoutSecrets(body: string, headers: HeaderList): string {
  return headers.reduce((text, [name, value]) => {
    const written = JSON.stringify(value.trim()).slice(1, -1);
    // Shorter ones are no secrets, and may be a part of any word.
    return secret.has(name.toLowerCase()) && written.length >= 8 ? text.replaceAll(written, "…") : text;
  }, body);
}

const secret: ReadonlySet<string> = new Set(["authorization", "cookie", "x-amz-security-token", "x-api-key"]);

/** The refused request with that id, or undefined where it is not (or no longer) remembered. */
export function findDeniedRequest(state: StateFolder, requestId: string): DeniedRequest | undefined {
  const stored = state.read(file);
  return Array.isArray(stored)
    ? (stored as DeniedRequest[]).find((denied) => denied.requestId === requestId)
    : undefined;
}
