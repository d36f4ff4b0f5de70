/**
 * How other local gateways decide the thirteen probes, recorded on 2026-11-22 with serverless-offline 14.8.2, sam-cli 1.164 and
 * cdk-local 0.147.5: their own decision functions were run, except for probes 10 and 11 of the first two, which were read in the
 * source. What is said of all others was read in their source.
 *
 * `ok`: as AWS. `OPEN`: lets in whom AWS refuses. `SHUT`: refuses whom AWS lets in. `-`: not applicable or not run.
 */
export type Verdict = "ok" | "OPEN" | "SHUT" | "-";

export interface Recorded {
  readonly serverlessOffline: Verdict;
  readonly samCli: Verdict;
  readonly cdkLocal: Verdict;
  readonly others: string;
}

const row = (serverlessOffline: Verdict, samCli: Verdict, cdkLocal: Verdict, others = ""): Recorded => ({
  serverlessOffline,
  samCli,
  cdkLocal,
  others,
});

/** By the number of the probe. */
export const recorded: Readonly<Record<number, Recorded>> = {
  1: row("ok", "OPEN", "OPEN", "OPEN: Chalice, LocalEmu, robotocore, Floci; ok: MiniStack, fakecloud, gopherstack"),
  2: row("OPEN", "ok", "OPEN", "OPEN: MiniStack, fakecloud, Floci, LocalEmu, robotocore, gopherstack"),
  3: row("ok", "SHUT", "ok", "SHUT: Chalice"),
  4: row("ok", "SHUT", "ok"),
  5: row("OPEN", "OPEN", "OPEN", "OPEN: all that ignore Condition"),
  6: row("OPEN", "ok", "ok", "OPEN: LocalEmu, robotocore, gopherstack, Floci"),
  7: row("OPEN", "OPEN", "ok", "ok: MiniStack"),
  8: row("ok", "ok", "SHUT"),
  9: row("ok", "ok", "SHUT"),
  10: row("OPEN", "ok", "OPEN", "ok: MiniStack, where results are cached"),
  11: row("OPEN", "OPEN", "OPEN", "OPEN: Floci, MiniStack, LocalEmu"),
  12: row("-", "-", "SHUT"),
  13: row("SHUT", "SHUT", "SHUT", "ok: MiniStack"),
};
