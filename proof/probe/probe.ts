import type { Matrix } from "../analysis/matrix";
import type { Model } from "../model/types";
import { agrees, readAnswer, type Answered } from "./answer";
import { Identities, type Unsent } from "./identity";
import { outOfReach, positionHeaders, type Standpoint } from "./position";
import { sendRequest } from "./send";
import { apiKeyFor, sourceFor, type Source } from "./sources";
import { rowsOf, type Result, type Row } from "./types";

export interface ProbeOptions {
  readonly matrix: Matrix;
  readonly model: Pick<Model, "apis" | "roles">;
  /** API name to the URL of its stage. Rows of other APIs are not probed. */
  readonly targets: ReadonlyMap<string, URL>;
  readonly sources: readonly Source[];
  readonly standpoint: Standpoint;
  /** Send POST, PUT, PATCH and DELETE as well: what is let in may change something. */
  readonly unsafeVerbs: boolean;
  /** Requests per second, at most. */
  readonly rate: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  onResult(result: Result): void;
}

/** Verbs that change nothing by their definition (RFC 9110, section 9.2.1). */
const SAFE = ["GET", "HEAD", "OPTIONS"];

/** Sends every row of the matrix that can be sent, one after the other, and holds each answer against its prediction. */
export async function probe(options: ProbeOptions): Promise<readonly Result[]> {
  const identities = new Identities(options.model.roles, options.env);
  const pause = pacer(options.rate);
  const results: Result[] = [];
  for (const row of rowsOf(options.matrix)) {
    const result = await probeRow(row, options, identities, pause);
    options.onResult(result);
    results.push(result);
  }
  return results;
}

async function probeRow(
  row: Row,
  options: ProbeOptions,
  identities: Identities,
  pause: () => Promise<void>,
): Promise<Result> {
  const { api, stage, method, path, who, network, entry } = row;
  const common = {
    api,
    stage,
    method,
    path,
    who,
    network,
    predicted: { outcome: entry.outcome, status: entry.status },
  };
  const notProbed = (because: string): Result => ({ ...common, result: "not probed", because });
  const target = options.targets.get(api);
  const { witness } = entry;
  if (target === undefined) return notProbed("No --target names this API.");
  if (witness === null || entry.outcome === "undecided") return notProbed(`Nothing is predicted: ${entry.because}`);
  if (!SAFE.includes(witness.method) && !options.unsafeVerbs) {
    return notProbed(`${witness.method} may change something; --unsafe-verbs sends it all the same.`);
  }
  const far = outOfReach(row, options.standpoint);
  if (far !== undefined) return notProbed(far);
  const source = needsSource(row) ? sourceFor(options.sources, row) : undefined;
  if (needsSource(row) && source === undefined) return notProbed("No source says how to speak as them (--sources).");
  const { region = "us-east-1", apiKeySource } = options.model.apis.find(({ name }) => name === api) ?? {};
  const keyed = witness.passes?.includes("api-key") === true;
  const apiKey = keyed && apiKeySource === "HEADER" ? apiKeyFor(options.sources, row) : undefined;
  let request = requestOf(row, target, options.standpoint);
  if (apiKey !== undefined) request = { ...request, headers: { ...request.headers, "x-api-key": apiKey } };
  try {
    if (source !== undefined) request = await identities.speakAs(source, request, region, witness.caller?.arn);
  } catch (error) {
    return notProbed(`Their credentials could not be obtained: ${(error as Error).message}`);
  }
  await pause();
  const started = process.hrtime.bigint();
  const answered = await send(request, pause);
  const milliseconds = Math.round(Number(process.hrtime.bigint() - started) / 1e6);
  if (typeof answered === "string") return { ...common, result: "no answer", because: answered, milliseconds };
  if (answered.status === 429) return { ...notProbed("It was throttled (429) again after a pause."), milliseconds };
  // Without a key its step cannot be passed, and what authorization said before it is not told.
  if (keyed && answered.errorType === "ForbiddenException" && !hasApiKey(request)) {
    return { ...notProbed("It asks for an API key and was sent none (apiKey in --sources)."), milliseconds };
  }
  const same = agrees(common.predicted, answered);
  return {
    ...common,
    result: same ? "agrees" : "differs",
    answered,
    because: because(entry.because, answered, same),
    milliseconds,
  };
}

function because(predicted: string, answered: Answered, same: boolean): string {
  if (same) return predicted;
  const words = answered.outcome === "allow" ? "it was let in" : `it was refused (${answered.errorType})`;
  return `Predicted: ${predicted} Answered: ${words}, ${answered.status}.`;
}

/** Whether the row is about callers that have to be spoken as: who signs, or holds a token. */
function needsSource({ entry: { witness } }: Row): boolean {
  return (
    witness !== null &&
    ((witness.caller ?? null) !== null || witness.claims !== undefined || "authorizerResult" in witness)
  );
}

function hasApiKey({ headers }: Unsent): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === "x-api-key");
}

function requestOf({ entry: { witness } }: Row, target: URL, standpoint: Standpoint): Unsent {
  const url = new URL(target);
  url.pathname = `${target.pathname.replace(/\/$/, "")}${witness?.path ?? "/"}`;
  for (const [name, list] of Object.entries(witness?.query ?? {})) {
    for (const value of list) url.searchParams.append(name, value);
  }
  const headers = Object.fromEntries(
    Object.entries(witness?.headers ?? {})
      .filter(([name]) => name.toLowerCase() !== "host")
      .map(([name, list]) => [name, list.join(",")]),
  );
  return {
    method: witness?.method ?? "GET",
    url,
    headers: { ...headers, ...(standpoint.simulated && witness !== null ? positionHeaders(witness) : {}) },
    ...(witness?.body === undefined ? {} : { body: witness.body }),
  };
}

/** The answer, or why there was none. A throttled request is sent once more. */
async function send(request: Unsent, pause: () => Promise<void>, again = true): Promise<Answered | string> {
  try {
    const answer = await sendRequest(request);
    if (answer.status === 429 && again) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await pause();
      return await send(request, pause, false);
    }
    return readAnswer(answer.status, answer.headers);
  } catch (error) {
    const { message, cause, code } = error as NodeJS.ErrnoException;
    return `There was no answer: ${(cause instanceof Error ? cause.message : message) || String(code)}`;
  }
}

/** Lets one request through every `1/rate` seconds. */
function pacer(rate: number): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = Date.now();
    const wait = Math.max(0, next - now);
    next = Math.max(now, next) + 1000 / rate;
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
  };
}
