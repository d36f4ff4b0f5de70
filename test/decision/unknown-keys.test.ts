/** Condition keys that AWS gives to calls beside those of API Gateway's own table (AWS global condition context keys). */
import type { PolicyDocument, RouteAuth } from "../../proof/model/types";
import {
  ACCOUNT,
  allowAll,
  allowing,
  answer,
  ARN,
  ask,
  caller,
  denyAll,
  policy,
  request,
  returned,
  route,
  status,
  tokenAuthorizer,
} from "./support";

const sent = request("GET", "/dev/orders");
const own = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const routed = (auth: RouteAuth) => ({ routes: [route("GET", "/orders", auth)] });
const iam = routed({ type: "AWS_IAM" });
const CLOSED = "500 Internal server error";

/** What a caller is answered whose own policy allows, and denies under the condition. */
const deniedUnder = (Condition: object, more: Parameters<typeof caller>[0] = {}) =>
  ask(iam, sent, {
    caller: caller({ identityPolicies: [policy([own, { ...own, Effect: "Deny", Condition }])], ...more }),
  });

describe("every signed call has keys that say where it goes and that no AWS service makes it", () => {
  it.each<[string, string]>([
    ["aws:RequestedRegion", "us-east-1"],
    ["aws:ResourceAccount", ACCOUNT],
    ["aws:ViaAWSService", "false"],
    ["aws:PrincipalIsAWSService", "false"],
  ])("%s is %s in policies of IAM, AWS global condition context keys", async (key, value) => {
    expect(status(await deniedUnder({ StringEquals: { [key]: value } }))).toBe(403);
    expect(status(await deniedUnder({ StringEquals: { [key]: "another" } }))).toBe("allow");
    expect(status(await deniedUnder({ StringNotEquals: { [key]: value } }))).toBe("allow");
    expect(status(await deniedUnder({ Null: { [key]: "false" } }))).toBe(403);
  });

  it("and no calls before them, as every call that no service passes on", async () => {
    expect(status(await deniedUnder({ Null: { "aws:CalledVia": "false" } }))).toBe("allow");
    expect(status(await deniedUnder({ Null: { "aws:SourceAccount": "false" } }))).toBe("allow");
  });

  it("is told in a variable as well", async () => {
    const identityPolicies = [
      policy([{ ...own, Condition: { StringEquals: { "aws:PrincipalAccount": "${aws:ResourceAccount}" } } }]),
    ];
    expect(status(await ask(iam, sent, { caller: caller({ identityPolicies }) }))).toBe("allow");
  });
});

