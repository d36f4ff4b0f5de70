import { problemOfRange } from "../../environments/cidr";

describe("An IP range", () => {
  it.each([
    "192.0.2.0/24",
    "10.0.0.0/8",
    "203.0.113.7/32",
    "0.0.0.0/0",
    "2001:db8::/32",
    "::/0",
    "2001:db8::1/128",
    "::ffff:c000:200/120",
  ])("%s is accepted", (range) => expect(problemOfRange(range)).toBeUndefined());

  it.each([
    "",
    "192.0.2.0",
    "192.0.2.0/33",
    "192.0.2/24",
    "192.0.2.0/024",
    "192.0.2.0/-1",
    "192.0.2.0/24/1",
    "256.0.0.0/8",
    "2001:db8::/129",
    "fe80::%eth0/64",
    "example.com/8",
    "192.0.2.0/ 24",
  ])("%j is refused with the notation it should have", (range) =>
    expect(problemOfRange(range)).toBe("a range in CIDR notation such as 192.0.2.0/24 or 2001:db8::/32"),
  );

  it.each([
    ["10.0.0.1/8", "10.0.0.0/8"],
    ["192.0.2.129/25", "192.0.2.128/25"],
    ["192.0.2.5/30", "192.0.2.4/30"],
    ["2001:db8::1/32", "2001:db8::/32"],
    ["2001:db8:0:1:8000::/65", undefined],
    ["2001:db8:0:1:c000::/65", "2001:db8:0:1:8000::/65"],
    ["1.2.3.4/0", "0.0.0.0/0"],
  ])("%s has host bits set: the range around it is %s", (range, around) =>
    expect(problemOfRange(range)).toBe(
      around === undefined ? undefined : `a range without host bits; the one around it is ${around}`,
    ),
  );
});
