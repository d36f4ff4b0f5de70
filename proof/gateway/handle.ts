import { randomUUID } from "node:crypto";
import { decide } from "../decision/decide";
import type { WireRequest } from "../decision/types";
import type { HttpRequest } from "../local/http";
import type { Answer } from "./answer";
import { jsonAnswer } from "./answer";
import { answerExchange } from "./answer-exchange";
import type { Backend } from "./backend";
import type { Exchange } from "./exchange";
import type { Reporter } from "./reporter";
import type { ServedApi } from "./served-api";

/** A request with all that the gateway knows of where it came from. */
export interface Incoming {
  readonly request: WireRequest;
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** The whole way of one request: the API it names, the decision, the integration, the answer. */
export async function handle(incoming: Incoming, backend: Backend, reporter: Reporter): Promise<Answer> {
  const { served, request } = addressed(incoming, backend);
  if (served === undefined || !served.stages.has(firstSegment(request.rawPath))) {
    const local = await localAnswer(incoming, backend);
    if (local !== undefined) return local;
  }
  if (served === undefined) return noSuchApi(incoming, backend);

  const decision = await decide(backend.engine, served.api, request, backend.ports);
  const extendedRequestId = `${Buffer.from(randomHex(), "hex").toString("base64").slice(0, 15)}=`;
  const exchange: Exchange = {
    isBinary: served.isBinary,
    request,
    decision,
    startedAt: incoming.startedAt,
    extendedRequestId,
    traceId: traceId(incoming.startedAt),
  };
  const answer = await answerExchange(exchange, served, backend, reporter);
  return { ...answer, headers: [...answer.headers, ["x-amz-apigw-id", extendedRequestId]] };
}

/** The API that a request is for, by its host or else by its path, which then is not part of the API's own. */
function addressed({ request, host }: Incoming, { hosts }: Backend): { served?: ServedApi; request: WireRequest } {
  const served = hosts.find(host);
  if (served !== undefined) return { served, request };
  const byPath = hosts.findByPath(request.rawPath);
  if (byPath === undefined) return { request };
  const { found, prefix } = byPath;
  const below = { ...request, rawPath: request.rawPath.slice(prefix.length), signedPathPrefix: prefix };
  return found.stages.has(firstSegment(below.rawPath)) ? { served: found, request: below } : { request };
}

async function localAnswer(incoming: Incoming, backend: Backend): Promise<Answer | undefined> {
  const { method, rawPath, rawQuery, headers, body, network } = incoming.request;
  const request: HttpRequest = {
    method,
    rawPath,
    rawQuery,
    headers,
    body,
    host: incoming.host,
    sourceIp: network.sourceIp,
  };
  for (const endpoint of backend.endpoints) {
    const answer = await endpoint.handle(request);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** In AWS the host of an API that does not exist has no address at all. */
function noSuchApi({ host, request }: Incoming, { served, hosts }: Backend): Answer {
  const labels = served.map((each) => hosts.labelOf(each));
  const names = labels.map((label) => `${label}.localhost`).join(", ");
  const paths = served.flatMap(({ stages }, index) => [...stages.keys()].map((stage) => `/${labels[index]}/${stage}`));
  const asked = `the host '${host}', nor at the path '${request.rawPath}'`;
  const message = `No API is served under ${asked}. Served: ${names}; under any host, by the path: ${paths.join(", ")}.`;
  return jsonAnswer(404, JSON.stringify({ message }));
}

function firstSegment(rawPath: string): string {
  const end = rawPath.indexOf("/", 1);
  return end === -1 ? rawPath.slice(1) : rawPath.slice(1, end);
}

/** `Root=1-67891233-abcdef012345678912345678` (docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html). */
function traceId(now: number): string {
  return `Root=1-${Math.floor(now / 1000).toString(16)}-${randomHex().slice(0, 24)}`;
}

/** 32 digits of which 122 bits are random. Node.js makes the bytes of UUIDs in advance; single draws cost ten times that. */
function randomHex(): string {
  return randomUUID().replaceAll("-", "");
}
