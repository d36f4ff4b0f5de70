import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { clientKey } from "../../lambdas/signed-parameters-authorizer/sign";
import { type Container, startContainer } from "./support/container";
import { requestEvent } from "./support/events";
import { decide } from "./support/policy";
import { type SecretsManager, startSecretsManager } from "./support/secrets-manager";

const SECRET = "a-secret-of-at-least-thirty-two-characters";
const PROGRAMS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  sh: ["sh", "-c"],
  js: [process.execPath, "-e"],
  python: ["python3", "-c"],
};
/** The documentation's examples: language and program. */
const examples = [...readFileSync("docs/lambdas.md", "utf8").matchAll(/^```(\w+) signing-example\n([^]*?)^```$/gm)].map(
  ([, language = "", program = ""]) => ({ language, program }),
);
const runs = (language: string): boolean => {
  const commands = language === "sh" ? ["openssl", "curl"] : [PROGRAMS[language]?.[0] ?? ""];
  return commands.every((command) => spawnSync(command, ["--version"]).error === undefined);
};

let secretsManager: SecretsManager;
let container: Container;
let server: Server;
beforeAll(async () => {
  secretsManager = await startSecretsManager("signing");
  secretsManager.versions.set("AWSCURRENT", SECRET);
  container = await startContainer("signed-parameters-authorizer", {
    ...secretsManager.environment,
    SIGNING_SECRET_ID: "signing",
    ROUTES: '[{"verb":"GET","path":"/exports/*","clients":["acme"]}]',
  });
  // Stands in for API Gateway: hands the request's identity sources to the authorizer and obeys its policy.
  server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    const outcome = await container.invoke(
      requestEvent({
        path: url.pathname,
        headers: { "X-Client-Id": String(request.headers["x-client-id"]) },
        query: Object.fromEntries(url.searchParams),
        stageVariables: { signingAudience: "dev-exports" },
      }),
    );
    const admitted = "result" in outcome && decide(outcome.result, "GET", url.pathname) === "allow";
    response.writeHead(admitted ? 200 : 403).end(admitted ? "admitted" : "refused");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  container.stop();
  secretsManager.stop();
});

function run(language: string, program: string, key: string): Promise<string> {
  const [command, ...flags] = PROGRAMS[language] ?? ["false"];
  const env = {
    PATH: process.env["PATH"],
    CLIENT_ID: "acme",
    CLIENT_KEY: key,
    AUDIENCE: "dev-exports",
    URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/exports/1`,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...flags, program], { env });
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.on("error", reject).on("close", () => resolve(output.trim()));
  });
}

describe("the documented way to sign parameters", () => {
  it("is shown in three languages", () => {
    expect(examples.map(({ language }) => language)).toEqual(["sh", "js", "python"]);
  });

  for (const { language, program } of examples) {
    if (!runs(language)) {
      it.todo(`admits a client that follows it in ${language}: its commands are not installed here`);
      continue;
    }
    it(`admits a client that follows it in ${language}, and no client with another's key`, async () => {
      expect(await run(language, program, clientKey(SECRET, "acme"))).toBe("admitted");
      expect(await run(language, program, clientKey(SECRET, "globex"))).not.toContain("admitted");
    });
  }
});
