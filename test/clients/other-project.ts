import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignatureV4 } from "@smithy/signature-v4";
import { zip } from "../lambda/zips";
import { Served } from "./served";
import { Sha256 } from "../../proof/probe/sha256";

/**
 * REST APIs that are not this project's, each as its team wrote it, served as they are over HTTP: only their functions'
 * code is ours, one that echoes the event and, as an authorizer, says what the token asks for.
 */
export const fixtures = join(__dirname, "..", "fixtures", "terraform");
export const code = `
exports.handler = async (event) => {
  if (event.methodArn === undefined) return { statusCode: 200, body: JSON.stringify(event) };
  const said = event.authorizationToken ?? event.queryStringParameters?.signature ?? event.headers?.["X-Badge"] ?? "";
  const effect = said.includes("good") || said === "123456" ? "Allow" : "Deny";
  return {
    principalId: "holder",
    policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: event.methodArn }] },
  };
};`;

export const copies = realpathSync(mkdtempSync(join(tmpdir(), "portcullis-others-")));
const running: Served[] = [];
beforeAll(() => {
  cpSync(fixtures, copies, { recursive: true, filter: (path) => !path.includes(".portcullis") });
  for (const folder of ["functions", "parcels", "bakery", "harbour", "ferry/modules/authorizer"]) {
    zip({ "index.js": code }, join(copies, folder, "echo.zip"));
  }
});
afterAll(async () => {
  await Promise.all(running.map((served) => served.stop()));
  rmSync(copies, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: unknown;
}

type Headers = Readonly<Record<string, string>>;

/** One project while it is served. */
export class Project {
  private constructor(
    readonly served: Served,
    readonly base: string,
  ) {}

  static async serve(path: string, ...options: string[]): Promise<Project> {
    const served = await Served.start(join(copies, path), "--simulate-network", ...options);
    running.push(served);
    return new Project(served, served.apis[0]?.url ?? "");
  }

  /** Another of its APIs, by the path that stands for its host. */
  of(name: string): Project {
    const api = this.served.apis.find((one) => one.name === name);
    return new Project(this.served, `${this.served.url}/${api?.id ?? name}/${api?.stage ?? ""}`);
  }

  call(method: string, path: string, headers: Headers = {}, body?: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request(this.base + path, { method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
        response.on("end", () => {
          const json = response.headers["content-type"]?.includes("json") === true && text !== "";
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: json ? (JSON.parse(text) as unknown) : text,
          });
        });
      });
      sent.on("error", reject);
      sent.end(body);
    });
  }

  /** The same, signed as a role whose credentials the project's own command gives. */
  async signed(method: string, path: string, region: string, role: string, more: Headers = {}, ...options: string[]) {
    const given = JSON.parse(this.served.command("credentials", role, ...options)) as Record<string, string>;
    const { host, hostname, pathname } = new URL(this.base + path);
    const credentials = {
      accessKeyId: given["AccessKeyId"] ?? "",
      secretAccessKey: given["SecretAccessKey"] ?? "",
      sessionToken: given["SessionToken"] ?? "",
    };
    const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
    const { headers } = await signer.sign({
      method,
      protocol: "http:",
      hostname,
      path: pathname,
      query: {},
      headers: { host },
    });
    return this.call(method, path, { ...headers, ...more });
  }

  token(...args: string[]): Headers {
    return { Authorization: this.served.command("token", ...args) };
  }
}

export const denied = (message: RegExp) => ({
  status: 403,
  body: { Message: expect.stringMatching(message) as string },
});
export const explicitDeny = /with an explicit deny in a resource-based policy/;
