import { spawnSync } from "node:child_process";
import { join } from "node:path";

it.each(["--help", "-h"])(
  "npm start -- %s says what it does and where its options are told, and starts nothing",
  (flag) => {
    const start = join(__dirname, "..", "..", "scripts", "start", "start.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", start, flag], {
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npm start .*npx portcullis serve --help/s);
    expect(stdout).not.toContain("Synthesizing");
  },
);
