import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

type Stage = "AWSCURRENT" | "AWSPREVIOUS";

/** GetSecretValue as AWS answers it over HTTP, for the real SDK client. */
export interface SecretsManager {
  readonly url: string;
  /** Stages asked for, in order. */
  readonly requests: string[];
  readonly versions: Map<Stage, string>;
  down: boolean;
  /** What the AWS SDK reads to come here. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

export async function startSecretsManager(id: string): Promise<SecretsManager> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as { SecretId: string; VersionStage: Stage };
      self.requests.push(asked.VersionStage);
      const value = asked.SecretId === id ? self.versions.get(asked.VersionStage) : undefined;
      const known = request.headers["x-amz-target"] === "secretsmanager.GetSecretValue" && value !== undefined;
      const status = self.down ? 500 : known ? 200 : 400;
      const error = { __type: self.down ? "InternalServiceError" : "ResourceNotFoundException", message: "no" };
      response.writeHead(status, { "Content-Type": "application/x-amz-json-1.1", Connection: "close" });
      response.end(JSON.stringify(status === 200 ? { Name: id, SecretString: value } : error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const self: SecretsManager = {
    url,
    requests: [],
    versions: new Map(),
    down: false,
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
      AWS_SECRET_ACCESS_KEY: "only-for-this-test",
    },
    stop: () => server.close(),
  };
  return self;
}
