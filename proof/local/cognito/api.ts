import { randomUUID } from "node:crypto";
import { oneLine } from "../../sigv4";
import { header } from "../http";
import type { HttpAnswer, LocalEndpoint } from "../http";
import { requireAdministrator } from "./administrator";
import type { Administrators } from "./administrator";
import { ChallengeSessions } from "./challenge";
import { CognitoError } from "./error";
import type { Input, Operation } from "./input";
import { adminOperations } from "./operations-admin";
import { signInOperations } from "./operations-sign-in";
import { signUpOperations } from "./operations-sign-up";
import { userOperations } from "./operations-user";
import type { CognitoContext } from "./pool-data";

const TARGET = "AWSCognitoIdentityProviderService.";

export interface CognitoApiOptions extends CognitoContext {
  readonly administrators: Administrators;
  /** Told why an operation was refused, where Cognito's own words say less. */
  readonly onRefusal?: (because: string) => void;
}

/**
 * The `cognito-idp` API as AWS SDKs and the aws CLI call it: `POST /` in the JSON 1.1 protocol. An operation that is
 * not here is refused by name.
 */
export function cognitoApi(options: CognitoApiOptions): LocalEndpoint {
  const sessions = new ChallengeSessions(() => options.now());
  const operations = new Map<string, Operation>(
    Object.entries({
      ...adminOperations,
      ...signUpOperations,
      ...signInOperations(sessions),
      ...userOperations(sessions, () => options.now()),
    }),
  );
  return {
    name: "cognito-idp",
    async handle(request) {
      if (request.rawPath !== "/") return undefined;
      if (
        request.method === "OPTIONS" &&
        (header(request, "access-control-request-headers") ?? "").includes("x-amz-target")
      ) {
        return { status: 200, headers: [...CORS, ["access-control-max-age", "86400"]], body: "" };
      }
      const target = header(request, "x-amz-target");
      if (request.method !== "POST" || target?.startsWith(TARGET) !== true) return undefined;
      const name = target.slice(TARGET.length);
      try {
        const operation = operations.get(name);
        if (operation === undefined) {
          throw new CognitoError("UnknownOperationException", `${name} is not supported by the local user pools.`);
        }
        const input = parse(request.body);
        if (name.startsWith("Admin") || Object.hasOwn(adminOperations, name)) {
          requireAdministrator(options, options.administrators, request, name, input);
        }
        return answer(200, await operation(options, input));
      } catch (error) {
        if (!(error instanceof CognitoError)) throw error;
        if (error.because !== error.message) options.onRefusal?.(oneLine(`cognito-idp: ${error.because}`));
        return answer(400, { __type: error.type, message: error.message }, error);
      }
    },
  };
}

function parse(body: Uint8Array): Input {
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Said below.
  }
  throw new CognitoError("SerializationException", "The request is not a JSON object.");
}

/** Browser applications call the API directly, so it answers every origin, as AWS does. */
const CORS: readonly (readonly [string, string])[] = [
  ["access-control-allow-origin", "*"],
  ["access-control-allow-methods", "POST"],
  [
    "access-control-allow-headers",
    "content-type,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request,cache-control",
  ],
  ["access-control-expose-headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage"],
];

function answer(status: number, value: unknown, error?: CognitoError): HttpAnswer {
  return {
    status,
    headers: [
      ["content-type", "application/x-amz-json-1.1"],
      ["x-amzn-requestid", randomUUID()],
      ["cache-control", "no-store"],
      ...CORS,
      ...(error === undefined ? [] : [["x-amzn-errortype", `${error.type}:`] as const]),
    ],
    body: JSON.stringify(value),
  };
}
