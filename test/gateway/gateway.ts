import type { LocalServices } from "../../proof/gateway/backend";
import { openBackend, prepare } from "../../proof/gateway/backend";
import type { Reporter } from "../../proof/gateway/reporter";
import { silent } from "../../proof/gateway/reporter";
import { GatewayServer } from "../../proof/gateway/server";
import type { Model } from "../../proof/model/types";

export const noServices: LocalServices = {
  endpoints: () => [],
  redirects: [],
  ports: { findCredential: () => undefined, jwks: () => undefined },
  credentialsOf: () => undefined,
};

export interface TestGateway {
  readonly origin: string;
  readonly server: GatewayServer;
  close(): Promise<void>;
}

/** Serves a model on a free port of this machine. */
export async function serve(
  model: Model,
  options: { simulateNetwork?: boolean; reporter?: Partial<Reporter>; services?: Partial<LocalServices> } = {},
): Promise<TestGateway> {
  const prepared = prepare(model);
  const server = new GatewayServer({
    port: 0,
    host: "127.0.0.1",
    simulateNetwork: options.simulateNetwork ?? false,
    reporter: { ...silent, defect: (error) => console.error(error), ...options.reporter },
  });
  const origin = await server.listen();
  server.use(openBackend(prepared, origin, { ...noServices, ...options.services }, options.reporter?.log));
  return { origin, server, close: () => server.close(1_000) };
}
