import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { GetSecretValueCommandInput } from "@aws-sdk/client-secrets-manager";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { secretsEndpoint } from "../../proof/local/secrets";
import { SecretStore } from "../../proof/local/secrets-store";
import { StateFolder } from "../../proof/local/state";
import { callers, secrets, signing } from "./secrets-world";
import { model } from "./sts-roles";
import type { EndpointServer } from "./sts-server";
import { serveEndpoints } from "./sts-server";

let folder: string;
let state: StateFolder;
let server: EndpointServer;
const refusals: string[] = [];
const store = () => new SecretStore({ secrets }, state);
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "secrets-"));
  const callersFile = join(folder, "callers.json");
  writeFileSync(callersFile, JSON.stringify({ callers }));
  state = new StateFolder(join(folder, "cdktf.out"));
  const registry = createCredentialRegistry({ model: model([]), state, callersFile });
  const endpoint = secretsEndpoint(registry, store(), { onRefusal: (because) => refusals.push(because) });
  server = await serveEndpoints(() => [endpoint]);
});
beforeEach(() => void (refusals.length = 0));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function client(
  key = "AKIAREADER",
  secretAccessKey = key.slice(4).toLowerCase(),
  region = "eu-central-1",
): SecretsManagerClient {
  return new SecretsManagerClient({
    endpoint: server.url,
    region,
    credentials: { accessKeyId: key, secretAccessKey },
    maxAttempts: 1,
  });
}
const get = (input: GetSecretValueCommandInput, by = client()) => by.send(new GetSecretValueCommand(input));
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => "admitted",
    (error: Error & { $metadata?: { httpStatusCode?: number } }) => [
      error.$metadata?.httpStatusCode,
      error.name,
      error.message,
    ],
  );

