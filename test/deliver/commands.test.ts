import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../../scripts/deliver/command";
import { runDelivery } from "../../scripts/deliver/run";

const FAKE = join(__dirname, "fake-terraform.js");
const folder = mkdtempSync(join(tmpdir(), "portcullis-deliver-"));
const log = join(folder, "terraform.log");

/** STS as far as it is asked: who the caller is, or why it does not say. */
let sts: Server;
let answer: { status: number; body: string };
const identity = (account: string) => ({
  status: 200,
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/ann</Arn><UserId>AIDA</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
});
const refusal = (code: string, message: string) => ({
  status: 403,
  body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
});
const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
let assumable = true;

const VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL", "AWS_MAX_ATTEMPTS"] as const;
const before = VARIABLES.map((name) => [name, process.env[name]] as const);

beforeAll(async () => {
  sts = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const given = body.includes("Action=AssumeRole")
        ? assumable
          ? { status: 200, body: assumed }
          : refusal("AccessDenied", "User: ann is not authorized to perform: sts:AssumeRole")
        : answer;
      response.writeHead(given.status, { "content-type": "text/xml" }).end(given.body);
    });
  });
  await new Promise<void>((resolve) => sts.listen(0, "127.0.0.1", resolve));
  process.env["AWS_ACCESS_KEY_ID"] = "AKIA";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  process.env["AWS_MAX_ATTEMPTS"] = "1";
});
afterAll(async () => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  rmSync(folder, { recursive: true, force: true });
  await new Promise((resolve) => sts.close(resolve));
});
beforeEach(() => {
  process.env["AWS_ENDPOINT_URL"] = `http://127.0.0.1:${(sts.address() as AddressInfo).port}`;
  answer = identity("111111111111");
  assumable = true;
  rmSync(log, { force: true });
});

interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly says?: object;
  readonly typed?: string;
}

async function run(argv: readonly string[], { env = {}, says = {}, typed }: Given = {}) {
  const said = { out: "", err: "" };
  const { CI: _ci, ...rest } = process.env;
  const io: Io = {
    root: join(__dirname, "..", ".."),
    env: {
      ...rest,
      CDKTF_OUTDIR: join(folder, "out"),
      PORTCULLIS_PROVIDER_MIRROR: "",
      TERRAFORM_BINARY_NAME: FAKE,
      FAKE_TERRAFORM: JSON.stringify(says),
      FAKE_TERRAFORM_LOG: log,
      ...env,
    },
    interrupt: new AbortController().signal,
    abandon: new AbortController().signal,
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    ask: () => Promise.resolve(typed),
  };
  return { code: await runDelivery(argv, io), ...said, terraform: existsSync(log) ? readFileSync(log, "utf8") : "" };
}

describe("Bad input is refused before Terraform is called", () => {
  it.each<[string, readonly string[], Given, readonly string[]]>([
    ["no command", [], {}, ["npm run deploy -- ENVIRONMENT"]],
    ["an unknown command", ["deplyo"], {}, ["There is no command 'deplyo'."]],
    ["no environment", ["deploy"], {}, ["No environment was named.", "dev, staging, prod"]],
    ["an unknown environment", ["diff", "stagign"], {}, ["no environment 'stagign'", "dev, staging, prod"]],
    ["a name that every object has", ["diff", "constructor"], {}, ["no environment 'constructor'"]],
    ["two environments", ["deploy", "dev", "prod"], {}, ["One environment at a time"]],
    ["an unknown option", ["deploy", "dev", "--yes"], {}, ["deploy: Unknown option '--yes'.\n  Usage:"]],
    [
      "no Terraform",
      ["diff", "dev"],
      { env: { TERRAFORM_BINARY_NAME: "nowhere" } },
      ["no program 'nowhere'", "OpenTofu"],
    ],
    ["an old Terraform", ["diff", "dev"], { says: { version: "1.9.8" } }, ["is version 1.9.8", "1.10 or newer"]],
    ["a bucket that is not there yet", ["deploy", "staging"], {}, ["npm run bootstrap -- staging"]],
    ["prod destroyed in CI", ["destroy", "prod", "--auto-approve"], { env: { CI: "true" } }, ["not destroyed from CI"]],
    ["prod destroyed by a flag", ["destroy", "prod", "--auto-approve"], {}, ["nobody to type"]],
    ["prod's data destroyed", ["destroy", "prod", "--with-data"], { typed: "prod" }, ["not destroyed by a flag"]],
    ["another name typed", ["destroy", "prod"], { typed: "dev" }, ["'dev' is not 'prod': nothing was destroyed"]],
    ["no commit to compare with", ["access", "dev"], {}, ["--base"]],
    ["no pull request", ["comment", "--pull-request", "x"], {}, ["'x' is not the number of a pull request"]],
    ["no GitHub", ["comment", "--pull-request", "1"], { env: { GITHUB_TOKEN: "" } }, ["GITHUB_TOKEN is not set"]],
    ["an abbreviated commit", ["reviewed", "dev", "--commit", "abc"], {}, ["'abc' is not a commit's full hash"]],
  ])("%s", async (_what, argv, given, parts) => {
    const { code, err, terraform } = await run(argv, given);
    for (const part of parts) expect(err).toContain(part);
    expect({ code, terraform }).toEqual({ code: 2, terraform: "" });
  });
});

