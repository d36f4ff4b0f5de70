import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StackCycle } from "../../scripts/terraform/cycle";
import { motoIsInstalled, startMoto, type Moto } from "../../scripts/terraform/moto";
import { startProvider, type ProviderProcess } from "../../scripts/terraform/provider-process";
import { stacksInOrder } from "../../scripts/terraform/stacks";
import type { TerraformResult } from "../../scripts/terraform/terraform";
import { findTerraform } from "../../scripts/terraform/tools";
import { synthesized, synthesizedWithEveryOption, temporaryFolder } from "./synthesized";

const ENVIRONMENT = "dev";
const API_ACCOUNT = "111111111111";

const tools = findTerraform();
const succeeded = ({ code, output }: TerraformResult): unknown => ({ code, output: code === 0 ? "" : output });
const success = { code: 0, output: "" };

if (tools === undefined || !motoIsInstalled()) {
  const missing = tools === undefined ? "Terraform 1.10 or newer" : "moto: pip install 'moto[server]==5.2.1'";
  process.stderr.write(`\n!!! NOT RUN: apply, second plan and destroy of every stack. Install ${missing}.\n\n`);
  it("lacks what it takes to apply on this machine", () =>
    expect(tools === undefined || !motoIsInstalled()).toBe(true));
} else {
  const folder = temporaryFolder();
  const stacks = stacksInOrder(synthesized(folder, ENVIRONMENT));
  const seconds = new Map<string, Record<string, number>>();
  let moto: Moto;
  let providers: readonly ProviderProcess[];
  let cycles: readonly StackCycle[];

  const timed = async (
    cycle: StackCycle,
    step: string,
    run: () => Promise<TerraformResult>,
  ): Promise<TerraformResult> => {
    const result = await run();
    seconds.set(cycle.stack.name, { ...seconds.get(cycle.stack.name), [step]: Math.round(result.seconds * 10) / 10 });
    return result;
  };

  beforeAll(async () => {
    moto = await startMoto(API_ACCOUNT);
    providers = await Promise.all(stacks.map(({ folder }) => startProvider(tools, folder, moto.env)));
    cycles = stacks.map((stack, index) => new StackCycle(tools, stack, { ...moto.env, ...providers[index]?.env }));
  });

  afterAll(async () => {
    await Promise.all([moto, ...providers].map((one) => one.close()));
    rmSync(folder, { recursive: true, force: true });
    process.stderr.write(`\n${table(seconds)}\n`);
  });

  it.each(stacks.map((stack, index) => [stack.name, index] as const))(
    "%s applies, and a second plan finds nothing to change",
    async (_name, index) => {
      const cycle = at(cycles, index);
      expect(succeeded(await timed(cycle, "init", () => cycle.init()))).toEqual(success);
      expect(succeeded(await timed(cycle, "apply", () => cycle.apply()))).toEqual(success);
      const created = await cycle.resources();
      seconds.set(cycle.stack.name, { resources: created.length, ...seconds.get(cycle.stack.name) });
      expect(created.length).toBeGreaterThan(0);
      expect(succeeded(await timed(cycle, "plan", () => cycle.plan()))).toEqual(success);
    },
  );

  // moto keeps neither `canary_settings` nor `mutual_tls_authentication`, so what it was given would differ at every
  // plan, and it cannot delete a usage plan with a throttle for one method: these are planned, not applied.
  it("plans a domain of our own with mutual TLS, a canary and usage plans on top of the deployed API", async () => {
    const stack = stacksInOrder(synthesizedWithEveryOption(folder)).find(({ name }) => name.endsWith("public-api"));
    const cycle = new StackCycle(tools, stack ?? at(stacks, 0), moto.env);
    expect(succeeded(await cycle.init())).toEqual(success);
    const { code, output } = await cycle.plan();
    expect({ code, errors: /Error: .*/.exec(output)?.[0] }).toEqual({ code: 2, errors: undefined });
    for (const type of ["domain_name", "base_path_mapping", "usage_plan", "usage_plan_key", "api_key"]) {
      expect(output).toMatch(new RegExp(`aws_api_gateway_${type}\\.\\S+ will be created`));
    }
    expect(output).toContain("canary_settings");
    expect(output).toContain("mutual_tls_authentication");
  });

  it.each(stacks.map((stack, index) => [stack.name, index] as const).reverse())(
    "%s is destroyed and leaves nothing, once its protection against that is lifted",
    async (_name, index) => {
      const cycle = at(cycles, index);
      if (liftProtection(cycle.stack.folder)) expect(succeeded(await cycle.apply())).toEqual(success);
      expect(succeeded(await timed(cycle, "destroy", () => cycle.destroy()))).toEqual(success);
      expect(await cycle.resources()).toEqual([]);
    },
  );
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`There is no item ${index}.`);
  return item;
}

/**
 * What a person does before a destroy on purpose: takes away `prevent_destroy` and the deletion protection.
 *
 * @returns whether that has to be applied: Terraform itself looks at `prevent_destroy`, AWS at the other
 */
function liftProtection(folder: string): boolean {
  const file = join(folder, "cdk.tf.json");
  const before = readFileSync(file, "utf8");
  const after = before
    .replaceAll('"prevent_destroy": true', '"prevent_destroy": false')
    .replaceAll('"deletion_protection": "ACTIVE"', '"deletion_protection": "INACTIVE"');
  writeFileSync(file, after);
  return before.includes('"deletion_protection": "ACTIVE"');
}

function table(rows: ReadonlyMap<string, Record<string, number>>): string {
  const columns = ["resources", "init", "apply", "plan", "destroy"];
  const lines = [...rows].map(([name, row]) => [name, ...columns.map((column) => String(row[column] ?? "-"))]);
  return [["stack", ...columns], ...lines]
    .map(([name = "", ...cells]) => name.padEnd(44) + cells.map((cell) => cell.padStart(10)).join(""))
    .join("\n");
}
