import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Role } from "../model/types";
import { Sha256 } from "./sha256";
import type { Source } from "./sources";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** A request before it is sent. */
export interface Unsent {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Makes requests those of a class of callers. Each token and role session is obtained once. */
export class Identities {
  readonly #obtained = new Map<string, Promise<unknown>>();

  constructor(
    private readonly roles: readonly Role[],
    private readonly env: Readonly<Record<string, string | undefined>>,
  ) {}

  /**
   * @param arn the caller of the row's witness, where it has one
   * @throws Error saying why the identity could not be obtained, without any secret
   */
  async speakAs(source: Source, request: Unsent, region: string, arn: string | undefined): Promise<Unsent> {
    const { assumeRole, credentials, clientCredentials, send } = source;
    if (credentials !== undefined) return sign(request, region, withoutUndefined(credentials));
    if (assumeRole !== undefined) {
      const role = assumeRole.arn ?? arn;
      if (role === undefined) throw new Error("assumeRole names no role, and the row names none either.");
      const externalId = assumeRole.externalId ?? this.#externalId(role);
      const given = await this.#once(`role ${role} ${externalId}`, () => this.#assume(role, externalId, region));
      return sign(request, region, given);
    }
    if (clientCredentials !== undefined) {
      const { tokenUrl, clientId, scope } = clientCredentials;
      const token = await this.#once(`token ${tokenUrl} ${clientId} ${scope}`, () => obtainToken(clientCredentials));
      return { ...request, headers: { ...request.headers, Authorization: `Bearer ${token}` } };
    }
    const url = new URL(request.url);
    for (const [name, value] of Object.entries(send?.query ?? {})) url.searchParams.set(name, value);
    return { ...request, url, headers: { ...without(request.headers, send?.headers ?? {}), ...send?.headers } };
  }

  async #assume(RoleArn: string, externalId: string | undefined, region: string): Promise<Credentials> {
    const endpoint = this.env["AWS_ENDPOINT_URL_STS"] ?? this.env["AWS_ENDPOINT_URL"];
    const client = new STSClient({ region, ...(endpoint === undefined ? {} : { endpoint }) });
    try {
      const { Credentials: given } = await client.send(
        new AssumeRoleCommand({
          RoleArn,
          RoleSessionName: "portcullis-probe",
          ...(externalId === undefined ? {} : { ExternalId: externalId }),
        }),
      );
      return {
        accessKeyId: given?.AccessKeyId ?? "",
        secretAccessKey: given?.SecretAccessKey ?? "",
        sessionToken: given?.SessionToken ?? "",
      };
    } finally {
      client.destroy();
    }
  }

  /** What the role's own trust policy asks for, where it asks for one exact external id. */
  #externalId(arn: string): string | undefined {
    const document = this.roles.find((role) => role.arn === arn)?.trustPolicy.document;
    const found = /"sts:ExternalId":\s*"([^"]+)"/.exec(JSON.stringify(document ?? null))?.[1];
    return found;
  }

  #once<T>(key: string, obtain: () => Promise<T>): Promise<T> {
    const known = this.#obtained.get(key) as Promise<T> | undefined;
    if (known !== undefined) return known;
    const obtained = obtain();
    this.#obtained.set(key, obtained);
    return obtained;
  }
}

async function sign(request: Unsent, region: string, credentials: Credentials): Promise<Unsent> {
  const { url } = request;
  const signer = new SignatureV4({ service: "execute-api", region, credentials, sha256: Sha256 });
  const { headers } = await signer.sign({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query: queryOf(url),
    headers: { ...request.headers, host: url.host },
    ...(request.body === undefined ? {} : { body: request.body }),
  });
  return { ...request, headers };
}

function queryOf(url: URL): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [name, value] of url.searchParams) (query[name] ??= []).push(value);
  return query;
}

/** RFC 6749, section 4.4. */
async function obtainToken(client: NonNullable<Source["clientCredentials"]>): Promise<string> {
  const { tokenUrl, clientId, clientSecret, scope } = client;
  const answer = await fetch(tokenUrl, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({ grant_type: "client_credentials", ...(scope === undefined ? {} : { scope }) }),
    signal: AbortSignal.timeout(10_000),
  });
  const given = (await answer.json().catch(() => ({}))) as { access_token?: unknown; error?: unknown };
  if (answer.ok && typeof given.access_token === "string") return given.access_token;
  const error = typeof given.error === "string" && /^\w{1,40}$/.test(given.error) ? `, ${given.error}` : "";
  throw new Error(`${tokenUrl} gave no token: ${answer.status}${error}.`);
}

/** Headers without those that others of the same name, in any case, replace. */
function without(headers: Readonly<Record<string, string>>, replaced: Readonly<Record<string, string>>) {
  const names = new Set(Object.keys(replaced).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase())));
}

function withoutUndefined({
  accessKeyId,
  secretAccessKey,
  sessionToken,
}: NonNullable<Source["credentials"]>): Credentials {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}
