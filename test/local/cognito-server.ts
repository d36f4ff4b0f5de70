import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { createCredentialRegistry } from "../../proof/local/credentials";
import type { Administrators } from "../../proof/local/cognito/administrator";
import { LocalIssuers } from "../../proof/local/issuer";
import type { CognitoContext, Message } from "../../proof/local/cognito/pool-data";
import type { LocalEndpoint } from "../../proof/local/http";
import type { Model } from "../../proof/model/types";
import { temporaryState } from "./issuer-fixture";

/** Who may do everything to the pools of the account 111111111111. */
export const ADMIN = { accessKeyId: "AKIALOCAL", secretAccessKey: "local" };
const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "cognito-idp:*", Resource: "*" }] };
const admin = { ...ADMIN, arn: "arn:aws:iam::111111111111:user/admin", policies: [everything] };

/** What the endpoints of one server share. */
export type ServedContext = CognitoContext & { readonly administrators: Administrators };

export interface Served {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  readonly context: ServedContext;
  /** What would have been sent, newest first. */
  readonly messages: Message[];
  /** Moves the server's clock. */
  pass(milliseconds: number): void;
}

/** Signing keys take long to make, so the servers of one test file share theirs. */
let issuers: LocalIssuers | undefined;
const closing: (() => void)[] = [];
afterAll(() => closing.forEach((close) => close()));

/**
 * Real HTTP in front of local endpoints, as the gateway puts it.
 * @param callers entries of a callers file
 */
export async function serve(
  model: Model,
  endpoints: (context: ServedContext) => readonly LocalEndpoint[],
  over: Partial<CognitoContext> = {},
  callers: readonly object[] = [admin],
): Promise<Served> {
  const { directory, state } = temporaryState();
  const callersFile = join(dirname(directory), "callers.json");
  writeFileSync(callersFile, JSON.stringify({ callers }));
  const messages: Message[] = [];
  let ahead = 0;
  const context: ServedContext = {
    model,
    state,
    issuers: (issuers ??= new LocalIssuers(state)),
    now: () => Date.now() + ahead,
    administrators: createCredentialRegistry({ model, state, callersFile }),
    deliver: (message) => void messages.unshift(message),
    ...over,
  };
  const all = endpoints(context);
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => void chunks.push(chunk));
    incoming.on("end", () => {
      const [rawPath = "/", ...query] = (incoming.url ?? "/").split("?");
      const headers: [string, string][] = [];
      for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
        headers.push([incoming.rawHeaders[at] ?? "", incoming.rawHeaders[at + 1] ?? ""]);
      }
      const request = {
        method: incoming.method ?? "GET",
        rawPath,
        rawQuery: query.join("?"),
        headers,
        body: Buffer.concat(chunks),
        host: incoming.headers.host ?? "",
        sourceIp: "127.0.0.1",
      };
      void (async () => {
        for (const endpoint of all) {
          const answer = await endpoint.handle(request);
          if (answer === undefined) continue;
          for (const [name, value] of answer.headers) outgoing.appendHeader(name, value);
          return outgoing.writeHead(answer.status).end(answer.body);
        }
        return outgoing.writeHead(404).end("no endpoint");
      })().catch((error: unknown) => outgoing.writeHead(500).end(String(error)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    context,
    messages,
    pass: (milliseconds) => void (ahead += milliseconds),
  };
}
