import { readRequestFile } from "../../proof/decision/request-file";
import { least, problems } from "./request-files";

describe("a request file that cannot be taken is told by the place and the rule", () => {
  const assumedBy = "request.json: caller.assumedBy";
  const addressRule = "must be an IPv4 or IPv6 address, not";
  it.each<[string, unknown, string[]]>([
    ["no object", "GET /orders", ["request.json: must be an object."]],
    ["nothing", undefined, ["request.json: is missing."]],
    ["neither verb nor path", {}, ["request.json: method: is missing.", "request.json: path: is missing."]],
    ["an unknown member", { ...least, verb: "GET" }, ["request.json: unknown member 'verb'."]],
    ["two unknown members", { ...least, a: 1, b: 2 }, ["request.json: unknown member 'a', 'b'."]],
    ["an unknown member of the network", { ...least, vpc: { ip: "x" } }, ["request.json: vpc: unknown member 'ip'."]],
    [
      "an unknown member of the caller",
      { ...least, caller: { arn: "a", role: "r" } },
      ["request.json: caller: unknown member 'role'."],
    ],
    ["a network that is no object", { ...least, vpc: "vpc-1" }, ['request.json: vpc: must be an object, not "vpc-1".']],
    ["a caller that is no object", { ...least, caller: "me" }, ['request.json: caller: must be an object, not "me".']],
    ["a caller without ARN", { ...least, caller: {} }, ["request.json: caller.arn: is missing."]],
    [
      "policies that are no list",
      { ...least, caller: { arn: "a", policies: {} } },
      ["request.json: caller.policies: must be a list of policy documents."],
    ],
    [
      "a policy that is no object",
      { ...least, caller: { arn: "a", policies: ["{}"] } },
      ['request.json: caller.policies[0]: must be an object, not "{}".'],
    ],
    [
      "a boundary that is no object",
      { ...least, caller: { arn: "a", boundary: "b" } },
      ['request.json: caller.boundary: must be an object, not "b".'],
    ],
    [
      "tags that are no object",
      { ...least, caller: { arn: "a", tags: "b" } },
      ['request.json: caller.tags: must be an object of strings, not "b".'],
    ],
    [
      "a tag that is no string",
      { ...least, caller: { arn: "a", tags: { b: 1 } } },
      ["request.json: caller.tags.b: must be a string, not 1."],
    ],
    [
      "a part of a second since MFA",
      { ...least, caller: { arn: "a", mfaAgeSeconds: 0.5 } },
      ["request.json: caller.mfaAgeSeconds: must be a number of seconds, not 0.5."],
    ],
    [
      "MFA in times to come",
      { ...least, caller: { arn: "a", mfaAgeSeconds: -1 } },
      ["request.json: caller.mfaAgeSeconds: must not be negative, not -1."],
    ],
    ["assumers in a list", { ...least, caller: { arn: "a", assumedBy: [] } }, [`${assumedBy}: must be an object.`]],
    [
      "an unknown member of an assumer",
      { ...least, caller: { arn: "a", assumedBy: { arn: "b", mfaAgeSeconds: 1 } } },
      [`${assumedBy}: unknown member 'mfaAgeSeconds'.`],
    ],
    ...[
      {},
      { externalId: "ab" },
      { arn: "b", service: "s" },
      { arn: "b", federated: "f" },
      { service: "s", federated: "f" },
      { service: "s", externalId: "ab" },
      { federated: "f", session: "ab" },
    ].map((one): [string, unknown, string[]] => [
      `an assumer that is named by [${Object.keys(one).join(", ")}]`,
      { ...least, caller: { arn: "a", assumedBy: one } },
      [`${assumedBy}: must hold an arn with what is said of it, or a service alone, or a federated provider alone.`],
    ]),
    ...["arn", "service", "federated"].map((member): [string, unknown, string[]] => [
      `an assumer whose ${member} is empty`,
      { ...least, caller: { arn: "a", assumedBy: { [member]: "" } } },
      [`${assumedBy}.${member}: must not be empty, not "".`],
    ]),
    ...["a", "a".repeat(1225), "a b", " ab", "ab "].map((externalId): [string, unknown, string[]] => [
      `the external id '${externalId.slice(0, 9)}'`,
      { ...least, caller: { arn: "a", assumedBy: { arn: "b", externalId } } },
      [
        `${assumedBy}.externalId: must be 2 to 1224 letters, digits or _+=,.@:/-, not ${JSON.stringify(externalId).slice(0, 100)}.`,
      ],
    ]),
    ...["arn", "service", "federated", "session", "externalId"].map((member): [string, unknown, string[]] => [
      `a number as ${member} of an assumer`,
      { ...least, caller: { arn: "a", assumedBy: { arn: "b", [member]: 1 } } },
      [`${assumedBy}.${member}: must be a string, not 1.`],
    ]),
    [
      "a step alone as passed",
      { ...least, passes: "api-key" },
      ['request.json: passes: must be a list of api-key and validator, not "api-key".'],
    ],
    [
      "a step as passed that is not behind authorization",
      { ...least, passes: ["validator", "resource-policy"] },
      ['request.json: passes[1]: must be api-key or validator, not "resource-policy".'],
    ],
    [
      "a step as passed twice",
      { ...least, passes: ["validator", "validator"] },
      ["request.json: passes: must name each step once."],
    ],
    [
      "authorizers in a string",
      { ...least, authorizers: "a" },
      ["request.json: authorizers: must be a list of names."],
    ],
    [
      "a number as authorizer",
      { ...least, authorizers: ["a", 1] },
      ["request.json: authorizers[1]: must be a string."],
    ],
    [
      "a verb that is no word",
      { ...least, method: "GET /" },
      ['request.json: method: must be an HTTP method such as GET, not "GET /".'],
    ],
    [
      "a verb with more before it",
      { ...least, method: " GET" },
      ['request.json: method: must be an HTTP method such as GET, not " GET".'],
    ],
    ["a number as verb", { ...least, method: 1 }, ["request.json: method: must be a string, not 1."]],
    [
      "a stage with a slash",
      { ...least, stage: "/dev" },
      ['request.json: stage: must be the name of a stage, not "/dev".'],
    ],
    [
      "a stage with a slash behind",
      { ...least, stage: "dev/" },
      ['request.json: stage: must be the name of a stage, not "dev/".'],
    ],
    ["an empty stage", { ...least, stage: "" }, ['request.json: stage: must be the name of a stage, not "".']],
    ...["orders", "", "/orders?a=1", "/orders#a", "/a b", "/é", "x/a"].map((path): [string, unknown, string[]] => [
      `the path '${path}'`,
      { ...least, path },
      [
        "request.json: path: must begin with / below the stage, percent-encoded, without a query (which belongs into 'query').",
      ],
    ]),
    [
      "a query in a string",
      { ...least, query: "a=1" },
      ["request.json: query: must be an object of lists of strings."],
    ],
    [
      "a number in the query",
      { ...least, query: { a: [1] } },
      ["request.json: query.a: must be a string or a list of strings."],
    ],
    ["headers in a list", { ...least, headers: [] }, ["request.json: headers: must be an object of lists of strings."]],
    [
      "an address that is none",
      { ...least, sourceIp: "localhost" },
      [`request.json: sourceIp: ${addressRule} "localhost".`],
    ],
    [
      "a range of addresses",
      { ...least, vpc: { sourceIp: "10.0.0.0/8" } },
      [`request.json: vpc.sourceIp: ${addressRule} "10.0.0.0/8".`],
    ],
    [
      "the id of an endpoint as that of a VPC",
      { ...least, vpc: { id: "vpce-1" } },
      ['request.json: vpc.id: must be an id such as vpc-0a1b2c3d, not "vpce-1".'],
    ],
    [
      "the id of a VPC as that of an endpoint",
      { ...least, vpc: { endpoint: "vpc-1" } },
      ['request.json: vpc.endpoint: must be an id such as vpce-0a1b2c3d, not "vpc-1".'],
    ],
    [
      "an id with more behind it",
      { ...least, vpc: { id: "vpc-1/x" } },
      ['request.json: vpc.id: must be an id such as vpc-0a1b2c3d, not "vpc-1/x".'],
    ],
    [
      "an id with more before it",
      { ...least, vpc: { id: "x-vpc-1" } },
      ['request.json: vpc.id: must be an id such as vpc-0a1b2c3d, not "x-vpc-1".'],
    ],
    ["claims in a token", { ...least, claims: "e.y.J" }, ["request.json: claims: must be an object."]],
    [
      "a time without its offset",
      { ...least, time: "2026-01-31T23:59:59" },
      ['request.json: time: must be a time such as 2026-01-31T23:59:59Z, not "2026-01-31T23:59:59".'],
    ],
    [
      "all of it at once",
      { path: "x", sourceIp: "y", claims: 1 },
      [
        "request.json: method: is missing.",
        "request.json: path: must begin with / below the stage, percent-encoded, without a query (which belongs into 'query').",
        `request.json: sourceIp: ${addressRule} "y".`,
        "request.json: claims: must be an object.",
      ],
    ],
  ])("%s", (_, value, expected) => {
    expect(problems(() => readRequestFile(value, "request.json"))).toEqual(expected);
  });
});
