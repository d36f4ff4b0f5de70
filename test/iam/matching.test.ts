import { API, verdict } from "./helpers";

const RESOURCE = "IAM JSON policy elements: Resource";
const BLUEPRINT = "API Gateway Lambda authorizer blueprint";
const INVOKE = "Control access for invoking an API";
const GRAMMAR = "IAM JSON policy elements: Action";

const allowing = (fields: object) => ({ Effect: "Allow", Action: "*", Resource: "*", ...fields });
const without = (name: string, fields: object) => {
  const { [name]: _, ...rest } = allowing(fields) as Record<string, unknown>;
  return rest;
};

describe("A resource pattern", () => {
  it.each([
    ["*", `${API}/dev/GET/orders`, true, RESOURCE],
    [`${API}/dev/GET/orders`, `${API}/dev/GET/orders`, true, RESOURCE],
    [`${API}/dev/GET/orders`, `${API}/dev/GET/orders/`, false, RESOURCE],
    [`${API}/dev/GET/orders`, `${API}/dev/GET/order`, false, RESOURCE],
    [`${API}/dev/GET/orders`, `${API}/dev/GET/Orders`, false, RESOURCE],
    [`${API}/dev/GET/orders`, `${API}/prod/GET/orders`, false, RESOURCE],
    [`${API}/*`, `${API}/dev/GET/orders`, true, INVOKE],
    [`${API}/*`, `${API}/dev/GET/a/b/c/d`, true, INVOKE],
    [`${API}/*`, API, false, RESOURCE],
    [API, `${API}/dev/GET/orders`, false, "API Gateway resource policies: a bare execution ARN matches no request"],
    [
      `${API}/`,
      `${API}/dev/GET/orders`,
      false,
      "API Gateway resource policies: a bare execution ARN matches no request",
    ],
    [`${API}*`, `${API}/dev/GET/orders`, true, RESOURCE],
    [`${API}/dev/*/orders`, `${API}/dev/GET/orders`, true, INVOKE],
    [`${API}/dev/*/orders`, `${API}/dev/GET/v1/orders`, true, BLUEPRINT],
    [`${API}/dev/GET/*`, `${API}/dev/GET/`, true, "recorded: the root path ends in a slash"],
    [`${API}/dev/GET/`, `${API}/dev/GET/`, true, "recorded: the root path ends in a slash"],
    [`${API}/dev/GET`, `${API}/dev/GET/`, false, "recorded: the root path ends in a slash"],
    [`${API}/dev/GET/*`, `${API}/dev/POST/orders`, false, INVOKE],
    [`${API}/dev/GET/pets/*`, `${API}/dev/GET/pets/`, true, RESOURCE],
    [`${API}/dev/GET/pets/*`, `${API}/dev/GET/pets`, false, RESOURCE],
    [
      `${API}/dev/GET/pets/{petId}`,
      `${API}/dev/GET/pets/7`,
      false,
      "Control access for invoking an API: the actual path counts",
    ],
    ["arn:aws:execute-api:us-east-1:111111111111:*/dev/GET/orders", `${API}/dev/GET/orders`, true, BLUEPRINT],
    ["arn:aws:execute-api:us-east-1:111111111111:*/GET/orders", `${API}/dev/GET/orders`, true, BLUEPRINT],
    ["arn:aws:execute-api:us-east-1:111111111111:a1b2???e5/dev/GET/orders", `${API}/dev/GET/orders`, false, RESOURCE],
    ["arn:aws:execute-api:us-east-1:111111111111:a1b2????e5/dev/GET/orders", `${API}/dev/GET/orders`, true, RESOURCE],
    ["arn:aws:execute-api:*:*:*/*/GET/orders", `${API}/dev/GET/orders`, true, BLUEPRINT],
    ["arn:aws:execute-api:*:*:*", `${API}/dev/GET/orders`, true, INVOKE],
    ["arn:aws:execute-api:*", `${API}/dev/GET/orders`, true, RESOURCE],
    ["arn:*:execute-api:*:*:*/dev/*", `${API}/dev/GET/orders`, true, RESOURCE],
    ["arn:aws:execute-api:us-*-1:111111111111:a1b2c3d4e5/*", `${API}/dev/GET/orders`, true, RESOURCE],
    ["arn:aws:execute-api:eu-west-1:111111111111:a1b2c3d4e5/*", `${API}/dev/GET/orders`, false, RESOURCE],
    ["arn:aws:execute-api:us-east-1:222222222222:a1b2c3d4e5/*", `${API}/dev/GET/orders`, false, RESOURCE],
    ["arn:aws-cn:execute-api:us-east-1:111111111111:a1b2c3d4e5/*", `${API}/dev/GET/orders`, false, RESOURCE],
    [`${API}/dev/GET/order?`, `${API}/dev/GET/orders`, true, RESOURCE],
    [`${API}/dev/GET/orders?`, `${API}/dev/GET/orders`, false, RESOURCE],
    [`${API}/dev/???/orders`, `${API}/dev/GET/orders`, true, RESOURCE],
    [`${API}/dev/???/orders`, `${API}/dev/POST/orders`, false, RESOURCE],
    [`${API}/dev/GET/*s*`, `${API}/dev/GET/orders`, true, RESOURCE],
    [`${API}/dev/GET/*x*`, `${API}/dev/GET/orders`, false, RESOURCE],
    [`${API}/dev/GET/*/test/*`, `${API}/dev/GET/1/2/test/3/4`, true, RESOURCE],
    [`${API}/dev/GET/*/test/*`, `${API}/dev/GET/1-test/2`, false, RESOURCE],
    [`${API}/dev/GET/*/test/*`, `${API}/dev/GET/test/2`, false, RESOURCE],
    [`${API}/dev/GET/*/test/*`, `${API}/dev/GET/1///test///2`, true, RESOURCE],
    [`${API}/dev/GET/**`, `${API}/dev/GET/a`, true, RESOURCE],
    [`${API}/dev/GET/a*a`, `${API}/dev/GET/a`, false, RESOURCE],
    [`${API}/dev/GET/a*a`, `${API}/dev/GET/aa`, true, RESOURCE],
    [`${API}/dev/GET/a*ab*b`, `${API}/dev/GET/aab`, false, RESOURCE],
    [`${API}/dev/GET/orders`, `${API}/dev/GET/*`, false, "IAM has no wildcards in requests"],
    [`${API}/dev/GET/*`, `${API}/dev/GET/*`, true, "IAM has no wildcards in requests"],
    [`${API}/dev/GET/?`, `${API}/dev/GET/*`, true, "IAM has no wildcards in requests"],
    [`${API}/prod/GET/*`, `${API}/nonprod/GET/x`, false, INVOKE],
    [`${API}/dev/GET/a.c`, `${API}/dev/GET/abc`, false, "a full stop is no wildcard"],
    [`${API}/dev/GET/(a|b)+`, `${API}/dev/GET/a`, false, "a policy is no regular expression"],
    [`${API}/dev/GET/[ab]`, `${API}/dev/GET/a`, false, "a policy is no regular expression"],
    [`${API}/dev/GET/\\*`, `${API}/dev/GET/*`, false, "a backslash escapes nothing"],
  ])("%s against %s: %s (%s)", (pattern, resource, matches) => {
    expect(verdict(allowing({ Resource: pattern }), { resource })).toBe(matches ? "ALLOW" : "NEITHER");
    expect(verdict({ ...allowing({ Resource: pattern }), Effect: "Deny" }, { resource })).toBe(
      matches ? "DENY" : "NEITHER",
    );
    const { Resource: _, ...rest } = allowing({});
    expect(verdict({ ...rest, NotResource: pattern }, { resource })).toBe(matches ? "NEITHER" : "ALLOW");
  });

  it.each([
    [[`${API}/dev/GET/a`, `${API}/dev/GET/orders`], "NEITHER"],
    [[`${API}/dev/GET/a`, `${API}/dev/GET/b`], "ALLOW"],
    [["*"], "NEITHER"],
  ])(
    "NotResource spares what any entry of %j matches: %s (IAM JSON policy elements: NotResource)",
    (list, expected) => {
      expect(verdict(without("Resource", { NotResource: list }))).toBe(expected);
    },
  );
});

