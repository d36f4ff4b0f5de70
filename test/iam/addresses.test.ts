import { cidrContains, parseCidr, parseIp } from "../../proof/iam";

/** RFC 4291, section 2.2, and dotted decimals without leading zeros, which some read as octal. */
describe("An address is read exactly", () => {
  it.each<[string, number[]]>([
    ["0.0.0.0", [0]],
    ["255.255.255.255", [0xffffffff]],
    ["203.0.113.7", [0xcb007107]],
    ["::", [0, 0, 0, 0]],
    ["::1", [0, 0, 0, 1]],
    ["1::", [0x10000, 0, 0, 0]],
    ["2001:db8::8:800:200c:417a", [0x20010db8, 0, 0x00080800, 0x200c417a]],
    ["1:2:3:4:5:6:7:8", [0x10002, 0x30004, 0x50006, 0x70008]],
    ["1:2:3:4:5:6:7::", [0x10002, 0x30004, 0x50006, 0x70000]],
    ["::ffff:203.0.113.7", [0, 0, 0xffff, 0xcb007107]],
    ["1:2:3:4:5:6:203.0.113.7", [0x10002, 0x30004, 0x50006, 0xcb007107]],
  ])("%s", (text, words) => {
    expect(parseIp(text)).toEqual(words);
  });

  it.each([
    ["256.0.0.1"],
    ["1.2.3"],
    ["1.2.3.4.5"],
    ["01.2.3.4"],
    [""],
    [":"],
    [":::"],
    ["1::2::3"],
    ["1:2:3:4:5:6:7:8::1::2"],
    ["::1::"],
    ["1:2:3:4:5:6:7"],
    ["1:2:3:4:5:6:7:8:9"],
    ["1:2:3:4::5:6:7:8"],
    ["12345::"],
    ["::g"],
    ["1.2.3.4::"],
    ["::1.2.3.4:5"],
    ["1:2:3:4:5:1.2.3.4:7"],
    ["::1.2.3.256"],
  ])("%s is none", (text) => {
    expect(parseIp(text)).toBeUndefined();
  });

  it.each([["/24"], ["203.0.113.0/"], ["203.0.113.0/33"], ["203.0.113.0/024"], ["::/129"], ["203.0.113.0/-1"]])(
    "%s is no range",
    (text) => {
      expect(parseCidr(text)).toBeUndefined();
    },
  );
});

describe("A prefix counts its bits from the left, across words", () => {
  it.each<[string, string, boolean]>([
    ["2001:db8:1100::/40", "2001:db8:11ff::1", true],
    ["2001:db8:1100::/40", "2001:db8:1200::1", false],
    ["2001:db8:1100::/40", "20ff:db8:1100::1", false],
    ["2001:db8::/64", "2001:db8:0:1::", false],
    ["2001:db8::/96", "2001:db8::1:0:0", false],
    ["2001:db8::/96", "2001:db8::ffff:ffff", true],
    ["2001:db8::1", "2001:db8::1", true],
    ["2001:db8::1", "2001:db8::2", false],
    ["203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "203.0.113.6", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::", false],
  ])("%s holds %s: %s", (range, address, holds) => {
    const [cidr, ip] = [parseCidr(range), parseIp(address)];
    if (cidr === undefined || ip === undefined) throw new Error(`${range} or ${address} is not read`);
    expect(cidrContains(cidr, ip)).toBe(holds);
  });
});