describe("a key that a call may have, and of which nothing says what it holds, is never taken to be absent", () => {
  it.each<[string, Parameters<typeof caller>[0]]>([
    ["aws:ResourceOrgID", {}],
    ["aws:ResourceTag/stage", {}],
    ["aws:PrincipalOrgPaths", {}],
    ["aws:SourceIdentity", {}],
    ["aws:Ec2InstanceSourceVpc", {}],
    ["execute-api:viaDomainArn", {}],
    ["accounts.google.com:aud", {}],
    ["saml:aud", {}],
    ["aws:userid", { madeUpId: true }],
  ])("%s: the request is refused, and told of it", async (key, more) => {
    const decision = await deniedUnder({ StringEquals: { [key]: "one" } }, more);
    expect(answer(decision)).toBe(CLOSED);
    const last = decision.trace.at(-1);
    expect(last).toMatchObject({ step: "identity-policy", result: "unresolved", source: { statement: 1 } });
    expect(last?.because).toMatch(/^It cannot be told whether statement 1 of /);
    expect(last?.because).toContain(`nothing says what ${key} holds`);
  });

  it("and of a statement with a Sid, by that", async () => {
    const denying = {
      ...own,
      Sid: "Elsewhere",
      Effect: "Deny",
      Condition: { StringEquals: { "aws:SourceIdentity": "x" } },
    };
    const decision = await ask(iam, sent, { caller: caller({ identityPolicies: [policy([own, denying])] }) });
    expect(decision.trace.at(-1)?.because).toMatch(/^It cannot be told whether statement Elsewhere of /);
  });

  it("and a pattern for every value says nothing of a key that may not be there", async () => {
    expect(answer(await deniedUnder({ StringLike: { "aws:SourceIdentity": "*" } }))).toBe(CLOSED);
  });

  it.each([
    ["a variable of a value", { StringEquals: { "aws:PrincipalAccount": "${aws:userid}" } }, {}],
    ["one variable of several", { StringEquals: { "aws:PrincipalAccount": "${aws:SourceIp}${aws:userid}" } }, {}],
    ["a variable of the resource", {}, { Resource: "arn:aws:execute-api:*:*:*/${aws:userid}/*" }],
    ["one resource of several", {}, { Resource: [`${ARN}/dev/GET/elsewhere`, `${ARN}/dev/GET/\${aws:userid}`] }],
    [
      "one condition of several",
      { IpAddress: { "aws:SourceIp": "203.0.113.7" }, StringLike: { "aws:userid": "A?*" } },
      {},
    ],
    ["two conditions of one statement", { StringLike: { "aws:userid": "A?*", "aws:SourceIdentity": "A?*" } }, {}],
  ])("nor in %s", async (_, Condition, more) => {
    const denying = { ...own, Effect: "Deny", Condition, ...more };
    const who = caller({ madeUpId: true, identityPolicies: [policy([own, denying])] });
    const decision = await ask(iam, sent, { caller: who });
    expect(answer(decision)).toBe(CLOSED);
    expect(decision.trace.at(-1)?.because).toContain("aws:userid");
  });

  it.each([
    ["*:session", 403],
    ["AROA*:session", 403],
    ["*:another", "allow"],
    ["AIDA*", "allow"],
    ["AROAEXAMPLE*:session", 500],
    ["*1:session", 500],
    [["*:another", "AROAEXAMPLE*:session"], 500],
    [["*:another", "*:session"], 403],
  ])("but for the id of a role the name of its session is known: %s", async (pattern, expected) => {
    expect(status(await deniedUnder({ StringLike: { "aws:userid": pattern } }, { madeUpId: true }))).toBe(expected);
  });

  it("and that the id is there, which is told of no other such key", async () => {
    expect(status(await deniedUnder({ Null: { "aws:userid": "false" } }, { madeUpId: true }))).toBe(403);
    expect(status(await deniedUnder({ Null: { "aws:userid": "true" } }, { madeUpId: true }))).toBe("allow");
    expect(status(await deniedUnder({ Null: { "aws:SourceIdentity": "false" } }))).toBe(500);
    expect(status(await deniedUnder({ StringLike: { "aws:SourceIdentity": "*" } }))).toBe(500);
  });

  it("unless nothing depends on it", async () => {
    const doubtful = { ...own, Condition: { StringEquals: { "aws:ResourceOrgID": "o-a" } } };
    const as = async (...statements: object[]) =>
      status(await ask(iam, sent, { caller: caller({ identityPolicies: [policy(statements)] }) }));
    expect(await as(own, doubtful)).toBe("allow");
    expect(await as({ ...own, Effect: "Deny" }, doubtful)).toBe(403);
    expect(await as({ ...doubtful, Effect: "Deny" })).toBe(403);
    expect(await as(doubtful)).toBe(500);
    expect(await as(own, { ...doubtful, Effect: "Deny", Action: "s3:GetObject" })).toBe("allow");
    expect(await as(own, { ...doubtful, Effect: "Deny", Resource: `${ARN}/dev/GET/elsewhere` })).toBe("allow");
    const never = { ...doubtful.Condition, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
    expect(await as(own, { ...doubtful, Effect: "Deny", Condition: never })).toBe("allow");
  });

  const perhaps = { ...own, Condition: { StringEquals: { "aws:ResourceOrgID": "o-a" } } };
  it.each<[string, (limit: PolicyDocument) => Parameters<typeof caller>[0]]>([
    ["a permissions boundary", (limit) => ({ permissionsBoundary: limit })],
    ["a session policy", (limit) => ({ sessionPolicies: [limit] })],
    ["a service control policy", (limit) => ({ serviceControlPolicies: [[policy([own])], [limit]] })],
  ])("also of %s, whose Allow is needed as well", async (_, limitedBy) => {
    const as = async (...statements: object[]) =>
      status(
        await ask(iam, sent, {
          caller: caller({ identityPolicies: [policy([own])], ...limitedBy(policy(statements)) }),
        }),
      );
    expect(await as(perhaps)).toBe(500);
    expect(await as(own, { ...perhaps, Effect: "Deny" })).toBe(500);
    expect(await as(own, perhaps)).toBe("allow");
    expect(await as({ ...own, Action: "s3:GetObject" }, { ...perhaps, Effect: "Deny" })).toBe(403);
  });

  it("and of a Deny of all but a role, which meets whoever has a permissions boundary (D NotPrincipal)", async () => {
    const { principal } = caller();
    const NotPrincipal = { AWS: [principal.principalArn, principal.arn, `arn:aws:iam::${ACCOUNT}:root`] };
    const { Principal: _, ...denying } = denyAll;
    const world = { ...iam, policy: policy([allowAll, { ...denying, NotPrincipal, Condition: perhaps.Condition }]) };
    expect(status(await ask(world, sent, { caller: caller() }))).toBe("allow");
    const bounded = caller({ permissionsBoundary: policy([own]) });
    const decision = await ask(world, sent, { caller: bounded });
    expect(answer(decision)).toBe(CLOSED);
    expect(decision.trace.at(-1)).toMatchObject({ result: "unresolved", source: { statement: 1 } });
  });

  it("while keys of other services, and of sessions where there is none, are not in the call", async () => {
    expect(status(await deniedUnder({ Null: { "s3:prefix": "false" } }))).toBe("allow");
    expect(status(await deniedUnder({ Null: { "aws:RequestTag/a": "false" } }))).toBe("allow");
    const { issuedAt: _, ...user } = caller({
      identityPolicies: [policy([own, { ...own, Effect: "Deny", Condition: { Null: { "saml:aud": "false" } } }])],
    });
    expect(status(await ask(iam, sent, { caller: user }))).toBe("allow");
  });
});

describe("whether keys that API Gateway does not list are in calls as its resource policies see them is UNCONFIRMED", () => {
  const auths: readonly [string, RouteAuth][] = [
    ["NONE", { type: "NONE" }],
    ["AWS_IAM", { type: "AWS_IAM" }],
    ["CUSTOM", { type: "CUSTOM", authorizer: tokenAuthorizer() }],
  ];
  const from = request("GET", "/dev/orders", { headers: [["Authorization", "t"]] });
  const assumed = {
    caller: caller({ identityPolicies: [allowing("*")] }),
    authorizerResult: returned([{ ...own, Action: "*" }]),
  };
  const answered = async (auth: RouteAuth, Condition: object) =>
    ask({ ...routed(auth), policy: policy([allowAll, { ...denyAll, Condition }]) }, from, assumed);

  it.each(auths)("what differs with and without one is refused: %s", async (_, auth) => {
    for (const key of ["aws:RequestedRegion", "aws:SourceArn"]) {
      const decision = await answered(auth, { StringEquals: { [key]: "us-east-1" } });
      expect(answer(decision)).toBe(CLOSED);
      expect(decision.trace.at(-1)).toMatchObject({ result: "unresolved", source: { statement: 1 } });
      expect(decision.trace.at(-1)?.because).toContain(key);
    }
  });

  it.each(auths)("what does not differ is decided: %s", async (_, auth) => {
    const perimeter = { BoolIfExists: { "aws:PrincipalIsAWSService": "false", "aws:ViaAWSService": "false" } };
    expect(status(await answered(auth, perimeter))).toBe(403);
    const elsewhere = { StringEquals: { "aws:ResourceAccount": "999999999999" } };
    expect(status(await answered(auth, elsewhere))).toBe("allow");
  });

  const told = { ...allowAll, Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } } };
  it.each<[string, readonly object[], string, "allow" | number]>([
    ["an Allow", [told], "resource-policy", 500],
    ["an Allow beside another", [allowAll, told], "resource-policy", "allow"],
    ["an Allow beside a Deny", [denyAll, told], "resource-policy", 403],
    ["a Deny beside another", [denyAll, { ...told, Effect: "Deny" }], "resource-policy", 403],
    ["a Deny where nothing is allowed", [{ ...told, Effect: "Deny" }], "resource-policy", 403],
  ])("for callers whom nobody signed, %s under one comes to %s", async (_, statements, step, expected) => {
    const decision = await ask({ ...routed({ type: "NONE" }), policy: policy(statements) }, sent);
    expect(status(decision)).toBe(expected);
    expect(decision.trace.at(-1)).toMatchObject({ step });
  });

  it("and a Deny where nothing is allowed matters to a Lambda authorizer, which may allow itself", async () => {
    const custom = routed({ type: "CUSTOM", authorizer: tokenAuthorizer() });
    const decision = await ask({ ...custom, policy: policy([{ ...told, Effect: "Deny" }]) }, from, assumed);
    expect(answer(decision)).toBe(CLOSED);
  });

  it("and whom nobody signed an AWS_IAM route tells to sign, before any policy is asked", async () => {
    const decision = await ask({ ...iam, policy: policy([{ ...told, Effect: "Deny" }]) }, sent);
    expect(answer(decision)).toBe("403 Missing Authentication Token");
  });

  it("and where one stands in a variable, whatever it is compared with", async () => {
    const Condition = { StringNotEquals: { "aws:SourceIp": "${aws:ResourceAccount}" } };
    const Resource = `${ARN}/dev/GET/\${aws:ResourceAccount}`;
    for (const denying of [{ Condition }, { Resource }]) {
      const world = { ...routed({ type: "NONE" }), policy: policy([allowAll, { ...denyAll, ...denying }]) };
      expect(answer(await ask(world, sent))).toBe(CLOSED);
    }
    expect(status(await deniedUnder(Condition))).toBe(403);
  });

  it("and so is what an authorizer returns", async () => {
    const Condition = { StringEquals: { "aws:RequestedRegion": "us-east-1" } };
    const result = returned([own, { ...own, Effect: "Deny", Condition }]);
    const decision = await ask(routed({ type: "CUSTOM", authorizer: tokenAuthorizer() }), from, {
      authorizerResult: result,
    });
    expect(answer(decision)).toBe(CLOSED);
    expect(decision.trace.at(-1)).toMatchObject({ step: "authorizer-policy", result: "unresolved" });
  });
});
