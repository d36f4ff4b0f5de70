import { rmSync } from "node:fs";
import { stacksInOrder } from "../../scripts/terraform/stacks";
import { terraform } from "../../scripts/terraform/terraform";
import { findTerraform } from "../../scripts/terraform/tools";
import { synthesized, synthesizedWithEveryOption, temporaryFolder } from "./synthesized";

const tools = findTerraform();
const folder = temporaryFolder();
const stacks = [synthesized(folder), synthesizedWithEveryOption(folder)].flatMap((directory, index) =>
  stacksInOrder(directory).map((stack) => ({
    ...stack,
    title: index === 0 ? stack.name : `${stack.name} with every option`,
  })),
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

if (tools === undefined) {
  process.stderr.write(
    "\n!!! NOT RUN: terraform validate on every stack. Install Terraform 1.10 or newer (or OpenTofu, with TERRAFORM_BINARY_NAME=tofu).\n\n",
  );
  it("has no Terraform to validate with on this machine", () => expect(tools).toBeUndefined());
} else {
  it.concurrent.each(stacks)("$title is accepted by terraform validate with the real AWS provider", async (stack) => {
    const init = await terraform(tools, stack.folder, ["init", "-backend=false", "-input=false"]);
    expect({ code: init.code, output: init.code === 0 ? "" : init.output }).toEqual({ code: 0, output: "" });
    const validate = await terraform(tools, stack.folder, ["validate", "-json"]);
    const { valid, diagnostics } = JSON.parse(validate.output) as { valid: boolean; diagnostics: unknown[] };
    expect({ valid, diagnostics }).toEqual({ valid: true, diagnostics: [] });
  });
}
