import type { PolicyKind } from "../../proof/iam";
import { problemsOf } from "./helpers";

const GRAMMAR = "Grammar of the IAM JSON policy language";
const plain = { Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" };
const { Resource: _, ...trusting } = { ...plain, Action: "sts:AssumeRole", Principal: "*" };
const policy = (Statement: unknown) => ({ Version: "2012-10-17", Statement });

/** A statement that is right for policies of its kind. */
const RIGHT: Readonly<Record<PolicyKind, object>> = {
  identity: plain,
  boundary: plain,
  session: plain,
  "service-control": plain,
  authorizer: plain,
  resource: { ...plain, Principal: "*" },
  "vpc-endpoint": { ...plain, Principal: "*" },
  trust: trusting,
};

/** For each kind, whether its statements hold a Principal, a NotPrincipal, a Resource, a Sid of any characters. */
describe.each<[PolicyKind, boolean, boolean, boolean, boolean, string]>([
  ["identity", false, false, true, false, GRAMMAR],
  ["boundary", false, false, true, false, GRAMMAR],
  ["session", false, false, true, false, GRAMMAR],
  ["service-control", false, false, true, false, GRAMMAR],
  ["resource", true, true, true, true, "API Gateway resource policies"],
  ["vpc-endpoint", true, true, true, true, "Control access to VPC endpoints using endpoint policies"],
  ["trust", true, false, false, false, "recorded: Has prohibited field Resource."],
  ["authorizer", false, false, true, true, "Output from an API Gateway Lambda authorizer"],
])("A statement of a policy of kind %s", (kind, principal, notPrincipal, resource, anySid, source) => {
  const right = RIGHT[kind];
  const without = (name: string) => Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
  const accepted = (statement: object) => problemsOf(policy(statement), kind).length === 0;

  it(`is read with what it needs (${source})`, () => {
    expect(accepted(right)).toBe(true);
    expect(accepted({ ...right, Sid: "Plain1" })).toBe(true);
  });

  it(`${principal ? "needs" : "holds no"} Principal (${source})`, () => {
    expect(accepted({ ...without("Principal"), Principal: "*" })).toBe(principal);
    expect(accepted(without("Principal"))).toBe(!principal);
  });

  it(`${notPrincipal ? "may hold" : "holds no"} NotPrincipal (${source})`, () => {
    expect(accepted({ ...without("Principal"), NotPrincipal: "*" })).toBe(notPrincipal);
  });

  it(`${resource ? "needs" : "holds no"} Resource or NotResource (${source})`, () => {
    expect(accepted({ ...without("Resource"), Resource: "*" })).toBe(resource);
    expect(accepted({ ...without("Resource"), NotResource: "*" })).toBe(resource);
    expect(accepted(without("Resource"))).toBe(!resource);
  });

  it(`${anySid ? "may have" : "has no"} Sid of other characters than letters and digits (${source})`, () => {
    for (const Sid of ["Allow the partner", "a-b", " a", "a "]) expect(accepted({ ...right, Sid })).toBe(anySid);
  });
});
