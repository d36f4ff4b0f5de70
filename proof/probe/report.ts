import type { Result } from "./types";

/** What `probe --json` writes. */
export interface ProbeReport {
  readonly agree: number;
  readonly differ: readonly Result[];
  /** Sent without an answer, which proves nothing. */
  readonly noAnswer: readonly Result[];
  readonly notProbed: readonly Result[];
}

export function reportOf(results: readonly Result[]): ProbeReport {
  return {
    agree: results.filter(({ result }) => result === "agrees").length,
    differ: results.filter(({ result }) => result === "differs"),
    noAnswer: results.filter(({ result }) => result === "no answer"),
    notProbed: results.filter(({ result }) => result === "not probed"),
  };
}

/** For people: the differences and what was not answered, then why the rest was not probed, each reason once. */
export function reportText({ agree, differ, noAnswer, notProbed }: ProbeReport): string {
  const reasons = new Map<string, number>();
  for (const { because } of notProbed) reasons.set(because, (reasons.get(because) ?? 0) + 1);
  return [
    ...differ.map((one) => `DIFFERS  ${nameOf(one)}\n    ${one.because}`),
    ...noAnswer.map((one) => `NO ANSWER  ${nameOf(one)}\n    ${one.because}`),
    `${agree} answered as predicted, ${differ.length} differently, ${noAnswer.length === 0 ? "" : `${noAnswer.length} not at all, `}${notProbed.length} not probed.`,
    ...[...reasons].map(([because, count]) => `  ${count} not probed: ${because}`),
    "",
  ].join("\n");
}

/** JUnit's XML: one test case a row. https://github.com/testmoapp/junitxml */
export function reportJunit(results: readonly Result[]): string {
  const { differ, noAnswer, notProbed } = reportOf(results);
  const cases = results.map((one) => {
    const name = `name="${escape(nameOf(one))}" classname="${escape(`${one.api}.${one.stage}`)}" time="${(one.milliseconds ?? 0) / 1000}"`;
    if (one.result === "agrees") return `    <testcase ${name}/>`;
    const inner =
      one.result === "not probed"
        ? `<skipped message="${escape(one.because)}"/>`
        : `<failure message="${escape(one.because)}"/>`;
    return `    <testcase ${name}>${inner}</testcase>`;
  });
  const counts = `tests="${results.length}" failures="${differ.length + noAnswer.length}" skipped="${notProbed.length}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="portcullis probe" ${counts}>\n${cases.join("\n")}\n  </testsuite>\n</testsuites>\n`;
}

function nameOf({ method, path, who, network }: Result): string {
  return `${method} ${path} as ${who}${network === "any" ? "" : ` from ${network}`}`;
}

function escape(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // XML 1.0 has no way to write most control characters.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
  );
}
