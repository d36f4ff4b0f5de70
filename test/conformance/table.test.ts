import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { probes } from "../../conformance/probes";

const root = join(__dirname, "..", "..");
const text = readFileSync(join(root, "docs", "conformance.md"), "utf8");
const rows = text.split("\n").filter((line) => /^\| (?!---)/.test(line));

describe("the conformance table", () => {
  it("names tests that are there, in every row about a behaviour or a client", () => {
    const named = rows.filter((row) => row.includes("`test/"));
    expect(named.length).toBeGreaterThan(40);
    const files = [...text.matchAll(/`(test\/[^`]+\.test\.ts)`/g)].map(([, file = ""]) => file);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });

  it("says of every behaviour how it is known", () => {
    const behaviours = rows.filter((row) => row.split("|").length === 5 && row.includes("`test/"));
    const unknown = behaviours.filter((row) => !/^(?:[RODS](?:, )?)+$/.test(row.split("|")[2]?.trim() ?? ""));
    // The clients' table has what they do in that column.
    expect(unknown.map((row) => row.split("|")[3]?.trim())).toEqual(
      ["aws-cli", "sdk", "curl", "botocore", "browser"].map((name) => `\`test/clients/${name}.test.ts\``),
    );
  });

  it("has a row for every probe, with AWS's answer and ours the same", () => {
    const lines = rows.filter((row) => /^\| \d+ \|/.test(row)).map((row) => row.split("|").map((cell) => cell.trim()));
    expect(lines.map(([, number, name, aws, ours]) => [number, name, aws, ours])).toEqual(
      probes.map(({ number, name, aws }) => [String(number), name, String(aws), `${aws} ok`]),
    );
  });
});
