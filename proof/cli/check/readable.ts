import type { Severity } from "../../analysis/checks/finding";
import type { NamedFinding } from "../../analysis/checks/finding-ids";
import { printable } from "../../analysis/printable";

/** Findings for people, by severity, each with its id, its place, its witness as a request file, and its fix. */
export function readableFindings(findings: readonly NamedFinding[]): string {
  if (findings.length === 0) return "No findings.\n";
  const sections = (["error", "warning"] as const).flatMap((severity) => {
    const mine = findings.filter((finding) => finding.severity === severity);
    return mine.length === 0 ? [] : [`${counted(mine.length, severity)}\n`, ...mine.map(readable)];
  });
  return `${sections.join("\n")}\n`;
}

function counted(count: number, severity: Severity): string {
  return `${count} ${severity}${count === 1 ? "" : "s"}`;
}

function readable({ id, rule, message, where, witness, fix }: NamedFinding): string {
  return [
    `  ${rule}`,
    `    ${message}`,
    `    at  ${where.file}: ${where.address}`,
    ...(witness === null ? [] : [`    witness  ${JSON.stringify(witness)}`]),
    `    fix  ${fix}`,
    `    id  ${id}`,
    "",
  ]
    .map(printable)
    .join("\n");
}
