import { randomUUID } from "node:crypto";
import { InputError } from "../errors";
import type { Model } from "../model/types";
import { oneLine } from "../sigv4";
import type { CredentialRegistry } from "./credentials";
import type { HttpAnswer, HttpRequest, LocalEndpoint } from "./http";
import { verifyCall } from "./service-call";
import { STS_ACTIONS } from "./sts-actions";
import { signatureError, StsError } from "./sts-errors";
import { failure, success } from "./sts-xml";

const API_VERSION = "2011-06-15";

export interface AwsEndpointOptions {
  /** Milliseconds since the epoch; `Date.now` if left out. */
  readonly now?: () => number;
  /** Told why a request was refused, where the answer in AWS's words says less. */
  readonly onRefusal?: (because: string) => void;
}

/**
 * AWS STS: AssumeRole, GetCallerIdentity and GetSessionToken over the Query protocol, for every region at once. Every
 * request must be signed by a credential of the registry; there is no other way in.
 */
export function stsEndpoint(
  registry: CredentialRegistry,
  model: Pick<Model, "roles">,
  { now = Date.now, onRefusal = () => undefined }: AwsEndpointOptions = {},
): LocalEndpoint {
  return {
    name: "sts",
    async handle(request) {
      if (!isForSts(request)) return undefined;
      const requestId = randomUUID();
      try {
        return answer(request, requestId);
      } catch (error) {
        const refusal = error instanceof InputError ? invalidPolicy(error) : error;
        if (!(refusal instanceof StsError)) throw error;
        onRefusal(oneLine(`sts: ${refusal.because}`));
        return failure(refusal, requestId);
      }
    },
  };

  function answer(request: HttpRequest, requestId: string): HttpAnswer {
    const at = now();
    const signature = verifyCall(request, "sts", registry, at);
    if (signature.outcome === "refused") throw signatureError(signature.denial, signature.because);
    const parameters = parametersOf(request);
    const name = parameters.get("Action") ?? "";
    const action = STS_ACTIONS.get(name);
    if (action === undefined) {
      const known = [...STS_ACTIONS.keys()].join(", ");
      const message = `Could not find operation ${name} for version ${parameters.get("Version") ?? API_VERSION}`;
      throw new StsError(400, "InvalidAction", message, `${message}; the local STS knows ${known}.`);
    }
    const { caller } = signature.credential;
    const { sourceIp } = request;
    return success(name, action({ registry, model, caller, parameters, now: at, sourceIp }), requestId);
  }
}

/** AWS would not have saved such a policy, so it has no words for this. */
function invalidPolicy(error: InputError): StsError {
  return new StsError(403, "AccessDenied", "A policy of the role or of the caller is not valid.", error.message);
}

/** The root path, and a signature for STS or the version of its API: nothing else on this port has either. */
function isForSts(request: HttpRequest): boolean {
  if (request.rawPath !== "/") return false;
  const signed = request.headers.some(
    ([name, value]) => name.toLowerCase() === "authorization" && /Credential=[^,]*\/sts\/aws4_request/.test(value),
  );
  return signed || parametersOf(request).get("Version") === API_VERSION;
}

/** Query and body; of a parameter that is there twice, the first. */
function parametersOf(request: HttpRequest): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  const body = request.method === "POST" ? Buffer.from(request.body).toString("utf8") : "";
  for (const [name, value] of [...new URLSearchParams(request.rawQuery), ...new URLSearchParams(body)]) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}
