import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { createCredentialRegistry } from "../../proof/local/credentials";
import { StateFolder } from "../../proof/local/state";
import { stsEndpoint } from "../../proof/local/sts";
import { serveEndpoints } from "./sts-server";
import { ACCOUNT_3, ROLE, sts } from "./sts-fixture";
import { model, role, trust } from "./sts-roles";

describe("the aws CLI", () => {
  async function aws(env: Record<string, string>, ...args: string[]): Promise<Record<string, unknown>> {
    const environment = {
      PATH: process.env.PATH ?? "",
      HOME: sts.folder,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_DEFAULT_REGION: "eu-central-1",
      AWS_MAX_ATTEMPTS: "1",
      ...env,
    };
    const all = ["sts", "--endpoint-url", sts.server.url, ...args, "--output", "json"];
    const { stdout } = await promisify(execFile)("aws", all, { env: environment });
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  it("assumes a role and says who it then is", async () => {
    const robot = { AWS_ACCESS_KEY_ID: "AKIAROBOT", AWS_SECRET_ACCESS_KEY: "secret-AKIAROBOT" };
    const answer = await aws(robot, "assume-role", "--role-arn", `${ROLE}/named`, "--role-session-name", "cli");
    const found = answer.Credentials as Record<string, string>;
    const session = {
      AWS_ACCESS_KEY_ID: found.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: found.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: found.SessionToken ?? "",
    };
    expect(await aws(session, "get-caller-identity")).toMatchObject({
      Arn: "arn:aws:sts::222222222222:assumed-role/named/cli",
    });
  });

  it("is told why in AWS's form", async () => {
    const robot = { AWS_ACCESS_KEY_ID: "AKIAROBOT", AWS_SECRET_ACCESS_KEY: "secret-AKIAROBOT" };
    await expect(aws(robot, "assume-role", "--role-arn", `${ROLE}/mfa`, "--role-session-name", "cli")).rejects.toThrow(
      /An error occurred \(AccessDenied\) when calling the AssumeRole operation: User: .*robot is not authorized/,
    );
  });

  it("takes the credentials of a profile from `portcullis credentials`", async () => {
    const directory = join(sts.folder, "profile", "terraform");
    mkdirSync(directory, { recursive: true });
    const configuration = {
      provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["222222222222"] }] },
      resource: {
        aws_api_gateway_rest_api: { api: { name: "orders" } },
        aws_iam_role: {
          partner: {
            name: "partner",
            assume_role_policy: JSON.stringify(trust(ACCOUNT_3, { StringEquals: { "sts:ExternalId": "orders-2026" } })),
          },
        },
      },
    };
    writeFileSync(join(directory, "main.tf.json"), JSON.stringify(configuration));
    const process_ = `${process.execPath} ${resolve("bin/portcullis.js")} credentials partner --dir ${directory} --external-id orders-2026 --session-name cli`;
    const config = join(sts.folder, "config");
    writeFileSync(config, `[profile partner]\nregion = eu-central-1\ncredential_process = ${process_}\n`);
    const state = new StateFolder(directory);
    const partner = role("partner", trust(ACCOUNT_3));
    const endpoint = stsEndpoint(createCredentialRegistry({ model: model([partner]), state }), model([partner]));
    const other = await serveEndpoints(() => [endpoint]);
    try {
      const who = await aws(
        { AWS_CONFIG_FILE: config, AWS_PROFILE: "partner" },
        "get-caller-identity",
        "--endpoint-url",
        other.url,
      );
      expect(who).toMatchObject({ Arn: "arn:aws:sts::222222222222:assumed-role/partner/cli", Account: "222222222222" });
    } finally {
      other.close();
    }
  });
});
