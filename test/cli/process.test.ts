/** The command line as a process: what a shell sees of it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import packageJson from "../../package.json";

const bin = resolve(__dirname, "../../bin/portcullis.js");
const folder = mkdtempSync(join(tmpdir(), "portcullis-process-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: readonly string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: "utf8" });

describe("portcullis", () => {
  it("ends without a word where whoever reads its output has gone, and not as if all were well", () => {
    const file = join(folder, "simulations.jsonl");
    writeFileSync(file, '{"id":1}\n'.repeat(20_000));
    const script = `"${process.execPath}" "${bin}" simulate "${file}" | head -c 10; exit "\${PIPESTATUS[0]}"`;
    const { stdout, stderr, status } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    expect({ stdout, stderr, status }).toEqual({ stdout: '{"id":1,"d', stderr: "", status: 141 });
  });

  it("says its version", () => {
    expect(run("--version")).toMatchObject({ status: 0, stdout: `${packageJson.version}\n` });
  });

  it("tells its usage as an error where it is given nothing to do, and as an answer where it is asked", () => {
    expect(run()).toMatchObject({
      status: 2,
      stdout: "",
      stderr: expect.stringContaining("Usage: portcullis") as string,
    });
    expect(run("--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("Usage:") as string });
  });

  it.each([
    [
      "an account that is none",
      ["matrix", folder, "--account", "12"],
      "--account: '12' is not an account id of 12 digits.",
    ],
    [
      "invariants that are not there",
      ["check", folder, "--invariants", "/nosuch.ts"],
      "/nosuch.ts: There is no such file of invariants.",
    ],
  ])("refuses %s", (_, args, message) => {
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({
        provider: { aws: [{ region: "eu-west-1", allowed_account_ids: ["111111111111"] }] },
        resource: { aws_api_gateway_rest_api: { a: { name: "a" } } },
      }),
    );
    expect(run(...args)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(message) as string });
  });

  it("tells where there is no API because it cannot be told how many there are", () => {
    const count = { aws_api_gateway_rest_api: { a: { name: "a", count: "x" } } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ resource: count }));
    const { status, stderr } = run("matrix", folder);
    expect(status).toBe(2);
    expect(stderr).toContain("the instances of aws_api_gateway_rest_api are not known");
    expect(stderr).toContain("holds no REST API");
  });

  it("names the side of a comparison that a warning is about", () => {
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ resource: { aws_api_gateway_rest_api: { a: { name: "a" } } } }),
    );
    const { stderr } = run("diff", folder, folder);
    expect(stderr).toMatch(/^warning: BASE: main\.tf\.json: /m);
    expect(stderr).toMatch(/^warning: HEAD: main\.tf\.json: /m);
  });
});
