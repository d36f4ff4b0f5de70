import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { motoIsInstalled, startMoto, type Moto } from "../../scripts/terraform/moto";
import { findTerraform } from "../../scripts/terraform/tools";
import { copyOfTheProject, deliver } from "./project";

const API_ACCOUNT = "111111111111";
const DEPLOY = ["deploy", "dev", "--auto-approve"];
const rows = (stdout: string): Record<string, string> =>
  Object.fromEntries(
    [...stdout.matchAll(/^(portcullis-\S+) {2,}(\S.*?)(?: {2,}|$)/gm)].map(([, stack = "", result = ""]) => [
      stack,
      result,
    ]),
  );

if (findTerraform() === undefined || !motoIsInstalled()) {
  process.stderr.write("\n!!! NOT RUN: deploying with real Terraform. Install Terraform 1.10 or newer and moto.\n\n");
  it("lacks what it takes to deploy on this machine", () =>
    expect(findTerraform() === undefined || !motoIsInstalled()).toBe(true));
} else {
  let moto: Moto;
  let project: string;
  const env = () => ({ ...moto.env, CI: "true" });
  const run = (...args: string[]) => deliver(project, args, env());

  beforeAll(async () => {
    moto = await startMoto(API_ACCOUNT);
    project = copyOfTheProject();
  });
  afterAll(async () => {
    await moto.close();
    rmSync(project, { recursive: true, force: true });
  });

  it("says of each stack of an empty account what it would make, and which ones wait for others", async () => {
    const { code, stdout } = await run("diff", "dev", "--stack", "*-identity", "--stack", "*-acme");
    expect(rows(stdout)).toEqual({
      "portcullis-dev-delivery-acme": "changes",
      "portcullis-dev-identity": "changes",
      "portcullis-dev-partner-access-acme": "waits",
    });
    expect(code).toBe(0);
  });

  it("finishes the stack it is at when it is interrupted once, and says what was not reached", async () => {
    let times = 0;
    const { code, stdout, stderr } = await deliver(project, DEPLOY, env(), (said, interrupt) => {
      if (times === 0 && said.includes("portcullis-dev-identity  aws_")) {
        times += 1;
        interrupt();
      }
    });
    expect(rows(stdout)).toEqual({
      "portcullis-dev-identity": "deployed",
      "portcullis-dev-public-api": "interrupted",
      "portcullis-dev-partner-access-acme": "not reached",
    });
    expect(stderr).toContain("Run the same command again: it goes on where it stopped.");
    expect(code).toBe(1);
  });

  it("stops in the middle of a stack when it is interrupted twice", async () => {
    let times = 0;
    const { code, stdout } = await deliver(project, DEPLOY, env(), (said, interrupt) => {
      if (times === 0 && /public-api {2}aws_kms_key\S+: Still creating/.test(said)) {
        times += 1;
        interrupt();
      } else if (times === 1 && said.includes("Once more stops Terraform")) {
        times += 1;
        interrupt();
      }
    });
    expect(rows(stdout)).toEqual({
      "portcullis-dev-identity": "up to date",
      "portcullis-dev-public-api": "interrupted",
      "portcullis-dev-partner-access-acme": "not reached",
    });
    expect(code).toBe(1);
  });

  it("goes on where it stopped, into the second account", async () => {
    const { code, stdout, stderr } = await run("deploy", "dev", "--auto-approve");
    expect({ rows: rows(stdout), stderr: code === 0 ? "" : stderr }).toEqual({
      rows: {
        "portcullis-dev-identity": "up to date",
        "portcullis-dev-public-api": "deployed",
        "portcullis-dev-partner-access-acme": "deployed",
      },
      stderr: "",
    });
    const state = readFileSync(join(project, "terraform.portcullis-dev-partner-access-acme.tfstate"), "utf8");
    expect(state).toContain("arn:aws:iam::222222222222:role/portcullis-dev-acme");
  });

  it("refuses credentials of another account before anything is planned", async () => {
    const { code, stderr } = await deliver(project, ["deploy", "staging", "--auto-approve"], env());
    expect(stderr).toContain("npm run bootstrap -- staging");
    expect(code).toBe(2);
    const bootstrap = await deliver(project, ["bootstrap", "staging", "--auto-approve"], env());
    expect(bootstrap.stderr).toContain(
      "portcullis-staging-delivery: The credentials belong to account 111111111111; this stack lives in 333333333333.",
    );
    expect(bootstrap.code).toBe(2);
    expect(existsSync(join(project, "cdktf.out", "stacks", "portcullis-staging-delivery", ".terraform"))).toBe(false);
  });

  it("destroys in the reverse order, keeps data unless told otherwise, and leaves nothing", async () => {
    const kept = await run("destroy", "dev", "--auto-approve");
    expect(kept.stderr).toMatch(/holds data and is protected against being destroyed[^]*--with-data/);
    expect(rows(kept.stdout)).toEqual({
      "portcullis-dev-partner-access-acme": "destroyed",
      "portcullis-dev-public-api": "FAILED",
      "portcullis-dev-identity": "not reached",
    });
    const { code, stdout } = await run("destroy", "dev", "--auto-approve", "--with-data");
    expect(rows(stdout)).toEqual({
      "portcullis-dev-partner-access-acme": "nothing there",
      "portcullis-dev-public-api": "destroyed",
      "portcullis-dev-identity": "destroyed",
    });
    expect(code).toBe(0);
  });
}
