import { STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../../proof/probe/sha256";
import { DeliveryFailure } from "./failure";
import type { Deployments } from "./stages";

/** The API as it is configured now, which a stage serves only from its next deployment on. */
interface RestApi {
  readonly policy?: string;
}

/**
 * The control plane of API Gateway, as far as roll-back and drift need it, called as its REST API reference documents.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html
 */
export class ApiGateway implements Deployments {
  readonly #endpoint: URL;
  readonly #signer: SignatureV4;
  readonly #sts: STSClient;

  constructor(region: string, env: NodeJS.ProcessEnv) {
    this.#endpoint = new URL(
      env["AWS_ENDPOINT_URL_API_GATEWAY"] ?? env["AWS_ENDPOINT_URL"] ?? `https://apigateway.${region}.amazonaws.com`,
    );
    // For its chain of credential providers: environment, profile, single sign-on, web identity, machine.
    this.#sts = new STSClient({ region });
    this.#signer = new SignatureV4({
      service: "apigateway",
      region,
      credentials: () => this.#sts.config.credentials(),
      sha256: Sha256,
    });
  }

  async create(restApiId: string, description: string): Promise<string> {
    const { id } = await this.#call<{ id: string }>("POST", `/restapis/${restApiId}/deployments`, { description });
    return id;
  }

  async use(restApiId: string, stageName: string, deploymentId: string): Promise<void> {
    const patchOperations = [{ op: "replace", path: "/deploymentId", value: deploymentId }];
    await this.#call("PATCH", `/restapis/${restApiId}/stages/${stageName}`, { patchOperations });
  }

  async delete(restApiId: string, deploymentId: string): Promise<void> {
    await this.#call("DELETE", `/restapis/${restApiId}/deployments/${deploymentId}`);
  }

  /** The resource policy as configured, parsed; undefined where there is none. */
  async configuredPolicy(restApiId: string): Promise<unknown> {
    const { policy } = await this.#call<RestApi>("GET", `/restapis/${restApiId}`);
    return policy === undefined || policy === "" ? undefined : parsePolicy(policy);
  }

  /**
   * The resource policy of what a stage serves: the export is made from the stage's deployment, and carries the policy
   * among its extensions.
   */
  async servedPolicy(restApiId: string, stageName: string): Promise<unknown> {
    const path = `/restapis/${restApiId}/stages/${stageName}/exports/oas30`;
    const exported = await this.#call<Readonly<Record<string, unknown>>>("GET", path, undefined, {
      extensions: "apigateway",
    });
    return exported["x-amazon-apigateway-policy"];
  }

  close(): void {
    this.#sts.destroy();
  }

  async #call<T>(method: string, path: string, body?: unknown, query: Record<string, string> = {}): Promise<T> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const { protocol, hostname, port, host } = this.#endpoint;
    const { headers } = await this.#signer.sign({
      method,
      protocol,
      hostname,
      ...(port === "" ? {} : { port: Number(port) }),
      path,
      query,
      headers: {
        host,
        accept: "application/json",
        ...(payload === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(payload === undefined ? {} : { body: payload }),
    });
    const search = new URLSearchParams(query).toString();
    const answer = await fetch(`${this.#endpoint.origin}${path}${search === "" ? "" : `?${search}`}`, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: payload }),
    });
    const text = await answer.text();
    if (!answer.ok) {
      throw new DeliveryFailure({
        what: `API Gateway answered ${answer.status} to ${method} ${path}: ${text.slice(0, 300)}`,
      });
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

/** API Gateway writes the quotes inside a policy with backslashes before them. */
function parsePolicy(policy: string): unknown {
  try {
    return JSON.parse(policy);
  } catch {
    return JSON.parse(JSON.parse(`"${policy}"`) as string);
  }
}
