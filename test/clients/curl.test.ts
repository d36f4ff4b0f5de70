import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { EXTERNAL_ID, project, REGION } from "./project";
import { hasClient, itWith, Served } from "./served";

const run = promisify(execFile);
const thereIs = hasClient(
  "curl with --aws-sigv4",
  ["curl", "--aws-sigv4", "aws:amz", "--version"],
  "Install curl 7.75 or later.",
);
const itRuns = itWith(thereIs, "no curl with --aws-sigv4");

let served: Served;
let credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
beforeAll(async () => {
  served = await Served.start(project().directory);
  credentials = JSON.parse(
    served.command("credentials", "partner", "--external-id", EXTERNAL_ID),
  ) as typeof credentials;
}, 60_000);
afterAll(() => served.stop());

async function curl(path: string, secret = credentials.SecretAccessKey): Promise<{ status: number; body: string }> {
  const { stdout } = await run("curl", [
    ...["-sS", "-w", "\n%{http_code}", "--aws-sigv4", `aws:amz:${REGION}:execute-api`],
    ...["--user", `${credentials.AccessKeyId}:${secret}`, "-H", `X-Amz-Security-Token: ${credentials.SessionToken}`],
    served.url + path,
  ]);
  const at = stdout.lastIndexOf("\n");
  return { status: Number(stdout.slice(at + 1)), body: stdout.slice(0, at) };
}

describe("curl --aws-sigv4, with what `portcullis credentials` printed", () => {
  itRuns("is admitted to the route that the role's policy names, as the role's session", async () => {
    const { status, body } = await curl("/live/signed");
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      identity: { userArn: "arn:aws:sts::111111111111:assumed-role/partner/local" },
    });
  });

  itRuns("is told by AWS's words that a signature made with another secret does not match", async () => {
    const { status, body } = await curl("/live/signed", "another");
    expect(status).toBe(403);
    expect(body).toMatch(/^\{"message":"The request signature we calculated does not match the signature you provided/);
  });

  itRuns("finds each refusal explained under its request id", async () => {
    await curl("/live/signed", "another");
    const id = /InvalidSignatureException: .*\[([0-9a-f-]{36})\]/.exec(served.log)?.[1] ?? "";
    expect(id).not.toBe("");
    const explained = await run(process.execPath, [
      ...[require.resolve("../../bin/portcullis.js"), "explain", served.directory, "--request-id", id],
    ]).catch((error: { stdout: string; code: number }) => error);
    expect(explained.stdout).toMatch(/signature/);
  });
});
