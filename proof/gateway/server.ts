import { randomUUID } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InputError } from "../errors";
import type { Answer } from "./answer";
import { jsonAnswer } from "./answer";
import type { Backend } from "./backend";
import { plainBody } from "./gateway-responses";
import { handle } from "./handle";
import { headersTooLarge, requestTooLarge } from "./integration-errors";
import type { Denial } from "../decision/types";
import { isLoopback, networkPosition, plainAddress } from "./network-position";
import type { Reporter } from "./reporter";
import { headerOf, headersOf, malformedRequest, maxHeaderBytes, readBody, targetOf } from "./wire";

export interface ServerOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  readonly simulateNetwork: boolean;
  readonly reporter: Reporter;
}

/** The HTTP side of the gateway: reads requests off the wire, hands them to the backend of the moment, writes answers. */
export class GatewayServer {
  readonly #options: ServerOptions;
  readonly #server: Server;
  #backend: Backend | undefined;
  #noticedHeaders = false;
  #closing = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    this.#server = createServer(
      { maxHeaderSize: 2 * maxHeaderBytes, keepAliveTimeout: 60_000, headersTimeout: 30_000, requestTimeout: 60_000 },
      (message, response) => void this.#serve(message, response),
    );
    // Node drops what comes after its limit without a word, so that a policy would not see it; the size is limited above.
    this.#server.maxHeadersCount = 0;
  }

  /**
   * Starts to listen.
   * @returns the origin, e.g. `http://127.0.0.1:9300`
   * @throws InputError where the port is taken or the address is not this machine's
   */
  listen(): Promise<string> {
    const { port, host } = this.#options;
    return new Promise((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
      this.#server.listen(port, host, () => {
        const address = this.#server.address() as AddressInfo;
        resolve(`http://${address.address.includes(":") ? `[${address.address}]` : address.address}:${address.port}`);
      });
    });
  }

  /** Requests from now on go to this backend; the one before is closed when its last request is answered. */
  use(backend: Backend): void {
    this.#backend?.retire();
    this.#backend = backend;
  }

  /** Answers what is under way, at most for this long, and stops. In ms. */
  close(graceMs = 5_000): Promise<void> {
    this.#closing = true;
    return new Promise((resolve) => {
      const force = setTimeout(() => this.#server.closeAllConnections(), graceMs);
      this.#server.close(() => {
        clearTimeout(force);
        this.#backend?.retire();
        resolve();
      });
      this.#server.closeIdleConnections();
    });
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    response.on("error", () => undefined);
    const backend = this.#backend;
    if (backend === undefined)
      return this.#write(response, jsonAnswer(503, '{"message":"Service Unavailable"}'), requestId);
    backend.begin();
    try {
      const answer = await this.#answer(message, backend, requestId);
      if (answer !== undefined) this.#write(response, answer, requestId);
    } catch (error) {
      this.#options.reporter.defect(error);
      this.#write(
        response,
        fixed({
          status: 500,
          errorType: "InternalServerErrorException",
          message: "Internal server error",
          messageKey: "message",
        }),
        requestId,
      );
    } finally {
      backend.end();
    }
  }

  async #answer(message: IncomingMessage, backend: Backend, requestId: string): Promise<Answer | undefined> {
    const startedAt = Date.now();
    const all = headersOf(message);
    const url = message.url ?? "/";
    if (all.reduce((size, [, value]) => size + value.length, url.length) > maxHeaderBytes)
      return fixed(headersTooLarge());
    const malformed = malformedRequest(url, all);
    if (malformed !== undefined) return jsonAnswer(400, JSON.stringify({ message: malformed }));
    const host = headerOf(all, "host") ?? "";
    if (!backend.isNamed(host, this.#options.host))
      return jsonAnswer(421, JSON.stringify({ message: strangeHost(host) }));
    const address = plainAddress(message.socket.remoteAddress ?? "");
    const peer = { address, loopback: isLoopback(address) };
    const position = networkPosition(all, peer, this.#options.simulateNetwork, (id) => backend.vpcOf(id));
    if (position.ignored) this.#noticeHeaders(peer.loopback);
    if (position.invalid !== undefined) return jsonAnswer(400, JSON.stringify({ message: position.invalid }));
    const body = await readBody(message);
    if (body.kind === "aborted") return undefined;
    if (body.kind === "too-large") return fixed(requestTooLarge());
    const { rawPath, rawQuery } = targetOf(url);
    const request = {
      method: message.method ?? "GET",
      rawPath,
      rawQuery,
      headers: position.headers,
      signedOnlyHeaders: position.stripped,
      body: body.bytes,
      network: position.network,
      requestId,
    };
    return handle({ request, host, startedAt }, backend, this.#options.reporter);
  }

  #write(response: ServerResponse, answer: Answer, requestId: string): void {
    if (response.destroyed || response.headersSent) return;
    const body = typeof answer.body === "string" ? Buffer.from(answer.body) : answer.body;
    const headers: string[] = [];
    for (const [name, value] of answer.headers) headers.push(name, onTheWire(value));
    // The local AWS endpoints have request ids of their own.
    if (!answer.headers.some(([name]) => name.toLowerCase() === "x-amzn-requestid")) {
      headers.push("x-amzn-RequestId", requestId);
    }
    if (answer.status !== 204 && answer.status !== 304) headers.push("Content-Length", String(body.length));
    // The rest of a body that was refused unread must not be taken for the next request.
    if (!response.req.complete || this.#closing) headers.push("Connection", "close");
    response.writeHead(answer.status, headers);
    response.end(body);
  }

  #noticeHeaders(loopback: boolean): void {
    if (this.#noticedHeaders) return;
    this.#noticedHeaders = true;
    this.#options.reporter.notice(
      loopback
        ? "A request carries x-portcullis-* headers, which are ignored: start serve with --simulate-network to honour them."
        : "A client on another machine sent x-portcullis-* headers, which are honoured for clients on this machine only.",
    );
  }
}

/** An answer that no API can change. */
function fixed(denial: Denial): Answer {
  return jsonAnswer(denial.status, plainBody(denial), [["x-amzn-ErrorType", denial.errorType]]);
}

/** Header values are bytes; text beyond Latin-1 goes out as UTF-8. */
function onTheWire(value: string): string {
  return /[^\u0000-\u00ff]/.test(value) ? Buffer.from(value, "utf8").toString("latin1") : value;
}

function strangeHost(host: string): string {
  return `The host '${host}' is not one of this gateway's. Call it by an IP address, localhost, a name that ends in .localhost or in AWS's amazonaws.com, or a custom domain of the configuration.`;
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new InputError({
      what: `Port ${port} on ${host} is in use.`,
      where: "--port",
      next: "Stop what listens there, choose another port, or let --port 0 choose a free one.",
    });
  }
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") {
    return new InputError({ what: `'${host}' is not an address of this machine.`, where: "--host" });
  }
  if (error.code === "EACCES") {
    return new InputError({
      what: `Port ${port} may not be used by this user.`,
      where: "--port",
      next: "Choose a port above 1023.",
    });
  }
  return error;
}
