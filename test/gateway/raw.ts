import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** Sends bytes as they are and gives all that comes back until the server closes or falls silent. */
export async function raw(origin: string, text: string, quietMs = 5_000): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  let received = "";
  socket.on("data", (chunk) => (received += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write(text);
  await Promise.race([once(socket, "close"), sleep(quietMs, undefined, { ref: false })]);
  socket.destroy();
  return received;
}
