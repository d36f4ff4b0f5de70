import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { APIGatewayRequestAuthorizerEvent } from "aws-lambda";
import { authorizer, BadCredentials } from "../shared/authorizer";
import { readEnvironment, required, text } from "../shared/environment";
import { routes } from "../shared/routes";
import { readParameters } from "./parameters";
import { validSecrets } from "./secrets";
import { signatureMatches } from "./sign";

const { SIGNING_SECRET_ID, ROUTES } = readEnvironment(process.env, {
  SIGNING_SECRET_ID: required(text),
  ROUTES: required(routes),
});

/** An authorizer holds up every request behind it: better a quick 500 than a slow one. */
const client = new SecretsManagerClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000 },
});
const secrets = validSecrets(SIGNING_SECRET_ID, client);

/** Admits clients whose signature over client id, stage audience and expiry is right to the routes that list them. */
export const handler = authorizer(ROUTES, async (event: APIGatewayRequestAuthorizerEvent) => {
  const parameters = readParameters(event, Date.now() / 1000);
  const { clientId, audience, expires, signature } = parameters;
  const genuine =
    signatureMatches(await secrets(), parameters, signature) ||
    signatureMatches(await secrets({ afterMismatch: true }), parameters, signature);
  if (!genuine) throw new BadCredentials("signature does not match");
  return { principalId: clientId, client: clientId, scopes: [], expires, context: { client: clientId, audience } };
});
