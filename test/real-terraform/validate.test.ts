import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startProvider } from "../../scripts/terraform/provider-process";
import { stacksInOrder } from "../../scripts/terraform/stacks";
import { terraform } from "../../scripts/terraform/terraform";
import { findTerraform } from "../../scripts/terraform/tools";
import { synthesized, synthesizedWithEveryOption, temporaryFolder } from "./synthesized";

const tools = findTerraform();
const folder = temporaryFolder();
/** The stacks of dev are validated where they are applied; of those with every option, the one that has them. */
const stacks = [
  ...stacksInOrder(synthesized(folder)).filter(({ name }) => !name.startsWith("portcullis-dev-")),
  ...stacksInOrder(synthesizedWithEveryOption(folder))
    .filter(({ name }) => name.endsWith("-public-api"))
    .map((stack) => ({ ...stack, name: `${stack.name} with every option` })),
];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (tools === undefined) {
  process.stderr.write(
    "\n!!! NOT RUN: terraform validate on every stack. Install Terraform 1.10 or newer (or OpenTofu, with TERRAFORM_BINARY_NAME=tofu).\n\n",
  );
  it("has no Terraform to validate with on this machine", () => expect(tools).toBeUndefined());
} else {
  // Not in beforeAll: tests that run side by side do not wait for it (https://github.com/jestjs/jest/issues/4281).
  const provider = startProvider(tools, folder);
  afterAll(async () => (await provider).close());
  const init = async (folder: string, env: NodeJS.ProcessEnv): Promise<void> => {
    const { code, output } = await terraform(tools, folder, ["init", "-backend=false", "-input=false"], env);
    expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  };

  it.concurrent.each(stacks)("$name is accepted by terraform validate with the real AWS provider", async (stack) => {
    const { env } = await provider;
    await init(stack.folder, env);
    const validate = await terraform(tools, stack.folder, ["validate", "-json"], env);
    const { valid, diagnostics } = JSON.parse(validate.output) as { valid: boolean; diagnostics: unknown[] };
    expect({ valid, diagnostics }).toEqual({ valid: true, diagnostics: [] });
  });

  it("finds the provider in the version a stack asks for, where none is running already", async () => {
    const folder = stacks[0]?.folder ?? "";
    await init(folder, {});
    expect(readFileSync(join(folder, ".terraform.lock.hcl"), "utf8")).toMatch(
      /hashicorp\/aws" \{\n {2}version {5}= "5\.100\.0"/,
    );
  });
}
