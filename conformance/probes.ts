import { request } from "node:http";
import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "../proof/probe/sha256";
import { CALLER, REGION } from "./project";

export interface Probe {
  /** Of the comparison; probes of one number are one row. */
  readonly number: number;
  readonly name: string;
  /** What AWS answers. */
  readonly aws: 200 | 401 | 403;
  /** @param origin of the gateway that serves the probes' project; gives the status of its answer */
  send(origin: string): Promise<number>;
}

type Headers = Readonly<Record<string, string>>;

function get(origin: string, path: string, headers: Headers): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(origin + path, { headers }, (response) => {
      response.resume().on("end", () => resolve(response.statusCode ?? 0));
    });
    sent.on("error", reject);
    sent.end();
  });
}

const encoded = (statement: unknown) => Buffer.from(JSON.stringify(statement)).toString("base64url");

/** A request whose authorizer returns these statements; `API` stands for the API's ARN. */
const returning =
  (statement: unknown, path = "/prod/items/42") =>
  (origin: string) =>
    get(origin, path, { Authorization: encoded(statement) });

const signedBy =
  (credentials: typeof CALLER, path = "/prod/signed/42") =>
  async (origin: string) => {
    const { host, hostname } = new URL(origin);
    const signer = new SignatureV4({ service: "execute-api", region: REGION, credentials, sha256: Sha256 });
    const headers = { host };
    const signed = await signer.sign({ method: "GET", protocol: "http:", hostname, path, query: {}, headers });
    return get(origin, path, signed.headers);
  };

const allow = (more: object = {}) => ({ Effect: "Allow", Action: "execute-api:Invoke", Resource: "API/*", ...more });
const unmet = { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
const both = { A: encoded([allow()]) };

/** What other local gateways get wrong, as requests over HTTP with the answer of AWS. */
export const probes: readonly Probe[] = [
  {
    number: 1,
    name: "an Allow and an explicit Deny of the same",
    aws: 403,
    send: returning([allow(), allow({ Effect: "Deny" })]),
  },
  {
    number: 2,
    name: "an Allow of s3:GetObject",
    aws: 403,
    send: returning([allow({ Action: "s3:GetObject" })]),
  },
  { number: 3, name: "an Allow of execute-api:*", aws: 200, send: returning([allow({ Action: "execute-api:*" })]) },
  { number: 3, name: "an Allow of *", aws: 200, send: returning([allow({ Action: "*" })]) },
  {
    number: 4,
    name: "an action in lower case",
    aws: 200,
    send: returning([allow({ Action: "execute-api:invoke" })]),
  },
  {
    number: 5,
    name: "an Allow whose Condition fails",
    aws: 403,
    send: returning([allow({ Condition: unmet })]),
  },
  {
    number: 6,
    name: "an Allow of prod/GET/*, asked in stage nonprod",
    aws: 403,
    send: returning([allow({ Resource: "API/prod/GET/*" })], "/nonprod/items/42"),
  },
  {
    number: 7,
    name: "an Allow of a.b, asked for axb",
    aws: 403,
    send: returning([allow({ Resource: "API/prod/GET/a.b" })], "/prod/axb"),
  },
  {
    number: 8,
    name: "the blueprint's prod/*/*, asked for items/42",
    aws: 200,
    send: returning([allow({ Resource: "API/prod/*/*" })]),
  },
  { number: 9, name: "an Allow of the resource *", aws: 200, send: returning([allow({ Resource: "*" })]) },
  {
    number: 9,
    name: "an Allow of arn:aws:execute-api:*:*:*",
    aws: 200,
    send: returning([allow({ Resource: "arn:aws:execute-api:*:*:*" })]),
  },
  {
    number: 10,
    name: "one of two identity sources",
    aws: 401,
    send: (origin) => get(origin, "/prod/both", both),
  },
  {
    number: 11,
    name: "SigV4 by an unknown key",
    aws: 403,
    send: signedBy({ accessKeyId: "AKIASTRANGER00000001", secretAccessKey: "garbage" }),
  },
  {
    number: 12,
    name: "SigV4 of a path with an encoded space",
    aws: 200,
    send: signedBy(CALLER, "/prod/signed/a%20b"),
  },
  { number: 13, name: "a Statement that is one object", aws: 200, send: returning(allow()) },
];
