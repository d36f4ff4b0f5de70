import { conditionApplies } from "./helpers";

const NUMERIC = "Numeric condition operators";
const DATE = "Date condition operators";

describe("Numeric operators", () => {
  const KEY = "s3:max-keys";
  /** Equals, LessThan, LessThanEquals, GreaterThan, GreaterThanEquals */
  it.each([
    ["10", "10", [true, false, true, false, true]],
    ["9", "10", [false, true, true, false, false]],
    ["11", "10", [false, false, false, true, true]],
    ["10.0", "10", [true, false, true, false, true]],
    ["9.99", "10", [false, true, true, false, false]],
    ["-1", "0", [false, true, true, false, false]],
    ["+7", "7", [true, false, true, false, true]],
    ["1e1", "10", [true, false, true, false, true]],
    ["1e-1", "0.1", [true, false, true, false, true]],
    ["1E+10", "10000000000", [true, false, true, false, true]],
    ["100", "20", [false, false, false, true, true]],
    ["ten", "10", [false, false, false, false, false]],
    ["", "0", [false, false, false, false, false]],
    [" 10", "10", [false, false, false, false, false]],
    ["0x0A", "10", [false, false, false, false, false]],
    ["10,5", "10", [false, false, false, false, false]],
  ])(`%j against %j (${NUMERIC})`, (value, policy, [equal, less, lessEqual, greater, greaterEqual]) => {
    const holds = (operator: string) => conditionApplies({ [operator]: { [KEY]: policy } }, { [KEY]: value });
    expect(holds("NumericEquals")).toBe(equal);
    expect(holds("NumericNotEquals")).toBe(!equal);
    expect(holds("NumericLessThan")).toBe(less);
    expect(holds("NumericLessThanEquals")).toBe(lessEqual);
    expect(holds("NumericGreaterThan")).toBe(greater);
    expect(holds("NumericGreaterThanEquals")).toBe(greaterEqual);
  });

  it.each<[string, string, number]>([
    ["9007199254740993", "9007199254740992", 1],
    ["1e999", "9e998", 1],
    ["-1e999", "1e-999", -1],
    ["0.1", "0.10000000000000000001", -1],
    ["100", "1e2", 0],
    ["1.50", "15E-1", 0],
    ["-0", "0.0", 0],
  ])("compare %s with %s as the numbers they are", (value, limit, order) => {
    const holds = (name: string) => conditionApplies({ [name]: { [KEY]: limit } }, { [KEY]: value });
    expect(holds("NumericEquals")).toBe(order === 0);
    expect(holds("NumericNotEquals")).toBe(order !== 0);
    expect(holds("NumericLessThan")).toBe(order < 0);
    expect(holds("NumericLessThanEquals")).toBe(order <= 0);
    expect(holds("NumericGreaterThan")).toBe(order > 0);
    expect(holds("NumericGreaterThanEquals")).toBe(order >= 0);
  });

  it(`reads a number that is not quoted (Grammar of the IAM JSON policy language)`, () => {
    expect(
      conditionApplies({ NumericLessThan: { "aws:MultiFactorAuthAge": 3600 } }, { "aws:MultiFactorAuthAge": "60" }),
    ).toBe(true);
  });

  it("with a list holds for any of its values", () => {
    expect(conditionApplies({ NumericEquals: { [KEY]: ["1", "2"] } }, { [KEY]: "2" })).toBe(true);
    expect(conditionApplies({ NumericNotEquals: { [KEY]: ["1", "2"] } }, { [KEY]: "2" })).toBe(false);
  });
});

describe("A date", () => {
  const CURRENT = "aws:CurrentTime";
  const iso = "W3C note-datetime";
  it.each([
    ["2026-12-31T23:59:59Z", 1798761599, iso],
    ["2026-01-01T00:00:00Z", 1767225600, iso],
    ["2026-12", 1796083200, iso],
    ["2026-10-31", 1793404800, iso],
    ["2000-02-29", 951782400, iso],
    ["1969-12-31T23:59:59Z", -1, iso],
    ["0050-01-01", -60589296000, iso],
    ["2026-01-01T00:00:00+23:59", 1767139260, iso],
    ["2026-01-01T00:00:00-00:30", 1767227400, iso],
    ["2026-01-01T00:00:00.250Z", 1767225600.25, iso],
    ["-1", -1, "epoch (UNIX) time, in seconds"],
    ["1767225600", 1767225600, "epoch (UNIX) time, in seconds"],
  ])("%s is %s seconds since 1970 (%s)", (date, seconds) => {
    expect(conditionApplies({ DateEquals: { [CURRENT]: date } }, { [CURRENT]: String(seconds) })).toBe(true);
    expect(conditionApplies({ DateEquals: { [CURRENT]: String(seconds) } }, { [CURRENT]: date })).toBe(true);
  });

  it.each([
    ["2026-00-01"],
    ["2026-13-01"],
    ["2026-01-00"],
    ["2026-04-31"],
    ["2025-02-29"],
    ["1900-02-29"],
    ["2026-01-01T24:00:00Z"],
    ["2026-01-01T00:60:00Z"],
    ["2026-01-01T00:00:60Z"],
    ["2026-01-01T00:00:00+24:00"],
    ["2026-01-01T00:00:00+00:60"],
    ["2026-01-01T00Z"],
    ["2026-1-1"],
    ["20260101"],
    ["2026-01-01 00:00:00Z"],
    ["2026-01-01T00:00:00Z\n"],
  ])("%j is none that reads as a date of its own", (date) => {
    // Eight digits are seconds; everything else is nothing at all.
    const context = { [CURRENT]: date };
    expect(conditionApplies({ DateGreaterThan: { [CURRENT]: "1971" } }, context)).toBe(false);
    expect(conditionApplies({ DateLessThan: { [CURRENT]: "9999" } }, context)).toBe(date === "20260101");
  });
});

