import { parseInstant } from "../../proof/iam/instant";

/** W3C, "Date and Time Formats"; IAM User Guide, "Date condition operators". */
describe("An instant is read exactly", () => {
  it.each<[string, number]>([
    ["2026", Date.UTC(2026, 0)],
    ["2026-03", Date.UTC(2026, 2)],
    ["2026-03-31", Date.UTC(2026, 2, 31)],
    ["2024-02-29", Date.UTC(2024, 1, 29)],
    ["2026-01-31T08:09Z", Date.UTC(2026, 0, 31, 8, 9)],
    ["2026-01-31T08:09:10.25z", Date.UTC(2026, 0, 31, 8, 9, 10, 250)],
    ["2026-01-31T23:59:59Z", Date.UTC(2026, 0, 31, 23, 59, 59)],
    ["2026-01-31T08:00:00+01:30", Date.UTC(2026, 0, 31, 6, 30)],
    ["2026-01-31T08:00:00-23:59", Date.UTC(2026, 1, 1, 7, 59)],
    ["1769846400", 1769846400000],
    ["-1.5", -1500],
  ])("%s", (text, milliseconds) => {
    expect(parseInstant(text)).toBe(milliseconds);
  });

  it.each([
    ["2026-02-31"],
    ["2025-02-29"],
    ["2026-00-10"],
    ["2026-13-10"],
    ["2026-01-00"],
    ["2026-01-32"],
    ["2026-01-31T24:00:00Z"],
    ["2026-01-31T08:60:00Z"],
    ["2026-01-31T08:00:60Z"],
    ["2026-01-31T08:00:00"],
    ["2026-01-31T08:00:00+24:00"],
    ["2026-01-31T08:00:00+01:60"],
    ["tomorrow"],
    [""],
  ])("%s is none", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