describe("GetSecretValue", () => {
  it("gives a secret without a configured value 32 random bytes, the same in every process", async () => {
    const found = await get({ SecretId: "signing" });
    expect(Buffer.from(found.SecretString ?? "", "base64url")).toHaveLength(32);
    expect(found).toMatchObject({ ARN: signing.arn, Name: "signing", VersionStages: ["AWSCURRENT"] });
    expect(found.VersionId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(Date.now() - (found.CreatedDate?.getTime() ?? 0)).toBeLessThan(60_000);
    expect(
      store()
        .versions(signing)
        .map(({ value }) => value),
    ).toEqual([found.SecretString]);
    expect((await get({ SecretId: "signing" })).SecretString).toBe(found.SecretString);
  });

  it("gives a configured value as it stands, and stores nothing of it", async () => {
    const found = await get({ SecretId: "configured" });
    expect(found.SecretString).toBe('{"key":"from the configuration"}');
    const files = readdirSync(state.path).map((file) => JSON.stringify(state.read(file)));
    expect(files.join("")).not.toContain("from the configuration");
  });

  it.each(["signing", signing.arn, "arn:aws:secretsmanager:eu-central-1:222222222222:secret:signing"])(
    "finds %s",
    async (SecretId) => {
      expect((await get({ SecretId })).ARN).toBe(signing.arn);
    },
  );

  it("gives a version by its stage or id, and by both only where they agree", async () => {
    const pending = await get({ SecretId: "staged", VersionStage: "AWSPENDING" });
    const current = await get({ SecretId: "staged" });
    expect(pending.SecretString).not.toBe(current.SecretString);
    const { VersionId = "" } = pending;
    expect((await get({ SecretId: "staged", VersionId })).SecretString).toBe(pending.SecretString);
    expect((await get({ SecretId: "staged", VersionId, VersionStage: "AWSPENDING" })).SecretString).toBe(
      pending.SecretString,
    );
    expect(await refusal(get({ SecretId: "staged", VersionId, VersionStage: "AWSCURRENT" }))).toEqual([
      400,
      "InvalidRequestException",
      "You provided a VersionStage that is not associated to the provided VersionId.",
    ]);
  });

  it.each([
    [{ SecretId: "absent" }, "Secrets Manager can't find the specified secret."],
    [{ SecretId: "elsewhere" }, "Secrets Manager can't find the specified secret."],
    [
      { SecretId: "signing", VersionStage: "AWSPREVIOUS" },
      "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    ],
    [
      { SecretId: "signing", VersionId: "00000000-0000-0000-0000-000000000000" },
      "Secrets Manager can't find the specified secret value for VersionId: 00000000-0000-0000-0000-000000000000",
    ],
  ])("answers %j with ResourceNotFoundException", async (input, message) => {
    expect(await refusal(get(input))).toEqual([400, "ResourceNotFoundException", message]);
  });

  it("knows a secret only in its own region", async () => {
    const abroad = client("AKIAREADER", "reader", "us-east-1");
    expect(await refusal(get({ SecretId: "signing" }, abroad))).toMatchObject({ 1: "ResourceNotFoundException" });
  });
});

describe("a rotation", () => {
  it("makes the current value the previous one, at once and for every process", async () => {
    const first = await get({ SecretId: "rotating" });
    const second = store().rotateSecret("rotating");
    const previous = await get({ SecretId: "rotating", VersionStage: "AWSPREVIOUS" });
    const current = await get({ SecretId: "rotating" });
    expect(previous).toMatchObject({ SecretString: first.SecretString, VersionId: first.VersionId });
    expect(current.VersionId).toBe(second);
    expect(current.SecretString).not.toBe(first.SecretString);

    store().rotateSecret("rotating", "a value of my own, long enough");
    expect((await get({ SecretId: "rotating" })).SecretString).toBe("a value of my own, long enough");
    expect((await get({ SecretId: "rotating", VersionStage: "AWSPREVIOUS" })).VersionId).toBe(second);
    expect(await refusal(get({ SecretId: "rotating", VersionId: first.VersionId }))).toMatchObject({
      1: "ResourceNotFoundException",
    });
  });

  it("of an unknown secret names the known ones", () => {
    expect(() => store().rotateSecret("absent")).toThrow(/no secret 'absent'.*\n.*signing \(arn:/);
  });
});

describe("access to a secret", () => {
  it.each([
    [
      "another secret than the policy allows",
      "AKIAONE",
      { SecretId: "staged" },
      "arn:aws:secretsmanager:eu-central-1:222222222222:secret:staged-AbCdEf because no identity-based policy allows the secretsmanager:GetSecretValue action",
    ],
    [
      "a secret that does not exist, without telling so",
      "AKIAONE",
      { SecretId: "absent" },
      "arn:aws:secretsmanager:eu-central-1:222222222222:secret:absent because no identity-based policy allows the secretsmanager:GetSecretValue action",
    ],
    [
      "a stage that the policy does not allow",
      "AKIACURRENT",
      { SecretId: "signing", VersionStage: "AWSPREVIOUS" },
      `${signing.arn} because no identity-based policy allows the secretsmanager:GetSecretValue action`,
    ],
    [
      "a secret that the policy denies",
      "AKIAREADER",
      { SecretId: "forbidden" },
      "arn:aws:secretsmanager:eu-central-1:222222222222:secret:forbidden-AbCdEf with an explicit deny in an identity-based policy",
    ],
    [
      "a secret with a tag that the policy denies",
      "AKIAREADER",
      { SecretId: "tagged" },
      "arn:aws:secretsmanager:eu-central-1:222222222222:secret:tagged-AbCdEf with an explicit deny in an identity-based policy",
    ],
    [
      "a version that the policy denies",
      "AKIAREADER",
      { SecretId: "signing", VersionId: "11111111-1111-1111-1111-111111111111" },
      `${signing.arn} with an explicit deny in an identity-based policy`,
    ],
    [
      "a secret whose own policy denies it",
      "AKIAREADER",
      { SecretId: "guarded" },
      "arn:aws:secretsmanager:eu-central-1:222222222222:secret:guarded-AbCdEf with an explicit deny in a resource-based policy",
    ],
  ])("is refused for %s", async (_, key, input, message) => {
    const who = callers.find(({ accessKeyId }) => accessKeyId === key)?.arn;
    expect(await refusal(get(input, client(key)))).toEqual([
      400,
      "AccessDeniedException",
      `User: ${who} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${message}`,
    ]);
    expect(refusals).toHaveLength(1);
  });

  it("in another account is refused, since this secret has no policy that admits anybody", async () => {
    const SecretId = "arn:aws:secretsmanager:eu-central-1:333333333333:secret:elsewhere-AbCdEf";
    expect(await refusal(get({ SecretId }))).toMatchObject({ 1: "AccessDeniedException" });
  });

  it("in another account is refused even where both policies allow it, as its KMS key is not known", async () => {
    const SecretId = "arn:aws:secretsmanager:eu-central-1:333333333333:secret:shared-AbCdEf";
    expect(await refusal(get({ SecretId }))).toEqual([400, "AccessDeniedException", "Access to KMS is not allowed"]);
  });

  it("is open to whom the secret's own policy names", async () => {
    expect((await get({ SecretId: "granted" }, client("AKIAONE"))).Name).toBe("granted");
  });

  it("is open to a policy with the right condition", async () => {
    const found = await get({ SecretId: "signing", VersionStage: "AWSCURRENT" }, client("AKIACURRENT"));
    expect(found.Name).toBe("signing");
  });

  it.each([
    ["the wrong secret key", client.bind(null, "AKIAREADER", "guess"), "InvalidSignatureException"],
    ["an unknown key", client.bind(null, "AKIANOBODY", "x"), "UnrecognizedClientException"],
  ])("needs a signature: %s is refused", async (_, make, name) => {
    expect(await refusal(get({ SecretId: "signing" }, make()))).toMatchObject({ 0: 400, 1: name });
  });

  it("needs a signature: none is refused", async () => {
    const headers = { "x-amz-target": "secretsmanager.GetSecretValue" };
    const answer = await fetch(server.url, { method: "POST", headers, body: '{"SecretId":"signing"}' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      __type: "MissingAuthenticationTokenException",
      message: "Missing Authentication Token",
    });
  });
});

describe("the endpoint", () => {
  it("says which operation it does not have", async () => {
    expect(await refusal(client().send(new ListSecretsCommand()))).toEqual([
      400,
      "UnknownOperationException",
      "The local Secrets Manager does not support ListSecrets; it supports GetSecretValue.",
    ]);
  });

  it("wants the name of a secret", async () => {
    expect(await refusal(get({ SecretId: "" }))).toEqual([
      400,
      "ValidationException",
      expect.stringContaining("secretId"),
    ]);
  });

  it("answers the aws CLI", async () => {
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "AKIAREADER",
      AWS_SECRET_ACCESS_KEY: "reader",
      AWS_ENDPOINT_URL_SECRETS_MANAGER: server.url,
    };
    const args = ["secretsmanager", "get-secret-value", "--secret-id", "configured", "--output", "json"];
    const { stdout } = await promisify(execFile)("aws", args, { env });
    expect(JSON.parse(stdout)).toMatchObject({
      SecretString: '{"key":"from the configuration"}',
      VersionStages: ["AWSCURRENT"],
    });
  });

  it("leaves other requests to others", async () => {
    const headers = { "x-amz-target": "AWSCognitoIdentityProviderService.SignUp" };
    expect((await fetch(server.url, { method: "POST", headers, body: "{}" })).status).toBe(404);
  });
});
