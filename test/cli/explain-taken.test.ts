/** What `explain` takes as passed, beside the signature: what stands behind authorization, and the making of a session. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Explainer } from "../../proof/cli/explain/explainer";
import type { Explanation } from "../../proof/cli/explain/explainer";
import { StateFolder } from "../../proof/local/state";
import type { Api, Model, Role, Route } from "../../proof/model/types";
import {
  ACCOUNT,
  allowing,
  api,
  ARN,
  model,
  PARTNER,
  policy,
  route,
  source,
  tokenAuthorizer,
} from "../decision/support";

const state = new StateFolder(mkdtempSync(join(tmpdir(), "portcullis-taken-")));
const warnings: string[] = [];

async function explain(file: object, loaded: Model): Promise<Explanation> {
  const explainer = new Explainer({ model: loaded, state, warn: (text) => warnings.push(text) });
  try {
    return await explainer.explain(file, "request.json");
  } finally {
    await explainer.close();
  }
}

const told = ({ status, trace }: Explanation) => [status, ...trace.map(({ step, result }) => `${step} ${result}`)];

const NOTHING = { method: "*", path: "*", throttlingBurstLimit: 0, throttlingRateLimit: 0 };

describe("A step behind authorization that is taken as passed", () => {
  const keyed = { apiKeyRequired: true };
  const checked: Partial<Route> = {
    requestValidator: { body: true, parameters: true },
    requestParameters: { "method.request.querystring.page": true },
    requestModels: { "application/json": { type: "object" } },
  };
  const asked = { method: "GET", path: "/orders" };
  const begin = ["stage matched", "route matched", "resource-policy none"];
  const of = (more: Partial<Route>, ofApi: Partial<Api> = {}) =>
    model([api({ routes: [{ ...route("GET", "/orders"), ...more }], ...ofApi })]);
  it.each<[string, Model, string[], unknown[]]>([
    ["the key", of(keyed), ["api-key"], [200, ...begin, "api-key assumed"]],
    ["the key alone", of({ ...keyed, ...checked }), ["api-key"], [400, ...begin, "api-key assumed", "validator deny"]],
    ["the validator alone", of({ ...keyed, ...checked }), ["validator"], [403, ...begin, "api-key missing"]],
    ["parameters and body", of(checked), ["validator"], [200, ...begin, "validator assumed"]],
    [
      "both, in the order of their checks",
      of({ ...keyed, ...checked }),
      ["validator", "api-key"],
      [200, ...begin, "api-key assumed", "validator assumed"],
    ],
    ["neither where the method has none", of({}), ["api-key", "validator"], [200, ...begin]],
    [
      "the throttle with the key",
      of({}, { stages: [{ name: "dev", variables: {}, source: source("s"), methodSettings: [NOTHING] }] }),
      ["api-key"],
      [200, ...begin, "api-key assumed"],
    ],
  ])("is %s", async (_, loaded, passes, expected) => {
    expect(told(await explain({ ...asked, passes }, loaded))).toEqual(expected);
  });

  it("does not admit who was refused before", async () => {
    const signed = of({ ...keyed, auth: { type: "AWS_IAM" } });
    expect(told(await explain({ ...asked, caller: null, passes: ["api-key"] }, signed)).at(0)).toBe(403);
  });

  it("says which throttle would refuse it", async () => {
    const stages = [{ name: "dev", variables: {}, source: source("s"), methodSettings: [NOTHING] }];
    const { trace } = await explain({ ...asked, passes: ["api-key"] }, of({}, { stages }));
    expect(trace.at(-1)?.because).toMatch(/^This is taken as passed: Stage dev admits 0 requests a second/);
  });

  it("is told with the method", async () => {
    const { trace } = await explain({ ...asked, passes: ["api-key"] }, of(keyed));
    expect(trace.at(-1)).toEqual({
      step: "api-key",
      result: "assumed",
      because: "The method needs an API key, which is taken as good and within its limits.",
      source: source("aws_api_gateway_method.get"),
    });
  });
});

describe("A session that somebody assumed", () => {
  const USER = `arn:aws:iam::${PARTNER}:user/ann`;
  const ROLE = `arn:aws:iam::${ACCOUNT}:role/team/partner`;
  const assume = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:*", Resource: "*" }] };
  const trusting = (...statements: object[]): Role => ({
    address: "aws_iam_role.partner",
    name: "partner",
    arn: ROLE,
    accountId: ACCOUNT,
    trustPolicy: policy(statements, "aws_iam_role.partner.assume_role_policy"),
    identityPolicies: [allowing("GET/orders")],
    tags: { team: "blue" },
    maxSessionSeconds: 3600,
    source: source("aws_iam_role.partner"),
  });
  const admitting = (Principal: unknown, more: object = {}) => ({
    Effect: "Allow",
    Principal,
    Action: "sts:AssumeRole",
    ...more,
  });
  const external = { Condition: { StringEquals: { "sts:ExternalId": "orders-7c1f" } } };
  const named = { Condition: { StringEquals: { "sts:RoleSessionName": "ann" } } };
  const office = { Condition: { IpAddress: { "aws:SourceIp": "203.0.113.0/24" } } };
  const worldOf = (...statements: object[]) =>
    model([api({ routes: [route("GET", "/orders", { type: "AWS_IAM" })] })], { roles: [trusting(...statements)] });
  const ann = { arn: USER, policies: [assume] };
  const from = (assumedBy: object, more: object = {}) => ({
    method: "GET",
    path: "/orders",
    caller: { arn: ROLE, assumedBy, ...more },
  });
  const OIDC = `arn:aws:iam::${ACCOUNT}:oidc-provider/login.example`;
  const SAML = `arn:aws:iam::${ACCOUNT}:saml-provider/staff`;
  const by = { AWS: PARTNER };

  it.each<[string, object[], object, number]>([
    ["is made where the trust policy admits them", [admitting(by)], from(ann), 200],
    ["is not where it admits others", [admitting({ AWS: ACCOUNT })], from(ann), 403],
    ["is not where their own policies are silent", [admitting(by)], from({ ...ann, policies: [] }), 403],
    [
      "is made with the external id that is asked for",
      [admitting(by, external)],
      from({ ...ann, externalId: "orders-7c1f" }),
      200,
    ],
    ["is not with another", [admitting(by, external)], from({ ...ann, externalId: "orders-7c1g" }), 403],
    ["is not without one", [admitting(by, external)], from(ann), 403],
    ["has the name that the request gives it", [admitting(by, named)], from(ann, { session: "ann" }), 200],
    [
      "has the name of the ARN",
      [admitting(by, named)],
      from(ann, { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/partner/ann` }),
      200,
    ],
    ["has no other name", [admitting(by, named)], from(ann, { session: "bob" }), 403],
    [
      "is asked for from where the request comes",
      [admitting(by, office)],
      { ...from(ann), sourceIp: "203.0.113.7" },
      200,
    ],
    ["is not asked for from elsewhere", [admitting(by, office)], { ...from(ann), sourceIp: "198.51.100.7" }, 403],
    ["needs sts:TagSession for tags of its own", [admitting(by)], from(ann, { tags: { team: "red" } }), 403],
    [
      "has them with it",
      [admitting(by, { Action: ["sts:AssumeRole", "sts:TagSession"] })],
      from(ann, { tags: { team: "red" } }),
      200,
    ],
    ["needs it not for those of the role", [admitting(by)], from(ann, { tags: { team: "blue" } }), 200],
    ["is not made by a root user", [admitting(by)], from({ arn: `arn:aws:iam::${PARTNER}:root` }), 403],
    [
      "is made by a service",
      [admitting({ Service: "lambda.amazonaws.com" })],
      from({ service: "lambda.amazonaws.com" }),
      200,
    ],
    [
      "is not by another",
      [admitting({ Service: "lambda.amazonaws.com" })],
      from({ service: "ec2.amazonaws.com" }),
      403,
    ],
    [
      "is made by a web identity",
      [admitting({ Federated: OIDC }, { Action: "sts:AssumeRoleWithWebIdentity" })],
      from({ federated: OIDC }),
      200,
    ],
    [
      "is made by a SAML identity",
      [admitting({ Federated: SAML }, { Action: "sts:AssumeRoleWithSAML" })],
      from({ federated: SAML }),
      200,
    ],
    [
      "is not by an identity that is to come otherwise",
      [admitting({ Federated: OIDC })],
      from({ federated: OIDC }),
      403,
    ],
  ])("%s", async (_, statements, file, status) => {
    expect(await explain(file, worldOf(...statements))).toMatchObject({ status });
  });

  it("is told first, with the statement that admits it and the external id", async () => {
    const world = worldOf(admitting(by, { Sid: "partner", ...external }));
    const { trace } = await explain(from({ ...ann, externalId: "orders-7c1f" }), world);
    expect(trace.map(({ step }) => step).slice(0, 4)).toEqual(["assume-role", "stage", "route", "signature"]);
    expect(trace[0]).toEqual({
      step: "assume-role",
      result: "allow",
      because: `${USER} may assume ${ROLE}: statement partner of aws_iam_role.partner.assume_role_policy and statement 0 of caller.assumedBy.policies[0] allow it. The external id is 'orders-7c1f'.`,
      source: { ...source("aws_iam_role.partner.assume_role_policy"), statement: "partner" },
    });
  });

  it("that is refused is answered as STS does, and the request is not decided", async () => {
    const { trace, body, ...answer } = await explain({ id: 7, ...from(ann) }, worldOf(admitting(by, external)));
    expect(answer).toEqual({
      id: 7,
      outcome: "deny",
      status: 403,
      errorType: "AccessDenied",
      route: null,
      methodArn: `${ARN}/dev/GET/orders`,
    });
    expect(body).toContain(
      `<Message>User: ${USER} is not authorized to perform: sts:AssumeRole on resource: ${ROLE}</Message>`,
    );
    expect(trace).toEqual([
      {
        step: "assume-role",
        result: "deny",
        because: expect.stringMatching(/^.*user\/ann may not assume .*sts:ExternalId.* No external id is sent\.$/),
        source: source("aws_iam_role.partner.assume_role_policy"),
      },
    ]);
  });

  it("is refused where it cannot be told whether it is made", async () => {
    const Condition = { StringEquals: { "aws:RequestedRegion": "us-east-1" } };
    const denying = { ...admitting(by, { Condition }), Effect: "Deny" };
    const { status, trace } = await explain(from(ann), worldOf(admitting(by), denying));
    expect(status).toBe(403);
    expect(trace).toEqual([
      {
        step: "assume-role",
        result: "unresolved",
        because: `${USER} may not assume ${ROLE}: It cannot be told whether statement 1 of aws_iam_role.partner.assume_role_policy applies: nothing says what aws:RequestedRegion holds for the caller. No external id is sent.`,
        source: source("aws_iam_role.partner.assume_role_policy"),
      },
    ]);
  });

  it("still needs what the role is allowed", async () => {
    const file = { ...from(ann), path: "/elsewhere" };
    expect(told(await explain(file, worldOf(admitting(by)))).slice(0, 2)).toEqual([403, "assume-role allow"]);
  });

  it("is said to be made by somebody of whom nothing is known", async () => {
    warnings.length = 0;
    await explain(from({ arn: USER }), worldOf(admitting(by)));
    expect(warnings).toEqual([expect.stringContaining(`${USER} stands neither in the configuration`)]);
  });

  it.each<[string, object, string]>([
    [
      "a role that is not in the configuration",
      { arn: `arn:aws:iam::${ACCOUNT}:role/other`, assumedBy: ann },
      `request.json: caller.assumedBy: 'arn:aws:iam::${ACCOUNT}:role/other' is no role of the configuration, so nothing says who may assume it. Known: ${ROLE}.`,
    ],
    ["a user", { arn: USER, assumedBy: ann }, `caller.assumedBy: '${USER}' is no role of the configuration`],
    [
      "somebody who is no caller",
      { arn: ROLE, assumedBy: { arn: "arn:aws:s3:::b" } },
      "caller.assumedBy.arn: 'arn:aws:s3:::b' is not",
    ],
  ])("cannot be of %s", async (_, caller, expected) => {
    const asked = { method: "GET", path: "/orders", caller };
    await expect(explain(asked, worldOf(admitting(by)))).rejects.toThrow(expected);
  });
});

it("An authorizer that is none of the API is told, with those that are", async () => {
  const authorizer = tokenAuthorizer();
  const loaded = model([
    api({ authorizers: [authorizer], routes: [route("GET", "/orders", { type: "CUSTOM", authorizer })] }),
  ]);
  const asked = { method: "GET", path: "/orders", headers: { Authorization: ["x"] } };
  warnings.length = 0;
  await explain({ ...asked, authorizers: ["typo"] }, loaded);
  expect(warnings).toEqual([`'typo' is no Lambda authorizer of orders. Known: ${authorizer.name}.`]);
});
