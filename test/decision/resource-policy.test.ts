import { prepareEngine } from "../../proof/decision/engine";
import type { Assumptions } from "../../proof/decision/ports";
import type { NetworkPosition } from "../../proof/decision/types";
import { ADMITTED, decide, here, inVpc } from "./resource-policies";
import { ACCOUNT, allowAll, allowing, answer, api, caller, denyAll, model, policy, status } from "./support";

describe("without a resource policy", () => {
  it.each(ADMITTED)("a public API is open to whom its own check admits: %s", async (_, auth, assumptions) => {
    expect(status(await decide(auth, assumptions, {}, here))).toBe("allow");
  });

  it.each(ADMITTED)("a private API is closed to everyone: %s (O PUB:16213442286)", async (_, auth, assumptions) => {
    const decision = await decide(auth, assumptions, { endpointType: "PRIVATE" }, inVpc);
    expect(answer(decision)).toMatch(
      /^403 User: .* because no resource-based policy allows the execute-api:Invoke action$/,
    );
  });
});

describe("a resource policy with a Deny only", () => {
  const denyOffice = [{ ...denyAll, Condition: { IpAddress: { "aws:SourceIp": "198.51.100.0/24" } } }];
  it.each<[string, "allow" | 403]>([
    ["NONE", 403],
    ["AWS_IAM", "allow"],
    ["CUSTOM", "allow"],
    ["COGNITO_USER_POOLS", 403],
  ])("%s: %s to whom it does not deny (D 2.4)", async (type, expected) => {
    const [, auth, assumptions] = ADMITTED.find(([name]) => name === type) ?? ADMITTED[0] ?? ["", { type: "NONE" }, {}];
    expect(status(await decide(auth, assumptions, { policy: policy(denyOffice) }, here))).toBe(expected);
  });
});

describe("a resource policy without any statement", () => {
  it.each<[string, "allow" | 403]>([
    ["NONE", 403],
    ["AWS_IAM", "allow"],
    ["CUSTOM", "allow"],
    ["COGNITO_USER_POOLS", 403],
  ])("is a policy that is silent: %s %s (UNCONFIRMED, the safe side)", async (type, expected) => {
    const [, auth, assumptions] = ADMITTED.find(([name]) => name === type) ?? ADMITTED[0] ?? ["", { type: "NONE" }, {}];
    expect(status(await decide(auth, assumptions, { policy: policy([]) }, here))).toBe(expected);
  });
});

describe("an AWS principal in a resource policy matches no one on a method that is not AWS_IAM (D create-attach)", () => {
  const grant = [{ ...allowAll, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }];
  it.each<[string, "allow" | 403]>([
    ["NONE", 403],
    ["AWS_IAM", "allow"],
    ["CUSTOM", "allow"],
    ["COGNITO_USER_POOLS", 403],
  ])("%s: %s", async (type, expected) => {
    const [, auth, assumptions] = ADMITTED.find(([name]) => name === type) ?? ADMITTED[0] ?? ["", { type: "NONE" }, {}];
    expect(status(await decide(auth, assumptions, { policy: policy(grant) }, here))).toBe(expected);
  });
});

describe("the three console templates", () => {
  const S = "execute-api:/*/*/*";
  const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: S };
  const accounts = [
    {
      ...allow,
      Principal: { AWS: [`arn:aws:iam::${ACCOUNT}:root`, "arn:aws:iam::444455556666:role/reader"] },
      Resource: [S],
    },
  ];
  const ranges = [
    { ...allow, Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] } } },
    allow,
  ];
  const own = [allowing("GET/orders")];
  it.each<[string, unknown[], Assumptions, NetworkPosition, "allow" | 403]>([
    [
      "account allow list, a listed role",
      accounts,
      { caller: caller({ account: "444455556666", identityPolicies: own }) },
      here,
      "allow",
    ],
    [
      "account allow list, another role of that account",
      accounts,
      { caller: caller({ account: "444455556666", role: "other", identityPolicies: own }) },
      here,
      403,
    ],
    ["account allow list, the own account", accounts, { caller: caller({ identityPolicies: own }) }, here, "allow"],
    [
      "account allow list, another account",
      accounts,
      { caller: caller({ account: "777788889999", identityPolicies: own }) },
      here,
      403,
    ],
    ["IP range deny list, inside", ranges, { caller: caller() }, here, 403],
    ["IP range deny list, inside with IPv6", ranges, { caller: caller() }, { sourceIp: "2001:db8::1" }, 403],
    ["IP range deny list, outside", ranges, { caller: caller() }, { sourceIp: "198.51.100.1" }, "allow"],
  ])("%s: %s", async (_, statements, assumptions, network, expected) => {
    expect(status(await decide({ type: "AWS_IAM" }, assumptions, { policy: policy(statements) }, network))).toBe(
      expected,
    );
  });
});

it("an invalid policy stops the engine with the place and the statement of each problem", () => {
  const bad = policy([
    { ...allowAll, Effect: "Maybe" },
    { ...allowAll, Condition: { IpAdress: { "aws:SourceIp": "x" } } },
  ]);
  expect(() => prepareEngine(model([api({ policy: bad })]))).toThrow(
    /main\.tf\.json: aws_api_gateway_rest_api_policy\.api\.policy: statement 0[^]*Maybe[^]*statement 1[^]*IpAdress/,
  );
});
