import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { findProgram } from "./tools";

/** A local stand-in for AWS's control plane, with nothing in it. */
export interface Moto {
  readonly endpoint: string;
  /** What every AWS client needs to talk to it. */
  readonly env: Readonly<Record<string, string>>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** True where `python3` has moto's server. */
export function motoIsInstalled(): boolean {
  if (findProgram("python3") === undefined) return false;
  return spawnSync("python3", ["-c", "import moto.server"], { stdio: "ignore" }).status === 0;
}

/** @param accountId the account that the dummy keys belong to; other accounts are reached by assuming a role there. */
export async function startMoto(accountId: string): Promise<Moto> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const child = spawn("python3", [join(__dirname, "moto_server.py"), "-H", "127.0.0.1", "-p", String(port)], {
    // Without the managed policies any attachment of an `arn:aws:iam::aws:policy/…` is refused.
    env: {
      ...process.env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
      MOTO_HOME_ACCOUNT: accountId,
      PYTHONDONTWRITEBYTECODE: "1",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString("utf8")).slice(-4000);
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  await waitUntilReady(
    endpoint,
    () => child.exitCode !== null,
    () => log,
  );
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    reset: async () => {
      await fetch(`${endpoint}/moto-api/reset`, { method: "POST" });
    },
    close: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

async function waitUntilReady(endpoint: string, dead: () => boolean, log: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline && !dead()) {
    const ready = await fetch(`${endpoint}/moto-api/data.json`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`moto did not start:\n${log()}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
