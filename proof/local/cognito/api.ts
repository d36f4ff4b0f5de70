import { randomUUID } from "node:crypto";
import type { HttpAnswer, HttpRequest, LocalEndpoint } from "../http";
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
  /**
   * Whether a request is signed by somebody; asked for operations that AWS authorizes with IAM. Without it a request
   * need only carry a signature.
   */
  readonly isSigned?: (request: HttpRequest) => boolean;
}

/**
 * The `cognito-idp` API as AWS SDKs and the aws CLI call it: `POST /` in the JSON 1.1 protocol. An operation that is
 * not here is refused by name.
 */
export function cognitoApi(options: CognitoApiOptions): LocalEndpoint {
  const sessions = new ChallengeSessions(() => options.now());
  const open: Readonly<Record<string, Operation>> = {
    ...signUpOperations,
    ...signInOperations(sessions),
    ...userOperations(sessions, () => options.now()),
  };
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
        const admin = name.startsWith("Admin") || (Object.hasOwn(adminOperations, name) && !Object.hasOwn(open, name));
        if (admin) requireSignature(request, options);
        const operation = Object.hasOwn(open, name)
          ? open[name]
          : Object.hasOwn(adminOperations, name)
            ? adminOperations[name]
            : undefined;
        if (operation === undefined) {
          throw new CognitoError("UnknownOperationException", `${name} is not supported by the local user pools.`);
        }
        return answer(200, await operation(options, parse(request.body)));
      } catch (error) {
        if (!(error instanceof CognitoError)) throw error;
        return answer(400, { __type: error.type, message: error.message }, error);
      }
    },
  };
}

/**
 * A page in a browser can reach a loopback port, and gets no further here: browsers say where a request comes from,
 * and no page has business with operations that AWS gives to administrators.
 */
function requireSignature(request: HttpRequest, { isSigned }: CognitoApiOptions): void {
  const signed = header(request, "authorization")?.startsWith("AWS4-HMAC-SHA256 ") === true;
  if (!signed || header(request, "origin") !== undefined) {
    throw new CognitoError("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  if (isSigned?.(request) === false) {
    throw new CognitoError("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
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

/** The first header of that name, in lower case. */
export function header(request: HttpRequest, name: string): string | undefined {
  return request.headers.find(([one]) => one.toLowerCase() === name)?.[1];
}