describe("Date operators", () => {
  const KEY = "aws:CurrentTime";
  const epoch = "epoch (UNIX) time, in seconds";
  /** Equals, LessThan, LessThanEquals, GreaterThan, GreaterThanEquals */
  it.each([
    ["2026-01-31T08:00:00Z", "2026-01-31T08:00:00Z", [true, false, true, false, true], DATE],
    ["2026-01-31T08:00:00Z", "2026-01-31T08:00:01Z", [false, true, true, false, false], DATE],
    ["2026-01-31T08:00:01Z", "2026-01-31T08:00:00Z", [false, false, false, true, true], DATE],
    ["2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00", [true, false, true, false, true], "W3C note-datetime"],
    ["2026-01-31T08:00:00Z", "2026-01-31T03:30:00-04:30", [true, false, true, false, true], "W3C note-datetime"],
    ["2026-01-31T08:00:00Z", "2026-01-31T08:00Z", [true, false, true, false, true], "W3C note-datetime"],
    ["2026-01-31T08:00:00.5Z", "2026-01-31T08:00:00Z", [false, false, false, true, true], "W3C note-datetime"],
    ["2026-01-31T00:00:00Z", "2026-01-31", [true, false, true, false, true], "W3C note-datetime"],
    ["2026-01-01T00:00:00Z", "2026-01", [true, false, true, false, true], "W3C note-datetime"],
    ["2026-01-01T00:00:00Z", "2026", [true, false, true, false, true], "W3C note-datetime"],
    [
      "2026-01-31t08:00:00z",
      "2026-01-31T08:00:00Z",
      [true, false, true, false, true],
      "RFC 3339: T and Z may be lower case",
    ],
    ["2024-02-29T00:00:00Z", "2024-02-29", [true, false, true, false, true], DATE],
    ["1700000000", "2023-11-14T22:13:20Z", [true, false, true, false, true], epoch],
    ["2023-11-14T22:13:20Z", "1700000000", [true, false, true, false, true], epoch],
    ["2023-11-14T22:13:19Z", "1700000000", [false, true, true, false, false], epoch],
    ["2026-11-14T00:00:00Z", "1700000000", [false, false, false, true, true], epoch],
    ["2020-01-01T00:00:00Z", "1700000000", [false, true, true, false, false], epoch],
    ["1700000000.5", "1700000000", [false, false, false, true, true], epoch],
    ["0", "1970-01-01T00:00:00Z", [true, false, true, false, true], epoch],
    ["yesterday", "2026-01-31", [false, false, false, false, false], DATE],
    ["2026-13-01T00:00:00Z", "2026-01-31", [false, false, false, false, false], DATE],
    ["2026-02-30T00:00:00Z", "2026-01-31", [false, false, false, false, false], DATE],
    ["2026-01-31T24:00:00Z", "2026-01-31", [false, false, false, false, false], DATE],
    ["2026-01-31T08:00:00", "2026-01-31", [false, false, false, false, false], "W3C note-datetime: a time has a zone"],
    ["", "2026-01-31", [false, false, false, false, false], DATE],
  ])("%j against %j: %j (%s)", (value, policy, [equal, less, lessEqual, greater, greaterEqual]) => {
    const holds = (operator: string) => conditionApplies({ [operator]: { [KEY]: policy } }, { [KEY]: value });
    expect(holds("DateEquals")).toBe(equal);
    expect(holds("DateNotEquals")).toBe(!equal);
    expect(holds("DateLessThan")).toBe(less);
    expect(holds("DateLessThanEquals")).toBe(lessEqual);
    expect(holds("DateGreaterThan")).toBe(greater);
    expect(holds("DateGreaterThanEquals")).toBe(greaterEqual);
  });
});
