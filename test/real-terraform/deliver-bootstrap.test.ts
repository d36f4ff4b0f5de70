import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { motoIsInstalled, startMoto, type Moto } from "../../scripts/terraform/moto";
import { startProvider, type ProviderProcess } from "../../scripts/terraform/provider-process";
import { findTerraform } from "../../scripts/terraform/tools";
import { copyOfTheProject, deliver } from "./project";
import { standInForOpenTofu, type Tofu } from "./tofu";

const tools = findTerraform();

if (tools === undefined || !motoIsInstalled()) {
  process.stderr.write("\n!!! NOT RUN: the first deployment. Install Terraform 1.10 or newer and moto.\n\n");
  it("lacks what it takes for a first deployment on this machine", () =>
    expect(tools === undefined || !motoIsInstalled()).toBe(true));
} else {
  let moto: Moto;
  let project: string;
  let provider: ProviderProcess;
  let tofu: Tofu;
  const run = (...args: string[]) => deliver(project, args, { ...moto.env, ...provider.env, ...tofu.env, CI: "true" });
  const file = (): string => readFileSync(join(project, "environments", "staging.ts"), "utf8");

  beforeAll(async () => {
    moto = await startMoto("333333333333");
    project = copyOfTheProject();
    provider = await startProvider(tools, project, moto.env);
    tofu = standInForOpenTofu(join(project, "tofu"), tools.binary);
  });
  afterAll(async () => {
    await Promise.all([moto.close(), provider.close()]);
    rmSync(project, { recursive: true, force: true });
  });

  it("makes the state bucket and the roles of a new account, and moves its own state into the bucket", async () => {
    const { code, stdout, stderr } = await run("bootstrap", "staging", "--delivery-only", "--auto-approve");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/portcullis-staging-delivery +deployed/);
    expect(stdout).toMatch(/portcullis-staging-delivery-acme +deployed/);
    expect(stderr).toContain(
      "The state of portcullis-staging-delivery now stands in portcullis-staging-state-333333333333.",
    );
    expect(file()).toContain("bootstrapped: true");
    expect(existsSync(join(project, "terraform.portcullis-staging-delivery.tfstate"))).toBe(false);
  });

  it("finds everything up to date when it is run again, without any local state", async () => {
    rmSync(join(project, "cdktf.out"), { recursive: true });
    rmSync(join(project, "terraform.portcullis-staging-delivery.tfstate.migrated"));
    const { code, stdout, stderr } = await run("bootstrap", "staging", "--delivery-only", "--auto-approve");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/portcullis-staging-delivery +up to date/);
    expect(stdout).toMatch(/portcullis-staging-delivery-acme +up to date/);
  });

  it("does all of that with OpenTofu as well as with Terraform, where it is the chosen program", () =>
    expect(tofu.calledTerraform()).toBe(false));
}
