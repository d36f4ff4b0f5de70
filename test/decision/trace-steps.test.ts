import type { World } from "./support";
import { allowAll, ask, caller, policy, request, route, source } from "./support";

describe("what ends a request before anything is evaluated is told with where it stands", () => {
  const stage = (name: string) => ({ name, variables: {}, source: source(`aws_api_gateway_stage.${name}`) });
  const long = `/dev/${"x".repeat(1600)}`;
  const routes = [
    route("GET", "/orders"),
    route("PUT", "/orders"),
    route("GET", "/lines"),
    route("GET", "/{a}", { type: "AWS_IAM" }),
  ];
  const API = "aws_api_gateway_rest_api.api";
  it.each<[string, World, string, string, string, RegExp, string]>([
    [
      "one stage",
      { routes },
      "GET",
      "/prod/orders",
      "stage missing",
      /begins with no stage of the API\. Its stages: \/dev\.$/,
      API,
    ],
    [
      "two stages",
      { routes, stages: [stage("a"), stage("b")] },
      "GET",
      "/",
      "stage missing",
      /Its stages: \/a, \/b\.$/,
      API,
    ],
    ["no stage", { routes, stages: [] }, "GET", "/", "stage missing", /Its stages: none\.$/, API],
    [
      "a verb that is missing",
      { routes },
      "POST",
      "/dev/orders",
      "route missing",
      /protected by AWS_IAM\. At this path there is GET, PUT\. Define/,
      API,
    ],
    [
      "a path that is missing",
      { routes },
      "GET",
      "/dev/a/b",
      "route missing",
      /^No route serves GET \/a\/b, .* protected by AWS_IAM\. Define/,
      API,
    ],
    [
      "a disabled endpoint",
      { routes, disableExecuteApiEndpoint: true },
      "GET",
      "/dev/orders",
      "stage deny",
      /endpoint is disabled/,
      API,
    ],
    [
      "a long path of a route",
      { routes },
      "GET",
      long,
      "route deny",
      /has 1662 bytes; .* at most 1600/,
      "aws_api_gateway_method.get",
    ],
    ["a long path of none", { routes }, "POST", long, "route deny", /has 1663 bytes/, API],
  ])("%s", async (_, world, method, rawPath, expected, because, address) => {
    const headers: [string, string][] = [["Host", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"]];
    const { trace } = await ask(world, request(method, rawPath, { headers }));
    const told = trace.find(({ step, result }) => `${step} ${result}` === expected);
    expect(told?.because).toMatch(because);
    expect(told?.source?.address).toBe(address);
  });

  it("and a private API that is called from outside, after what its policies say", async () => {
    const world = { routes, endpointType: "PRIVATE" as const, policy: policy([allowAll]) };
    const { trace } = await ask(world, request("GET", "/dev/orders"));
    expect(trace.map(({ step, result }) => `${step} ${result}`)).toEqual([
      "stage matched",
      "route matched",
      "resource-policy allow",
      "network deny",
    ]);
    expect(trace.at(-1)).toMatchObject({
      because: expect.stringContaining("did not come through a VPC endpoint"),
      source: { address: API },
    });
  });

  it("and a decision holds the stage and the route as far as they are known", async () => {
    const known = async (rawPath: string) => {
      const { stage: found, route: matched } = await ask({ routes }, request("GET", rawPath));
      return [found?.name, matched?.path];
    };
    expect(await known("/prod/orders")).toEqual([undefined, undefined]);
    expect(await known("/dev/a/b")).toEqual(["dev", undefined]);
    expect(await known("/dev/orders")).toEqual(["dev", "/orders"]);
  });
});

describe("every kind of policy that limits a signed caller is a step of its own", () => {
  const at = (address: string, ...statements: unknown[]) => policy(statements, address);
  const open = { Effect: "Allow", Action: "*", Resource: "*" };
  const elsewhere = { ...open, Resource: "arn:aws:execute-api:*:*:zzzzzzzzzz/*" };
  it("in the order in which they are asked, with its own policies", async () => {
    const who = caller({
      identityPolicies: [at("identity", elsewhere)],
      permissionsBoundary: at("boundary", elsewhere),
      sessionPolicies: [at("session", elsewhere)],
      serviceControlPolicies: [[at("root", elsewhere)], [at("unit", open), at("more", elsewhere)]],
    });
    const endpoint = {
      address: "e",
      id: "vpce-a",
      vpcId: "vpc-a",
      accountId: "111122223333",
      serviceName: "s",
      policy: at("endpoint", { ...elsewhere, Principal: "*" }),
      source: source("e"),
    };
    const world: World = {
      endpointType: "PRIVATE",
      routes: [route("GET", "/orders", { type: "AWS_IAM" })],
      policy: at("api", { ...allowAll, Resource: "execute-api:/prod/*" }),
      models: { vpcEndpoints: [endpoint] },
    };
    const wire = request("GET", "/dev/orders", { network: { sourceIp: "10.0.0.1", vpc: { endpoint: "vpce-a" } } });
    const { trace } = await ask(world, wire, { caller: who });
    const told = trace.slice(3).map(({ step, result, because, source: place }) => {
      const [, name] = /(?:statement of|\) of) (.*?) applies/.exec(because) ?? [];
      return [step, result, name, place?.address];
    });
    expect(told).toEqual([
      ["identity-policy", "neither", "the organization's service control policies", "root"],
      ["identity-policy", "allow", "the organization's service control policies", "unit"],
      ["vpc-endpoint-policy", "neither", "the VPC endpoint policy", "endpoint"],
      ["resource-policy", "neither", "the resource policy", "api"],
      ["identity-policy", "neither", "the caller's identity policies", "identity"],
      ["identity-policy", "neither", "the caller's permissions boundary", "boundary"],
      ["identity-policy", "neither", "the caller's session policies", "session"],
      ["combine", "deny", undefined, undefined],
    ]);
  });

  it.each<[string, Parameters<typeof caller>[0], string]>([
    [
      "service control policies",
      { serviceControlPolicies: [[at("root", elsewhere)]] },
      "the organization's service control policies",
    ],
    ["a boundary", { permissionsBoundary: at("boundary", elsewhere) }, "the caller's permissions boundary"],
    ["session policies", { sessionPolicies: [at("session", elsewhere)] }, "the caller's session policies"],
  ])("and where %s are silent, they are named as what is needed", async (_, more, name) => {
    const world: World = { routes: [route("GET", "/orders", { type: "AWS_IAM" })] };
    const { trace } = await ask(world, request("GET", "/dev/orders"), {
      caller: caller({ identityPolicies: [at("identity", open)], ...more }),
    });
    expect(trace.at(-1)?.because).toMatch(new RegExp(`An Allow in ${name} is needed as well\\.$`));
  });
});

describe("a set of policies is told statement by statement", () => {
  const here = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const there = { ...here, Resource: "execute-api:/prod/*" };
  const words = async (statements: unknown[]) => {
    const { trace } = await ask(
      { routes: [route("GET", "/orders")], policy: policy(statements) },
      request("GET", "/dev/orders"),
    );
    return trace.at(-1)?.because ?? "";
  };
  it.each<[string, unknown[], RegExp]>([
    ["alone", [here], /^Statement 0 \(Allow\) of the resource policy applies: it allows .*\. To change that, [^.]*\.$/],
    ["beside others that do not apply", [there, here, there], /^Statement 1 .*\. To change that, [^.]*\.$/],
    [
      "beside others that do",
      [here, { ...here, Sid: "second" }, there, here],
      /\. Statements that apply as well: statement 1 'second' \(Allow\), statement 3 \(Allow\)\.$/,
    ],
  ])("one that decides, %s", async (_, statements, expected) => {
    expect(await words(statements)).toMatch(expected);
  });

  it.each<[number, number, RegExp]>([
    [1, 1, /\)\. On a method/],
    [2, 2, /\); statement 1 \(Allow\) does not apply \(/],
    [12, 12, /\)\. On a method/],
    [13, 12, /\); and 1 more\. On a method/],
  ])("of %s that do not apply %s are told", async (count, told, end) => {
    const text = await words(Array.from({ length: count }, () => there));
    expect(text.split("does not apply").length - 1).toBe(told);
    expect(text).toMatch(end);
  });

  it("and where there is none, that there is none", async () => {
    const world: World = { routes: [route("GET", "/orders", { type: "AWS_IAM" })] };
    const { trace } = await ask(world, request("GET", "/dev/orders"), { caller: caller() });
    expect(trace.at(-2)).toEqual({
      step: "identity-policy",
      result: "neither",
      because: "Nothing is in the caller's identity policies, so nothing there allows execute-api:Invoke.",
    });
  });
});

