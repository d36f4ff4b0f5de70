import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BUYER, EXTERNAL_ID, PARTNER, project, REGION } from "./project";
import { hasClient, itWith, Served } from "./served";

const run = promisify(execFile);
const thereIs = hasClient("the aws CLI", ["aws", "--version"], "Install it to try sts assume-role with it.");
const itRuns = itWith(thereIs, "no aws CLI");

let served: Served;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  const { directory, callersFile } = project();
  served = await Served.start(directory, "--callers", callersFile);
  // A home of its own: the CLI keeps assumed roles in its cache.
  const home = mkdtempSync(join(tmpdir(), "portcullis-test-"));
  const config = join(home, "config");
  writeFileSync(
    config,
    `[profile buyer]
region = ${REGION}
aws_access_key_id = ${BUYER.accessKeyId}
aws_secret_access_key = ${BUYER.secretAccessKey}

[profile partner]
region = ${REGION}
role_arn = ${PARTNER}
role_session_name = cli
external_id = ${EXTERNAL_ID}
source_profile = buyer
`,
  );
  environment = {
    PATH: process.env["PATH"],
    HOME: home,
    AWS_CONFIG_FILE: config,
    AWS_SHARED_CREDENTIALS_FILE: join(home, "none"),
    AWS_ENDPOINT_URL: served.url,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}, 60_000);
afterAll(() => served.stop());

const aws = async (...args: string[]) => (await run("aws", args, { env: environment })).stdout;

describe("the aws CLI, told no more than AWS_ENDPOINT_URL", () => {
  itRuns("assumes a role with sts assume-role, and curl signs a call with what it was given", async () => {
    const given = await aws(
      ...["sts", "assume-role", "--profile", "buyer", "--role-arn", PARTNER, "--role-session-name", "by-hand"],
      ...["--external-id", EXTERNAL_ID, "--output", "json"],
    );
    const { Credentials, AssumedRoleUser } = JSON.parse(given) as {
      Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
      AssumedRoleUser: { Arn: string };
    };
    expect(AssumedRoleUser.Arn).toBe("arn:aws:sts::111111111111:assumed-role/partner/by-hand");
    const { stdout } = await run("curl", [
      ...["-sS", "--aws-sigv4", `aws:amz:${REGION}:execute-api`],
      ...["--user", `${Credentials.AccessKeyId}:${Credentials.SecretAccessKey}`],
      ...["-H", `X-Amz-Security-Token: ${Credentials.SessionToken}`],
      `${served.url}/live/signed`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ identity: { userArn: AssumedRoleUser.Arn } });
  });

  itRuns("assumes the role of a profile by itself, and signs as it from then on", async () => {
    const identity = JSON.parse(await aws("sts", "get-caller-identity", "--profile", "partner", "--output", "json"));
    expect(identity).toMatchObject({
      Account: "111111111111",
      Arn: "arn:aws:sts::111111111111:assumed-role/partner/cli",
    });
  });

  itRuns("says AWS's words where the external id is wrong", async () => {
    const assumed = aws(
      ...["sts", "assume-role", "--profile", "buyer", "--role-arn", PARTNER, "--role-session-name", "guesser"],
      ...["--external-id", "guess"],
    );
    await expect(assumed).rejects.toThrow(
      /An error occurred \(AccessDenied\) when calling the AssumeRole operation: User: arn:aws:iam::111111111111:user\/buyer is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role\/partner/,
    );
  });
});
