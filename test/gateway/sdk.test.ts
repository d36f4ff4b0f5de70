import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Gateway } from "../../proof/gateway/gateway";
import { startGateway } from "../../proof/gateway/gateway";
import { silent } from "../../proof/gateway/reporter";
import { loadModel } from "../../proof/model/load";
import { Sha256 } from "../../proof/probe/sha256";
import { directoryOf, shop } from "./directory";

const policy = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const buyer = "arn:aws:iam::111111111111:user/buyer";

describe("the AWS SDK for JavaScript", () => {
  const directory = directoryOf(
    shop({
      aws_iam_role: {
        partner: {
          name: "partner",
          assume_role_policy: policy({
            Action: "sts:AssumeRole",
            Principal: { AWS: buyer },
            Condition: { StringEquals: { "sts:ExternalId": "x-1" } },
          }),
          inline_policy: [
            {
              name: "invoke",
              policy: policy({
                Action: "execute-api:Invoke",
                Resource: "${aws_api_gateway_rest_api.shop.execution_arn}/live/GET/signed",
              }),
            },
          ],
        },
      },
    }),
  );
  let gateway: Gateway;
  beforeAll(async () => {
    const callersFile = join(directory, "..", "callers.json");
    const caller = { accessKeyId: "AKIABUYER00000000001", secretAccessKey: "secret", arn: buyer };
    writeFileSync(
      callersFile,
      JSON.stringify({ callers: [{ ...caller, policies: [JSON.parse(policy({ Action: "sts:*", Resource: "*" }))] }] }),
    );
    const load = async () => loadModel(directory);
    gateway = await startGateway({ directory, load, port: 0, callersFile, reporter: silent });
  });
  afterAll(() => gateway.close());

  const assume = async (ExternalId: string) => {
    const client = new STSClient({
      region: "eu-west-1",
      endpoint: gateway.url,
      credentials: { accessKeyId: "AKIABUYER00000000001", secretAccessKey: "secret" },
    });
    const command = new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::111111111111:role/partner",
      RoleSessionName: "me",
      ExternalId,
    });
    const { Credentials: given } = await client.send(command);
    return {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      sessionToken: given?.SessionToken ?? "",
    };
  };

  const call = async (path: string, credentials: Awaited<ReturnType<typeof assume>>) => {
    const url = new URL(`${gateway.url}/live${path}`);
    const signer = new SignatureV4({ service: "execute-api", region: "eu-west-1", credentials, sha256: Sha256 });
    const signed = await signer.sign({
      method: "GET",
      protocol: "http:",
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: {},
      headers: { host: url.host },
    });
    return fetch(url, { headers: signed.headers });
  };

  it("assumes a role at the local STS, and its signer's requests are admitted as that session", async () => {
    const response = await call("/signed", await assume("x-1"));
    expect(response.status).toBe(200);
    await expect(response.json()).resolves.toMatchObject({
      identity: {
        userArn: "arn:aws:sts::111111111111:assumed-role/partner/me",
        caller: expect.stringMatching(/^AROA[A-Z0-9]+:me$/),
        accessKey: expect.stringMatching(/^ASIA/),
        accountId: "111111111111",
      },
    });
  });

  it("is refused the role without its external id, and a route that the role's policy does not name", async () => {
    await expect(assume("guess")).rejects.toThrow(/not authorized to perform: sts:AssumeRole/);
    const response = await call("/open/more", await assume("x-1"));
    expect([response.status, response.headers.get("x-amzn-errortype")]).toEqual([403, "AccessDeniedException"]);
  });
});
