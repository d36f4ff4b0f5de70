import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../../proof/analysis/checks/rules";

const page = readFileSync(join(__dirname, "..", "..", "..", "docs", "checks.md"), "utf8");
const rows = page
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, rule]) => rule !== undefined && /^`[a-z-]+` \((?:error|warning)/.test(rule));

describe("docs/checks.md", () => {
  it.each(rules.map(({ name, severity }) => [name, severity] as const))("says everything of %s", (name, severity) => {
    const mine = rows.filter(([, rule]) => rule?.startsWith(`\`${name}\` (${severity}`));
    expect(mine).toHaveLength(1);
    const [, , ...cells] = mine[0] ?? [];
    expect(cells.slice(0, 4).every((cell) => cell.length > 4)).toBe(true);
  });

  it("speaks of no other rule", () => {
    expect(rows).toHaveLength(rules.length);
  });
});