describe("Credentials are refused before anything is touched", () => {
  it.each([
    [
      "of another account",
      () => (answer = identity("999999999999")),
      "portcullis-dev-identity: The credentials belong to account 999999999999; this stack lives in 111111111111.",
    ],
    ["that have expired", () => (answer = refusal("ExpiredToken", "The token is expired")), "The session has expired"],
    ["that are wrong", () => (answer = refusal("InvalidClientTokenId", "Not valid")), "They were not accepted"],
    [
      "of a service that does not answer",
      () => (process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1"),
      "AWS cannot be reached: ",
    ],
    ["that may not enter a partner's account", () => (assumable = false), "The role cannot be taken on"],
  ])("%s", async (_what, arrange, message) => {
    arrange();
    const { code, err, terraform } = await run(["deploy", "dev", "--auto-approve"]);
    expect(err).toContain(message);
    expect({ code, terraform }).toEqual({ code: 2, terraform: "" });
  });
});

describe("A deployment", () => {
  const one = ["deploy", "dev", "--stack", "*-identity"];

  it("applies the plan it made, and no other", async () => {
    const { code, terraform, out } = await run([...one, "--auto-approve"]);
    expect(terraform.split("\n").filter((line) => /^(plan|apply)/.test(line))).toEqual([
      "plan -input=false -detailed-exitcode -out=plan -lock=true",
      "apply -input=false plan",
    ]);
    expect(out).toMatch(/portcullis-dev-identity +deployed +[\d.]+ s +1 to add/);
    expect(code).toBe(0);
  });

  it.each([
    ["yes", "deployed", true],
    ["y", "left as it is", false],
  ])("asks a person, and takes '%s' for: %s", async (typed, result, applied) => {
    const { out, terraform } = await run(one, { typed });
    expect(out).toContain("# a.b will be created");
    expect(out).toContain(result);
    expect(terraform.includes("apply")).toBe(applied);
  });

  it("applies nothing where there is nobody to ask", async () => {
    const { code, err, terraform } = await run(one);
    expect(err).toContain("Give --auto-approve");
    expect({ code, applied: terraform.includes("apply") }).toEqual({ code: 2, applied: false });
  });

  it("ends with 1 and the next step where the state is locked, and lists what was not reached", async () => {
    const plan = "Error: Error acquiring the state lock\n\nLock Info:\n  ID:        7\n  Who:       ann@laptop\n";
    const { code, err, out } = await run(["deploy", "dev", "--auto-approve"], { says: { plan } });
    expect(err).toContain("Somebody else is changing this stack: ann@laptop");
    expect(err).toContain("force-unlock 7");
    expect(out).toMatch(/portcullis-dev-identity +FAILED/);
    expect(out).toMatch(/portcullis-dev-public-api +not reached/);
    expect(code).toBe(1);
  });

  it("refuses a stack that is not there", async () => {
    const { code, err } = await run(["deploy", "dev", "--stack", "idntity"]);
    expect(err).toMatch(/No stack is called 'idntity'[^]*portcullis-dev-identity/);
    expect(code).toBe(2);
  });
});

it("The pipeline delivers only environments whose state and roles it can reach", async () => {
  const { out } = await run(["pipeline"]);
  expect(out).toBe('environments=["dev","staging","prod"]\ndelivered=[]\n');
  expect((await run(["pipeline", "prod"])).out).toContain(
    "plan-role=arn:aws:iam::555555555555:role/portcullis-prod-plan\n",
  );
});
