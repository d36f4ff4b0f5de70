import { readRequestFile } from "../../proof/decision/request-file";
import { least } from "./request-files";

describe("a request file is taken as it stands", () => {
  const whole = {
    api: "orders",
    stage: "dev",
    method: "GET",
    path: "/orders/a%20b;v=1/@me/",
    query: { a: ["1", "2"] },
    headers: { "X-A": ["b"] },
    body: "{}",
    sourceIp: "203.0.113.7",
    vpc: { id: "vpc-0a1B", endpoint: "vpce-1", sourceIp: "2001:db8::1" },
    caller: {
      arn: "arn:aws:iam::111122223333:role/reader",
      session: "s",
      policies: [{ Statement: [] }],
      boundary: { Statement: [] },
      organizationId: "o-a1b2c3d4e5",
      tags: { team: "x" },
      issuedAt: "2026-01-31T22:59:59Z",
      mfaAgeSeconds: 300,
      userId: "AROAEXAMPLE:s",
      assumedBy: {
        arn: "arn:aws:iam::444455556666:user/ann",
        policies: [{ Statement: [] }],
        boundary: null,
        organizationId: "o-a1b2c3d4e5",
        tags: { team: "y" },
        externalId: "orders-7c1f+=,.@:/_",
      },
    },
    claims: { token_use: "id", groups: ["a"] },
    authorizerResult: { principalId: "u" },
    authorizers: ["token-authorizer"],
    passes: ["api-key", "validator"],
    time: "2026-01-31T23:59:59Z",
  };
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["with all it may hold", whole, whole],
    ["with the least", least, least],
    ["with a verb in lower case, which is a verb", { ...least, method: "get" }, least],
    [
      "with one value where a list may stand",
      { ...least, query: { a: "1" }, headers: { b: "2" } },
      { ...least, query: { a: ["1"] }, headers: { b: ["2"] } },
    ],
    ["with nobody as caller", { ...least, caller: null }, { ...least, caller: null }],
    [
      "with no boundary",
      { ...least, caller: { arn: "a", boundary: null } },
      { ...least, caller: { arn: "a", boundary: null } },
    ],
    [
      "with an offset in its time",
      { ...least, time: "2026-01-31T23:59:59+01:00" },
      { ...least, time: "2026-01-31T23:59:59+01:00" },
    ],
    ...[
      { arn: "arn:aws:iam::111122223333:role/hub", session: "hop" },
      { service: "lambda.amazonaws.com" },
      { federated: "arn:aws:iam::111122223333:saml-provider/staff" },
      { arn: "a", externalId: "ab" },
      { arn: "a", externalId: "a".repeat(1224) },
    ].map((assumedBy): [string, Record<string, unknown>, Record<string, unknown>] => [
      `with a role that was assumed by ${Object.keys(assumedBy).join(" and ")}`,
      { ...least, caller: { arn: "a", assumedBy } },
      { ...least, caller: { arn: "a", assumedBy } },
    ]),
    ...[[], ["api-key"], ["validator"], ["validator", "api-key"]].map(
      (passes): [string, Record<string, unknown>, Record<string, unknown>] => [
        `with the steps [${passes.join(", ")}] as passed`,
        { ...least, passes },
        { ...least, passes },
      ],
    ),
    ["with the path of the root", { ...least, path: "/" }, { ...least, path: "/" }],
    ["with a stage of one letter", { ...least, stage: "a" }, { ...least, stage: "a" }],
    [
      "with null as what the authorizer returns",
      { ...least, authorizerResult: null },
      { ...least, authorizerResult: null },
    ],
  ])("%s", (_, value, expected) => {
    expect(readRequestFile(value, "request.json")).toEqual(expected);
  });
});
