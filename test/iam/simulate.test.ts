import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommandLine } from "../../proof/cli/run";
import { Simulator } from "../../proof/iam/simulate";
import { ACCOUNT, API, OTHER } from "./helpers";

const USER = `arn:aws:iam::${ACCOUNT}:user/alice`;
const allow = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Invoke", Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
};
const deny = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
const silent = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
const api = (Principal: unknown, Condition?: unknown) => ({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal,
    Action: "execute-api:Invoke",
    Resource: "execute-api:/*",
    ...(Condition === undefined ? {} : { Condition }),
  },
});
const line = (fields: object) => ({
  id: "1",
  callerArn: USER,
  action: "execute-api:Invoke",
  resource: `${API}/dev/GET/orders`,
  ...fields,
});
const answer = (fields: object) => new Simulator().answer(JSON.stringify(line(fields)));

describe("A simulation", () => {
  it.each([
    [{}, "implicitDeny"],
    [{ identityPolicies: [allow] }, "allowed"],
    [{ identityPolicies: [JSON.stringify(allow)] }, "allowed"],
    [{ identityPolicies: [allow, deny] }, "explicitDeny"],
    [{ callerArn: null, resourcePolicy: api("*") }, "allowed"],
    [{ callerArn: null, resourcePolicy: null }, "implicitDeny"],
    [{ callerArn: null, identityPolicies: [allow] }, "implicitDeny"],
    [{ resourcePolicy: api({ AWS: USER }) }, "allowed"],
    [{ callerArn: `arn:aws:iam::${OTHER}:user/bob`, resourcePolicy: api("*") }, "implicitDeny"],
    [{ callerArn: `arn:aws:iam::${OTHER}:user/bob`, resourcePolicy: api("*"), identityPolicies: [allow] }, "allowed"],
    [{ identityPolicies: [allow], resourceOwner: OTHER }, "implicitDeny"],
    [{ identityPolicies: [allow], resourceOwner: `arn:aws:iam::${ACCOUNT}:root` }, "allowed"],
    [{ identityPolicies: [allow], resource: "arn:aws:s3:::bucket" }, "allowed"],
    [{ identityPolicies: [allow], permissionsBoundaries: [silent] }, "implicitDeny"],
    [{ identityPolicies: [allow], sessionPolicies: [silent] }, "implicitDeny"],
    [{ identityPolicies: [allow], serviceControlPolicies: [[allow], [silent]] }, "implicitDeny"],
    [{ identityPolicies: [allow], serviceControlPolicies: [[allow], [silent, allow]] }, "allowed"],
    [{ identityPolicies: [allow], serviceControlPolicies: [] }, "allowed"],
    [{ identityPolicies: [allow], serviceControlPolicies: [[]] }, "implicitDeny"],
    [{ callerArn: null, resourcePolicy: api("*"), vpcEndpointPolicy: api({ AWS: ACCOUNT }, {}) }, "invalid"],
    [
      {
        resourcePolicy: api("*", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
        context: { "aws:SourceIp": ["203.0.113.7"] },
      },
      "allowed",
    ],
    [
      {
        resourcePolicy: api("*", { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
        context: { "aws:sourceip": "198.51.100.7" },
      },
      "implicitDeny",
    ],
    [{ resourcePolicy: api("*", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }) }, "allowed"],
    [
      {
        resourcePolicy: api("*", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }),
        context: { "aws:PrincipalAccount": OTHER },
      },
      "implicitDeny",
    ],
    [
      { resourcePolicy: api("*", { Bool: { "aws:SecureTransport": true } }), context: { "aws:SecureTransport": true } },
      "allowed",
    ],
    [
      {
        callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/r` }),
      },
      "allowed",
    ],
    [
      {
        callerArn: `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`,
        resourcePolicy: api({ AWS: `arn:aws:iam::${ACCOUNT}:role/p/r` }),
        context: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/p/r` },
      },
      "allowed",
    ],
    [
      { callerArn: "apigateway.amazonaws.com", resourcePolicy: api({ Service: "apigateway.amazonaws.com" }) },
      "allowed",
    ],
    [
      {
        callerArn: "cognito-identity.amazonaws.com",
        action: "sts:AssumeRoleWithWebIdentity",
        resource: `arn:aws:iam::${ACCOUNT}:role/r`,
        resourcePolicy: {
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: { Federated: "cognito-identity.amazonaws.com" },
            Action: "sts:AssumeRoleWithWebIdentity",
          },
        },
      },
      "allowed",
    ],
  ])("%#: %j is %s", (fields, expected) => {
    expect(answer(fields).decision).toBe(expected);
  });

  it("names the statements that matched by the field of their policy and their Sid or index", () => {
    expect(answer({ identityPolicies: [silent, allow], resourcePolicy: api("*") })).toEqual({
      id: "1",
      decision: "allowed",
      matched: [
        { policy: "resourcePolicy", statement: 0 },
        { policy: "identityPolicies[1]", statement: "Invoke" },
      ],
    });
    expect(answer({ identityPolicies: [allow], serviceControlPolicies: [[allow], [allow, deny]] }).matched).toEqual([
      { policy: "serviceControlPolicies[1][1]", statement: 0 },
    ]);
  });

  it.each([
    ["not JSON", "{", "not JSON", null],
    [
      "a policy with a member twice",
      JSON.stringify(line({ identityPolicies: [allow] })).replace('"Effect":', '"Effect":"Deny","Effect":'),
      'identityPolicies[0].Statement[0]."Effect"',
      "1",
    ],
    ["no object", "[]", "no simulation", null],
    ["an unknown field", JSON.stringify(line({ resourcePolicies: [] })), "resourcePolicies", "1"],
    ["no caller", JSON.stringify(line({ callerArn: undefined })), "callerArn", "1"],
    ["a caller that is none", JSON.stringify(line({ callerArn: "arn:aws:iam::1:group/g" })), "group/g", "1"],
    ["no action", JSON.stringify(line({ action: undefined })), "action", "1"],
    ["a wildcard for an action", JSON.stringify(line({ action: "execute-api:*" })), "action", "1"],
    ["no resource", JSON.stringify(line({ resource: "" })), "resource", "1"],
    ["an owner that is none", JSON.stringify(line({ resourceOwner: "me" })), "resourceOwner", "1"],
    ["policies that are no list", JSON.stringify(line({ identityPolicies: allow })), "identityPolicies", "1"],
    [
      "levels that are no lists",
      JSON.stringify(line({ serviceControlPolicies: [allow] })),
      "serviceControlPolicies",
      "1",
    ],
    ["a context that is none", JSON.stringify(line({ context: [] })), "context", "1"],
    ["a value of a context that is none", JSON.stringify(line({ context: { "aws:SourceIp": [{}] } })), "context", "1"],
    ["an invalid policy", JSON.stringify(line({ identityPolicies: [{ Statement: {} }] })), "identityPolicies[0]", "1"],
  ])("with %s is invalid, and says why", (_what, text, words, id) => {
    const result = new Simulator().answer(text);
    expect(result).toMatchObject({ id, decision: "invalid" });
    expect(result.error).toContain(words);
    expect(result.matched).toBeUndefined();
  });

  it("tells the problems of all policies at once", () => {
    const broken = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "Invoke", Resource: "*" } };
    const { error } = answer({ identityPolicies: [broken], sessionPolicies: [broken], vpcEndpointPolicy: broken });
    for (const field of ["identityPolicies[0]", "sessionPolicies[0]", "vpcEndpointPolicy"])
      expect(error).toContain(field);
  });

  it("answers a policy it has seen before as it did the first time, for each API", () => {
    const simulator = new Simulator();
    const ask = (apiId: string) => {
      const resource = `arn:aws:execute-api:us-east-1:${ACCOUNT}:${apiId}/dev/GET/orders`;
      return simulator.answer(JSON.stringify(line({ resource, resourcePolicy: api("*") }))).decision;
    };
    expect([ask("one"), ask("one"), ask("two"), ask("one")]).toEqual(["allowed", "allowed", "allowed", "allowed"]);
  });
});