it("a private API without a policy is told as what refuses, whatever the caller's own policies say", async () => {
  const world: World = { endpointType: "PRIVATE", routes: [route("GET", "/orders", { type: "AWS_IAM" })] };
  const own = policy([{ Effect: "Allow", Action: "*", Resource: "*" }], "own");
  const { trace, decidedBy } = await ask(world, request("GET", "/dev/orders"), {
    caller: caller({ identityPolicies: [own] }),
  });
  expect(trace.at(-1)).toMatchObject({
    step: "resource-policy",
    result: "neither",
    because: expect.stringContaining("PRIVATE"),
  });
  expect(decidedBy).toBeUndefined();
});

it.each<[string, Parameters<typeof caller>[0], string]>([
  [
    "meets whoever has a permissions boundary",
    { permissionsBoundary: policy([{ Effect: "Allow", Action: "*", Resource: "*" }], "boundary") },
    "statement 0 (Allow), statement 2 (Deny).",
  ],
  ["leaves out the role that it names", {}, "statement 0 (Allow)."],
])("a Deny of all but a role %s, and the step says so (D NotPrincipal)", async (_, more, also) => {
  const who = caller(more);
  const { principalArn, arn, accountId } = who.principal;
  const all = { Action: "execute-api:Invoke", Resource: "execute-api:/*" };
  const statements = [
    { ...all, Effect: "Allow", Principal: "*" },
    { ...all, Effect: "Deny", Principal: "*" },
    { ...all, Effect: "Deny", NotPrincipal: { AWS: [principalArn, arn, `arn:aws:iam::${accountId}:root`] } },
  ];
  const world: World = { routes: [route("GET", "/orders", { type: "AWS_IAM" })], policy: policy(statements) };
  const { trace } = await ask(world, request("GET", "/dev/orders"), { caller: who });
  const told = trace.find(({ step }) => step === "resource-policy")?.because ?? "";
  expect(told.split("Statements that apply as well: ")[1]).toBe(also);
});