describe("An action pattern", () => {
  it.each([
    ["*", "execute-api:Invoke", true, GRAMMAR],
    ["*:*", "execute-api:Invoke", true, GRAMMAR],
    ["execute-api:*", "execute-api:Invoke", true, INVOKE],
    ["execute-api:Invoke", "execute-api:Invoke", true, INVOKE],
    ["execute-api:invoke", "execute-api:Invoke", true, GRAMMAR],
    ["EXECUTE-API:INVOKE", "execute-api:Invoke", true, GRAMMAR],
    ["execute-api:Invoke", "EXECUTE-API:invoke", true, GRAMMAR],
    ["execute-api:Inv*", "execute-api:Invoke", true, GRAMMAR],
    ["execute-api:*oke", "execute-api:Invoke", true, GRAMMAR],
    ["execute-api:Invok?", "execute-api:Invoke", true, GRAMMAR],
    ["execute-api:Invoke?", "execute-api:Invoke", false, GRAMMAR],
    ["execute-api:Invoke", "execute-api:InvalidateCache", false, INVOKE],
    ["execute-api:Inv*", "execute-api:InvalidateCache", true, INVOKE],
    ["execute-api:ManageConnections", "execute-api:Invoke", false, INVOKE],
    ["s3:*", "execute-api:Invoke", false, GRAMMAR],
    ["apigateway:*", "execute-api:Invoke", false, "the management API is another service"],
  ])("%s against %s: %s (%s)", (pattern, action, matches) => {
    expect(verdict(allowing({ Action: pattern }), { action })).toBe(matches ? "ALLOW" : "NEITHER");
    const { Action: _, ...rest } = allowing({});
    expect(verdict({ ...rest, NotAction: pattern }, { action })).toBe(matches ? "NEITHER" : "ALLOW");
  });

  it.each([
    [["s3:*", "execute-api:Invoke"], "ALLOW"],
    [["s3:*", "sts:*"], "NEITHER"],
  ])("of the list %j one is enough: %s (IAM JSON policy elements: Action)", (list, expected) => {
    expect(verdict(allowing({ Action: list }))).toBe(expected);
  });
});

describe("Statements together", () => {
  const allow = allowing({});
  const deny = { ...allow, Effect: "Deny" };
  const other = allowing({ Action: "s3:*" });
  it.each([
    [[allow], "ALLOW"],
    [[deny], "DENY"],
    [[allow, deny], "DENY"],
    [[deny, allow], "DENY"],
    [[other], "NEITHER"],
    [[other, allow], "ALLOW"],
    [[{ ...other, Effect: "Deny" }, allow], "ALLOW"],
    [[allow, allow], "ALLOW"],
  ])("%#: %j reduce to %s (Policy evaluation logic: an explicit deny overrides any allows)", (statements, expected) => {
    expect(verdict(statements)).toBe(expected);
  });

  it("may be a single object instead of a list (Grammar of the IAM JSON policy language)", () => {
    expect(verdict(allow)).toBe("ALLOW");
  });
});
