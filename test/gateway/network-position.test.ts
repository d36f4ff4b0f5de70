import { isLoopback, networkPosition, plainAddress } from "../../proof/gateway/network-position";

const here = { address: "127.0.0.1", loopback: true };
const elsewhere = { address: "192.0.2.9", loopback: false };
const vpcOf = (endpoint: string) => (endpoint === "vpce-1" ? "vpc-of-1" : undefined);
const at = (headers: [string, string][], peer = here, simulate = true) =>
  networkPosition(headers, peer, simulate, vpcOf);

describe("the network position of a request", () => {
  it.each([
    ["nothing is asked for", [], { sourceIp: "127.0.0.1" }],
    ["an address is asked for", [["X-Portcullis-Source-IP", "203.0.113.7"]], { sourceIp: "203.0.113.7" }],
    ["an IPv6 address is asked for", [["x-portcullis-source-ip", "2001:db8::1"]], { sourceIp: "2001:db8::1" }],
    [
      "a VPC is asked for",
      [["x-portcullis-vpc", "vpc-1"]],
      { sourceIp: "127.0.0.1", vpc: { id: "vpc-1", sourceIp: "127.0.0.1" } },
    ],
    [
      "an endpoint that the configuration knows is asked for",
      [
        ["x-portcullis-vpce", "vpce-1"],
        ["x-portcullis-source-ip", "10.0.0.7"],
      ],
      { sourceIp: "10.0.0.7", vpc: { id: "vpc-of-1", endpoint: "vpce-1", sourceIp: "10.0.0.7" } },
    ],
    [
      "an unknown endpoint is asked for",
      [["x-portcullis-vpce", "vpce-2"]],
      { sourceIp: "127.0.0.1", vpc: { endpoint: "vpce-2", sourceIp: "127.0.0.1" } },
    ],
    ["a proxy claims another client", [["X-Forwarded-For", "203.0.113.7"]], { sourceIp: "127.0.0.1" }],
  ])("when %s", (_name, headers, network) => {
    expect(at(headers as [string, string][])).toMatchObject({ network, ignored: false });
  });

  it("is the peer's where simulation is off or the client is on another machine", () => {
    const asked: [string, string][] = [["x-portcullis-source-ip", "203.0.113.7"]];
    expect(at(asked, here, false)).toMatchObject({ network: { sourceIp: "127.0.0.1" }, headers: [], ignored: true });
    expect(at(asked, elsewhere)).toMatchObject({ network: { sourceIp: "192.0.2.9" }, headers: [], ignored: true });
  });

  it("hides the headers from everything but the signature", () => {
    const position = at([
      ["Host", "a"],
      ["X-PORTCULLIS-VPC", "vpc-1"],
      ["B", "c"],
    ]);
    expect(position.headers).toEqual([
      ["Host", "a"],
      ["B", "c"],
    ]);
    expect(position.stripped).toEqual([["X-PORTCULLIS-VPC", "vpc-1"]]);
  });

  it.each([
    ["x-portcullis-source-ip", "203.0.113.700"],
    ["x-portcullis-source-ip", ""],
    ["x-portcullis-source-ip", "203.0.113.0/24"],
    ["x-portcullis-vpc", "vpce-1"],
    ["x-portcullis-vpce", "vpc-1"],
    ["x-portcullis-account", "1"],
  ])("is refused for %s: %s", (name, value) => {
    expect(at([[name, value]]).invalid).toContain(name);
  });

  it("is refused where one header is sent twice", () => {
    expect(
      at([
        ["x-portcullis-vpc", "vpc-1"],
        ["x-portcullis-vpc", "vpc-2"],
      ]).invalid,
    ).toContain("twice");
  });

  it.each([
    ["127.0.0.1", true],
    ["127.9.9.9", true],
    ["::1", true],
    ["::ffff:127.0.0.1", true],
    ["::ffff:192.0.2.1", false],
    ["192.0.2.1", false],
    ["127.example", false],
    ["", false],
  ])("takes %s for loopback: %s", (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });

  it("writes an IPv4 peer of a dual-stack socket as IPv4", () => {
    expect(plainAddress("::ffff:192.0.2.1")).toBe("192.0.2.1");
    expect(plainAddress("2001:db8::1")).toBe("2001:db8::1");
  });
});