describe("The command simulate", () => {
  const directory = mkdtempSync(join(tmpdir(), "simulate-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  async function run(argv: readonly string[], stdin = "") {
    let [out, err] = ["", ""];
    const code = await runCommandLine(["simulate", ...argv], {
      cwd: directory,
      env: {},
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      stdin: () => Promise.resolve(stdin),
    });
    const answers = out.split("\n").filter((text) => text !== "");
    return { code, err, answers: answers.map((text) => JSON.parse(text) as { id: unknown; decision: string }) };
  }

  it("answers a line for a line, in order, and goes on behind a bad one", async () => {
    const lines = [line({ id: 1, identityPolicies: [allow] }), "nonsense", line({ id: "three" })];
    writeFileSync(
      join(directory, "in.jsonl"),
      `${lines.map((l) => (typeof l === "string" ? l : JSON.stringify(l))).join("\n\n")}\r\n`,
    );
    const { code, answers } = await run(["in.jsonl"]);
    expect(code).toBe(0);
    expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
      [1, "allowed"],
      [null, "invalid"],
      ["three", "implicitDeny"],
    ]);
  });

  it("reads standard input for -, and characters that other formats end lines at", async () => {
    const { answers } = await run(["-"], JSON.stringify(line({ id: "a\u2028b", identityPolicies: [allow] })));
    expect(answers).toEqual([
      { id: "a\u2028b", decision: "allowed", matched: [{ policy: "identityPolicies[0]", statement: "Invoke" }] },
    ]);
  });

  it("streams many lines, and text of more than one byte across the borders of what is read", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify(line({ id: `é${i}`, identityPolicies: [allow] })),
    );
    writeFileSync(join(directory, "many.jsonl"), many.join("\n"));
    const { answers } = await run(["many.jsonl"]);
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 20_000 }, (_, i) => `é${i}`));
    expect(answers.every(({ decision }) => decision === "allowed")).toBe(true);
  });

  it("has nothing to say of nothing", async () => {
    expect(await run(["-"], "")).toEqual({ code: 0, err: "", answers: [] });
  });

  it.each([["missing.jsonl"], ["."]])("cannot read %s: exit code 2, and says so", async (file) => {
    const { code, err, answers } = await run([file]);
    expect([code, answers]).toEqual([2, []]);
    expect(err).toContain(`${file}: cannot be read`);
  });
});
