/** `node --import tsx bench/decision.ts`: decisions per second for each type of authorization, their traces not read. */

import { createHash, createHmac, generateKeyPairSync, sign, verify } from "node:crypto";
import { begin, complete } from "../proof/decision/decide";
import { prepareEngine } from "../proof/decision/engine";
import type { SyncPorts } from "../proof/decision/ports";
import type { Caller, Decision, WireRequest } from "../proof/decision/types";
import { model as modelOf } from "../test/decision/support";
import type { Api, CognitoAuthorizer, LambdaAuthorizer, Model, Route, RouteAuth } from "../proof/model/types";

const ACCOUNT = "111122223333";
const ARN = `arn:aws:execute-api:us-east-1:${ACCOUNT}:a1b2c3d4e5`;
const now = Date.UTC(2026, 0, 31, 12);
const source = { file: "bench", address: "bench" };
const statements = (Statement: unknown) => ({ document: { Version: "2012-10-17", Statement }, source });
const invoke = { Effect: "Allow", Action: "execute-api:Invoke", Resource: `${ARN}/dev/GET/*` };

const cognito: CognitoAuthorizer = {
  type: "COGNITO_USER_POOLS",
  address: "aws_api_gateway_authorizer.pool",
  id: "auth01",
  name: "pool",
  providerArns: [`arn:aws:cognito-idp:us-east-1:${ACCOUNT}:userpool/us-east-1_Bench0001`],
  identitySource: "method.request.header.Authorization",
  source,
};
const lambda = (name: string, resultTtlSeconds: number): LambdaAuthorizer => ({
  type: "TOKEN",
  address: `aws_api_gateway_authorizer.${name}`,
  id: name,
  name,
  functionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`,
  identitySources: ["method.request.header.Authorization"],
  resultTtlSeconds,
  source,
});
const route = (path: string, auth: RouteAuth): Route => ({
  method: "GET",
  path,
  auth,
  apiKeyRequired: false,
  requestParameters: {},
  requestModels: {},
  source,
});
const api: Api = {
  address: "aws_api_gateway_rest_api.api",
  name: "bench",
  id: "a1b2c3d4e5",
  accountId: ACCOUNT,
  region: "us-east-1",
  partition: "aws",
  endpointType: "REGIONAL",
  disableExecuteApiEndpoint: false,
  apiKeySource: "HEADER",
  binaryMediaTypes: [],
  routes: [
    route("/public/{id}", { type: "NONE" }),
    route("/signed/{id}", { type: "AWS_IAM" }),
    route("/pool/{id}", { type: "COGNITO_USER_POOLS", authorizer: cognito, scopes: [] }),
    route("/cached/{id}", { type: "CUSTOM", authorizer: lambda("cached", 300) }),
    route("/asked/{id}", { type: "CUSTOM", authorizer: lambda("asked", 0) }),
    ...Array.from({ length: 50 }, (_, i) => route(`/other${i}/{id}/lines`, { type: "AWS_IAM" })),
  ],
  authorizers: [],
  stages: [{ name: "dev", variables: {}, source }],
  gatewayResponses: [],
  policy: statements([
    { ...invoke, Principal: "*" },
    {
      ...invoke,
      Effect: "Deny",
      Principal: "*",
      Condition: { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
    },
    { ...invoke, Effect: "Deny", Principal: "*", Resource: `${ARN}/*/*/admin/*` },
  ]),
  source,
};
const model: Model = modelOf([api]);

const caller: Caller = {
  principal: {
    kind: "aws",
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/caller/session`,
    accountId: ACCOUNT,
    principalArn: `arn:aws:iam::${ACCOUNT}:role/caller`,
  },
  accessKeyId: "ASIABENCH00000000001",
  identityPolicies: [statements([invoke])],
  sessionPolicies: [],
  serviceControlPolicies: [],
  tags: {},
  userId: "AROABENCH00000000001:session",
  issuedAt: now - 60_000,
};
const credential = { accessKeyId: caller.accessKeyId, secretAccessKey: "bench", caller };

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const { n = "", e = "" } = publicKey.export({ format: "jwk" });
const issuer = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Bench0001";
const seconds = now / 1000;
const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = { iss: issuer, sub: "bench", token_use: "id", aud: "client", iat: seconds - 60, exp: seconds + 3540 };
const tokenInput = `${text({ alg: "RS256", kid: "bench" })}.${text(claims)}`;
const tokenSignature = sign("RSA-SHA256", Buffer.from(tokenInput), privateKey);
const idToken = `${tokenInput}.${tokenSignature.toString("base64url")}`;

const ports: SyncPorts = {
  now: () => now,
  findCredential: () => credential,
  jwks: () => ({ keys: [{ kty: "RSA", kid: "bench", n, e, alg: "RS256", use: "sig" }] }),
};
const returned = { principalId: "bench", policyDocument: { Version: "2012-10-17", Statement: [invoke] } };

function request(path: string, headers: [string, string][] = []): WireRequest {
  return {
    method: "GET",
    rawPath: `/dev${path}`,
    rawQuery: "",
    headers: [["host", "bench.localhost"], ...headers],
    body: new Uint8Array(),
    network: { sourceIp: "203.0.113.7" },
    requestId: "6f1e9a0c-0000-4000-8000-000000000001",
  };
}

/** The header form of Signature Version 4, for a path of plain characters and no query. */
function signed(path: string): WireRequest {
  const hash = (data: string) => createHash("sha256").update(data).digest("hex");
  const mac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const [time, scope] = ["20260131T120000Z", "20260131/us-east-1/execute-api/aws4_request"];
  const names = "host;x-amz-date";
  const canonical = `GET\n/dev${path}\n\nhost:bench.localhost\nx-amz-date:${time}\n\n${names}\n${hash("")}`;
  const key = scope.split("/").reduce<string | Buffer>(mac, `AWS4${credential.secretAccessKey}`);
  const signature = mac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`).toString("hex");
  const stamp = `Credential=${credential.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return request(path, [
    ["x-amz-date", time],
    ["authorization", `AWS4-HMAC-SHA256 ${stamp}`],
  ]);
}

const engine = prepareEngine(model);

function decide(wire: WireRequest): Decision {
  const begun = begin(engine, api, wire, ports);
  return "pending" in begun ? complete(begun, { payload: returned }) : begun;
}

/** For each second of this process's own processor time, so that other work on the machine does not count. */
function rate(name: string, work: (i: number) => unknown, microseconds = 1_500_000): void {
  const run = (limit: number): number => {
    const start = process.cpuUsage();
    let [count, used] = [0, 0];
    while (used < limit) {
      for (const end = count + 200; count < end; count++) work(count);
      const { user, system } = process.cpuUsage(start);
      used = user + system;
    }
    return (count / used) * 1e6;
  };
  run(microseconds / 5);
  const perSecond = run(microseconds);
  const each = `${(1e6 / perSecond).toFixed(1)} µs`;
  console.log(`${name.padEnd(58)} ${Math.round(perSecond).toLocaleString("en").padStart(9)} /s ${each.padStart(9)}`);
}

/** Requests of 256 paths, each decided as expected before any is timed. */
function decisions(name: string, requestOf: (id: number) => WireRequest, expected: "allow" | number = "allow"): void {
  const requests = Array.from({ length: 256 }, (_, id) => requestOf(id));
  for (const wire of requests) {
    const answer = decide(wire).denial?.status ?? "allow";
    if (answer !== expected) throw new Error(`${name} is answered ${answer}, not ${expected}.`);
  }
  rate(name, (i) => decide(requests[i & 255] ?? requestOf(i)));
}

const bearer: [string, string] = ["authorization", `Bearer ${idToken}`];
decisions("NONE, under a 3-statement resource policy", (id) => request(`/public/${id}`));
decisions("AWS_IAM: signature, identity policy, resource policy", (id) => signed(`/signed/${id}`));
decisions("AWS_IAM, nobody signed", (id) => request(`/signed/${id}`), 403);
decisions("COGNITO_USER_POOLS: RS256, resource policy", (id) => request(`/pool/${id}`, [bearer]));
rate("  beside: one RS256 verification", () =>
  verify("RSA-SHA256", Buffer.from(tokenInput), publicKey, tokenSignature),
);
decisions("CUSTOM, the answer cached", (id) => request(`/cached/${id}`, [["authorization", "bench"]]));
decisions("CUSTOM, a new answer each time (the function not counted)", (id) =>
  request(`/asked/${id}`, [["authorization", "bench"]]),
);
decisions("no such route, signed", (id) => signed(`/nothing/${id}`), 404);
