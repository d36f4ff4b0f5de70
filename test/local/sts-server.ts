import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalEndpoint } from "../../proof/local/http";

export interface EndpointServer {
  readonly url: string;
  close(): void;
}

/** Local AWS endpoints over plain HTTP, as the gateway would put them on its port. */
export async function serveEndpoints(endpoints: () => readonly LocalEndpoint[]): Promise<EndpointServer> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [rawPath = "", ...query] = (request.url ?? "").split("?");
    const headers = request.rawHeaders.flatMap((name, index, all) =>
      index % 2 === 0 ? [[name, all[index + 1] ?? ""] as const] : [],
    );
    const body = Buffer.concat(chunks);
    const host = request.headers.host ?? "";
    const rawQuery = query.join("?");
    const wire = { method: request.method ?? "", rawPath, rawQuery, headers, body, host, sourceIp: "127.0.0.1" };
    for (const endpoint of endpoints()) {
      const answer = await endpoint.handle(wire);
      if (answer === undefined) continue;
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(answer.body);
      return;
    }
    response.writeHead(404).end("no endpoint");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}
