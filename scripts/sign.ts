import { environments } from "../environments";
import { clientKey, signParameters } from "../lambdas/signed-parameters-authorizer/sign";
import { StateFolder } from "../proof/local/state";
import { SecretStore } from "../proof/local/secrets-store";
import { loadModel } from "../proof/model/load";

/**
 * `npm run --silent sign -- ENVIRONMENT CLIENT`: the signed query parameters of a client, for the API that is served
 * locally. It takes the place of the person who hands a client its key; a deployed API's secret is never read.
 */
const DIRECTORY = "cdktf.out";
const VALID_SECONDS = 900;

function sign(name: string | undefined, clientId: string | undefined): string {
  if (name === undefined || clientId === undefined)
    throw new Error("Usage: npm run --silent sign -- ENVIRONMENT CLIENT");
  const [environment] = environments(name);
  if (environment === undefined) throw new Error(`There is no environment ${name}.`);
  const model = loadModel(DIRECTORY, { environment: name });
  const secretId = model.functions
    .map(({ environment: variables }) => variables["SIGNING_SECRET_ID"])
    .find((id) => id !== undefined);
  const store = new SecretStore(model, new StateFolder(DIRECTORY));
  const secret = secretId === undefined ? undefined : store.find(secretId);
  if (secret === undefined)
    throw new Error(`${DIRECTORY} holds no authorizer of signed parameters. Run npm start first.`);
  const current = store.versions(secret).find(({ stages }) => stages.includes("AWSCURRENT"));
  if (current === undefined) throw new Error(`The secret ${secret.name} has no current version.`);
  const expires = Math.floor(Date.now() / 1000) + VALID_SECONDS;
  const parameters = { clientId, audience: environment.signingAudience, expires };
  return `expires=${expires}&signature=${signParameters(clientKey(current.value, clientId), parameters)}`;
}

try {
  process.stdout.write(`${sign(process.argv[2], process.argv[3])}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
