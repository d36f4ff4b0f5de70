import { cidrContains, parseCidr, parseIp } from "../../proof/iam";
import { conditionApplies, problemsOf } from "./helpers";
import type { Entries } from "./helpers";

const IP = "IP address condition operators";
const V6 = "RFC 4291, text representation of addresses";

it.each([
  ["203.0.113.0/24", "203.0.113.0", true, IP],
  ["203.0.113.0/24", "203.0.113.255", true, IP],
  ["203.0.113.0/24", "203.0.112.255", false, IP],
  ["203.0.113.0/24", "203.0.114.0", false, IP],
  ["203.0.113.7", "203.0.113.7", true, "without a prefix, /32"],
  ["203.0.113.7", "203.0.113.8", false, "without a prefix, /32"],
  ["203.0.113.7/32", "203.0.113.6", false, IP],
  ["203.0.113.6/31", "203.0.113.7", true, IP],
  ["203.0.113.6/31", "203.0.113.8", false, IP],
  ["0.0.0.0/0", "203.0.113.7", true, IP],
  ["0.0.0.0/0", "255.255.255.255", true, IP],
  ["0.0.0.0/0", "0.0.0.0", true, IP],
  ["0.0.0.0/0", "2001:db8::1", false, "the families are apart"],
  ["128.0.0.0/1", "200.0.0.1", true, IP],
  ["128.0.0.0/1", "127.255.255.255", false, IP],
  ["10.0.0.0/8", "10.255.255.255", true, IP],
  ["10.0.0.0/8", "11.0.0.0", false, IP],
  ["203.0.113.99/24", "203.0.113.1", true, "bits behind the prefix are ignored"],
  ["255.255.255.255/32", "255.255.255.255", true, IP],
  ["2001:db8::/32", "2001:db8::1", true, IP],
  ["2001:DB8:1234:5678::/64", "2001:db8:1234:5678:ffff::1", true, IP],
  ["2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", false, IP],
  ["2001:db8::1", "2001:db8:0:0:0:0:0:1", true, V6],
  ["2001:db8::1", "2001:0db8:0000:0000:0000:0000:0000:0001", true, V6],
  ["2001:db8::1", "2001:db8::2", false, V6],
  ["::/0", "2001:db8::1", true, IP],
  ["::/0", "203.0.113.7", false, "the families are apart"],
  ["::1", "::1", true, V6],
  ["::", "::", true, V6],
  ["2001:db8::/33", "2001:db8:7fff::", true, IP],
  ["2001:db8::/33", "2001:db8:8000::", false, IP],
  ["2001:db8::/127", "2001:db8::1", true, IP],
  ["2001:db8::/127", "2001:db8::2", false, IP],
  ["203.0.113.0/24", "::ffff:203.0.113.7", false, "an IPv4 address written as IPv6 is an IPv6 address"],
  ["::ffff:0:0/96", "::ffff:203.0.113.7", true, V6],
  ["203.0.113.0/24", "not an address", false, IP],
  ["203.0.113.0/24", "203.0.113.7/32", false, "a request has one address"],
  ["203.0.113.0/24", "203.0.113.007", false, "an octet has no leading zeros"],
  ["203.0.113.0/24", "203.0.113", false, IP],
  ["203.0.113.0/24", "203.0.113.7 ", false, IP],
  ["fe80::/10", "fe80::1%eth0", false, "a zone is no part of an address"],
])("%s holds %s: %s (%s)", (range, address, inside) => {
  expect(conditionApplies({ IpAddress: { "aws:SourceIp": range } }, { "aws:SourceIp": address })).toBe(inside);
  expect(conditionApplies({ NotIpAddress: { "aws:SourceIp": range } }, { "aws:SourceIp": address })).toBe(!inside);
});

it.each<[unknown, Entries, boolean, string]>([
  [{ IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } }, { "aws:SourceIp": "2001:db8::9" }, true, IP],
  [
    { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } },
    { "aws:SourceIp": "198.51.100.7" },
    false,
    IP,
  ],
  [
    { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] } },
    { "aws:SourceIp": "198.51.100.7" },
    false,
    IP,
  ],
  [
    { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] } },
    { "aws:SourceIp": "192.0.2.1" },
    true,
    IP,
  ],
  [{ IpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, {}, false, "an absent key matches nothing"],
  [{ NotIpAddress: { "aws:SourceIp": "0.0.0.0/0" } }, {}, true, "a negated operator holds for an absent key"],
  [
    { IpAddress: { "aws:VpcSourceIp": "10.0.0.0/16" } },
    { "aws:VpcSourceIp": "10.0.3.4" },
    true,
    "condition keys of API Gateway resource policies",
  ],
])("%j with %j: %s (%s)", (condition, context, applies) => {
  expect(conditionApplies(condition, context)).toBe(applies);
});

it.each([
  "203.0.113.0/33",
  "203.0.113.0/",
  "203.0.113.0/-1",
  "203.0.113.0/024",
  "203.0.113/24",
  "203.0.113.256",
  "01.2.3.4",
  "2001:db8::/129",
  "2001:db8:::1",
  "2001::db8::1",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "12345::",
  "g::",
  ":1",
  "1.2.3.4::",
  "::1.2.3.4.5",
  "*",
  "",
  "${aws:SourceIp}",
])("%j is no range, and a policy with it is refused", (range) => {
  const Statement = { Effect: "Deny", Action: "*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": range } } };
  expect(problemsOf({ Version: "2012-10-17", Statement })).toEqual([expect.stringContaining(JSON.stringify(range))]);
});

it("an IPv6 address may end in an IPv4 one (RFC 4291)", () => {
  expect(parseIp("64:ff9b::192.0.2.33")).toEqual([0x0064ff9b, 0, 0, 0xc0000221]);
  expect(parseIp("1:2:3:4:5:6:192.0.2.33")).toEqual([0x00010002, 0x00030004, 0x00050006, 0xc0000221]);
});

it("a range of one family never holds an address of the other", () => {
  const everything = parseCidr("0.0.0.0/0");
  const address = parseIp("::1");
  if (everything === undefined || address === undefined) throw new Error("both are valid");
  expect(cidrContains(everything, address)).toBe(false);
});
