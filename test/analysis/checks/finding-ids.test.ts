import { named } from "../../../proof/analysis/checks/finding-ids";
import { prepareChecks, runChecks } from "../../../proof/analysis/checks/run";
import type { Finding } from "../../../proof/analysis/checks/run";
import type { Api, Model } from "../../../proof/model/types";
import { allowAll, api, model, policy } from "../../decision/support";
import { route, source } from "./support";

const deny = { Effect: "Deny", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/dev/GET/gone" };
const office = { ...allowAll, Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "198.51.100.0/24"] } } };
const officeReversed = {
  ...allowAll,
  Condition: { IpAddress: { "aws:SourceIp": ["198.51.100.0/24", "203.0.113.0/24"] } },
};
const iam = (path: string) => route("GET", path, { type: "AWS_IAM" });

function idsOf(world: Partial<Api>, rule = "resource-policy-bypass"): readonly string[] {
  const loaded: Model = model([api({ routes: [iam("/orders")], policy: policy([allowAll]), ...world })]);
  return named(runChecks(prepareChecks(loaded)))
    .filter((one) => one.rule === rule)
    .map(({ id }) => id);
}

const finding = (more: Partial<Finding>): Finding => ({
  rule: "unused-authorizer",
  severity: "warning",
  message: "No method uses it.",
  where: source("aws_api_gateway_authorizer.pool"),
  witness: null,
  fix: "Remove it.",
  ...more,
});

describe("the id of a finding", () => {
  const [before] = idsOf({});

  it("begins with its rule", () => {
    expect(before).toMatch(/^resource-policy-bypass:[0-9a-f]{12}$/);
  });

  it.each<[string, Partial<Api>]>([
    ["a statement is put before the one it speaks of", { policy: policy([deny, allowAll]) }],
    ["a route is added that it does not speak of", { routes: [iam("/orders"), route("GET", "/health")] }],
    ["routes are written in another order", { routes: [route("GET", "/health"), iam("/orders")] }],
  ])("stays where %s", (_, world) => {
    expect(idsOf(world)).toEqual([before]);
  });

  it.each<[string, Partial<Api>]>([
    ["it speaks of one more route", { routes: [iam("/orders"), iam("/stock")] }],
    ["its statement asks for something", { policy: policy([office]) }],
    ["its statement is for fewer methods", { policy: policy([{ ...allowAll, Resource: "execute-api:/*/GET/*" }]) }],
    ["it stands elsewhere", { policy: policy([allowAll], "aws_api_gateway_rest_api_policy.other.policy") }],
  ])("is another where %s", (_, world) => {
    const [after] = idsOf(world);
    expect([after === undefined, after === before]).toEqual([false, false]);
  });

  it("stays where its statement lists the same in another order", () => {
    expect(idsOf({ policy: policy([officeReversed]) })).toEqual(idsOf({ policy: policy([office]) }));
  });

  it("is another where a warning has become an error", () => {
    const [one, other] = named([finding({}), finding({ severity: "error" })]);
    expect(one?.id).not.toBe(other?.id);
  });

  it("stays where a file is renamed, and tells the stacks apart", () => {
    const at = (file: string) => named([finding({ where: { ...source("x"), file } })]).map(({ id }) => id);
    expect(at("plan-2.json")).toEqual(at("plan-1.json"));
    expect(at("stacks/orders/cdk.tf.json")).not.toEqual(at("stacks/stock/cdk.tf.json"));
  });

  it("is one for each of those that say the same of one place", () => {
    const ids = (count: number) => named(Array.from({ length: count }, () => finding({}))).map(({ id }) => id);
    expect(new Set(ids(3)).size).toBe(3);
    expect(ids(3).slice(0, 2)).toEqual(ids(2));
  });

  it("is the same of an invariant from wherever the command is run", () => {
    const from = (file: string) =>
      named([finding({ rule: "invariant", where: { file, address: "nobody reaches /a" } })]);
    expect(from("invariants.ts").map(({ id }) => id)).toEqual(from("../project/invariants.ts").map(({ id }) => id));
  });
});
