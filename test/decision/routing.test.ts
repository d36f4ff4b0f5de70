import { readPath } from "../../proof/decision/path";
import { compileRoutes } from "../../proof/decision/routes";
import { allowAll, answer, ARN, ask, policy, request, route } from "./support";

const ROUTES = [
  "GET /",
  "POST /test",
  "ANY /test/any",
  "OPTIONS /{proxy+}",
  "GET /part1",
  "GET /part1/hardcoded-value",
  "GET /{proxy+}",
  "GET /orders/{id}",
  "DELETE /orders/{id}",
  "GET /orders/latest",
  "ANY /orders/{id}/lines/{line}",
  "GET /orders/{id}/lines/first",
  "PUT /files/{path+}",
  "GET /files/{path+}",
  "ANY /mixed",
  "GET /mixed",
];

const tree = compileRoutes(
  ROUTES.map((text) => {
    const [method = "", path = ""] = text.split(" ");
    return route(method, path);
  }),
);

function routed(method: string, rawPath: string): string {
  const found = tree.match(method, readPath(rawPath));
  return found === undefined ? "none" : `${found.route.method} ${found.route.path}`;
}

const RECORDED = "R LocalStack TestApigatewayRouting";
const RECORDED_EVENTS = "R LocalStack test_lambda_aws_proxy_integration";
const DOCUMENTED = "D set up a method, greedy path variables";
const INFERRED = "inferred from the recorded ones";
const SAFE = "UNCONFIRMED, the safe side";

describe("a request is served by the most specific route that has its verb", () => {
  it.each([
    ["POST", "/dev/test", "POST /test", RECORDED],
    ["OPTIONS", "/dev/test", "OPTIONS /{proxy+}", RECORDED],
    ["OPTIONS", "/dev/test/any", "ANY /test/any", RECORDED],
    ["GET", "/dev/test/any", "ANY /test/any", RECORDED],
    ["GET", "/dev/part1", "GET /part1", RECORDED],
    ["GET", "/dev/part1/hardcoded-value", "GET /part1/hardcoded-value", RECORDED],
    ["GET", "/dev/part1/random-value", "GET /{proxy+}", RECORDED],
    ["DELETE", "/dev/random-non-existing", "none", "R LocalStack test_routing_not_found"],
    ["POST", "/dev/part1", "none", "R LocalStack test_routing_not_found"],
    ["GET", "/dev/orders/latest", "GET /orders/latest", INFERRED],
    ["DELETE", "/dev/orders/latest", "DELETE /orders/{id}", INFERRED],
    ["GET", "/dev/orders/7", "GET /orders/{id}", DOCUMENTED],
    ["GET", "/dev/orders/7/lines/first", "GET /orders/{id}/lines/first", INFERRED],
    ["PUT", "/dev/orders/7/lines/first", "ANY /orders/{id}/lines/{line}", INFERRED],
    ["GET", "/dev/orders/latest/lines/2", "ANY /orders/{id}/lines/{line}", "inferred: a literal that leads nowhere"],
    ["GET", "/dev/orders/7/other", "GET /{proxy+}", INFERRED],
    ["GET", "/dev/files/a/b/c", "GET /files/{path+}", DOCUMENTED],
    ["PUT", "/dev/files/a", "PUT /files/{path+}", DOCUMENTED],
    ["DELETE", "/dev/files/a", "none", INFERRED],
    ["GET", "/dev/files", "GET /{proxy+}", "D a greedy variable takes at least one segment"],
    ["GET", "/dev/mixed", "GET /mixed", "D ANY covers the verbs that are not set up"],
    ["PATCH", "/dev/mixed", "ANY /mixed", "D ANY covers the verbs that are not set up"],
    ["HEAD", "/dev/mixed", "ANY /mixed", "D verbs of ANY"],
    ["TRACE", "/dev/mixed", "none", "D verbs of ANY"],
    ["CONNECT", "/dev/test/any", "none", "D verbs of ANY"],
    ["get", "/dev/mixed", "none", "RFC 9110: methods are case-sensitive"],
    ["GET", "/dev", "GET /", DOCUMENTED],
    ["GET", "/dev/", "GET /", DOCUMENTED],
    ["OPTIONS", "/dev/", "none", "D a greedy variable takes at least one segment"],
    ["GET", "/dev/part1/", "GET /part1", RECORDED_EVENTS],
    ["GET", "/dev/part1///", "GET /part1", RECORDED_EVENTS],
    ["GET", "/dev//part1", "GET /part1", RECORDED_EVENTS],
    ["GET", "//dev/part1", "GET /part1", RECORDED_EVENTS],
    ["GET", "/dev/orders/a%2Fb", "GET /orders/{id}", "O aws-sdk-net: execute-api does not decode %2F"],
    ["GET", "/dev/%6Frders/7", "GET /{proxy+}", SAFE],
    ["GET", "/dev/public/../orders/7", "GET /orders/{id}", SAFE],
    ["GET", "/dev/./orders/7", "GET /orders/{id}", SAFE],
    ["GET", "/dev/../../dev/orders/7", "GET /orders/{id}", SAFE],
    ["GET", "/dev/orders/..", "GET /", SAFE],
    ["GET", "/dev/Part1", "GET /{proxy+}", INFERRED],
  ])("%s %s: %s (%s)", (method, rawPath, expected) => {
    expect(routed(method, rawPath)).toBe(expected);
  });
});

describe("a segment of a template is a variable only in braces of its own", () => {
  const odd = compileRoutes(
    ["/{a", "/b}", "/{c}d", "/e{f}", "/{}", "/{g+}h/i", "/{x-y.z}/{w+}"].map((path) => route("GET", path)),
  );
  it.each<[string, string | undefined, Record<string, string> | undefined]>([
    ["/dev/{a", "/{a", {}],
    ["/dev/b}", "/b}", {}],
    ["/dev/{c}d", "/{c}d", {}],
    ["/dev/e{f}", "/e{f}", {}],
    ["/dev/{}", "/{}", {}],
    ["/dev/{g+}h/i", "/{g+}h/i", {}],
    ["/dev/1/2/3", "/{x-y.z}/{w+}", { "x-y.z": "1", w: "2/3" }],
    ["/dev/anything", undefined, undefined],
  ])("%s is served by %s", (rawPath, path, pathParameters) => {
    const found = odd.match("GET", readPath(rawPath));
    expect([found?.route.path, found?.pathParameters]).toEqual([path, pathParameters]);
  });

  it("and slashes that a template ends in are no segment", () => {
    const trailing = compileRoutes([route("GET", "/orders/")]);
    expect(trailing.match("GET", readPath("/dev/orders"))?.route.path).toBe("/orders/");
  });
});

describe("path parameters", () => {
  it.each<[string, Record<string, string>, string]>([
    ["/dev/orders/7", { id: "7" }, DOCUMENTED],
    ["/dev/orders/a%2Bb", { id: "a%2Bb" }, RECORDED_EVENTS],
    ["/dev/orders/7/lines/2", { id: "7", line: "2" }, DOCUMENTED],
    ["/dev/files/a/b", { path: "a/b" }, DOCUMENTED],
    ["/dev/files/a/b/", { path: "a/b" }, RECORDED_EVENTS],
    ["/dev/files/a//b", { path: "a//b" }, RECORDED_EVENTS],
    ["/dev//files/a", { path: "a" }, RECORDED_EVENTS],
    ["//dev//files//a///b//c//", { path: "a///b//c" }, RECORDED_EVENTS],
    ["/dev/files/a//./b", { path: "a/b" }, SAFE],
    ["/dev/files/a//../b", { path: "b" }, SAFE],
    ["/dev/files/x/../a//b", { path: "a//b" }, SAFE],
    ["/dev/files/...", { path: "..." }, INFERRED],
    [
      "/dev/files/user/test%2Balias@gmail.com/plus/test+alias@gmail.com",
      { path: "user/test%2Balias@gmail.com/plus/test+alias@gmail.com" },
      RECORDED_EVENTS,
    ],
    ["/dev/files/a/../b", { path: "b" }, SAFE],
    ["/dev/part1", {}, DOCUMENTED],
  ])("of %s are %j (%s)", (rawPath, expected) => {
    expect(tree.match("GET", readPath(rawPath))?.pathParameters).toEqual(expected);
  });
});

describe("the method ARN", () => {
  const world = { routes: [route("GET", "/"), route("GET", "/orders/{id}"), route("ANY", "/files/{path+}")] };
  it.each([
    ["GET", "/dev/", "/dev/GET/", "O hyp3#2283: the root ends in a slash"],
    ["GET", "/dev", "/dev/GET/", "O hyp3#2283"],
    ["GET", "/dev/orders/7", "/dev/GET/orders/7", "D the actual path, not the template"],
    ["PUT", "/dev/files/a/b", "/dev/PUT/files/a/b", "D the concrete verb for ANY"],
    ["GET", "/dev/orders/7/", "/dev/GET/orders/7", "O trailing slashes are stripped"],
    ["GET", "/dev//orders/7", "/dev/GET/orders/7", "same path as routed"],
    ["GET", "/dev/orders/a%2Fb", "/dev/GET/orders/a%2Fb", "same path as routed"],
    ["GET", "/dev/x/../orders/7", "/dev/GET/orders/7", "same path as signed"],
    ["GET", "/dev/files/*", "/dev/GET/files/*", "a star in a request is a literal character"],
  ])("of %s %s is …%s (%s)", async (method, rawPath, expected) => {
    expect((await ask(world, request(method, rawPath))).methodArn).toBe(`${ARN}${expected}`);
  });
});

describe("what is no route", () => {
  const world = { routes: [route("GET", "/orders")] };
  const forbidden = "403 Forbidden";
  const missing = "403 Missing Authentication Token";
  it.each([
    ["GET", "/", forbidden, "O stage segment missing"],
    ["GET", "/orders", forbidden, "O stage segment missing"],
    ["GET", "/prod/orders", forbidden, "O stage segment wrong"],
    ["GET", "/DEV/orders", forbidden, "inferred: stage names are case-sensitive"],
    ["GET", "/dev/nope", missing, "R LocalStack test_routing_not_found"],
    ["POST", "/dev/orders", missing, "R LocalStack test_routing_not_found"],
  ])("%s %s is answered %s (%s)", async (method, rawPath, expected) => {
    expect(answer(await ask(world, request(method, rawPath)))).toBe(expected);
  });

  it("is a refusal also where the default endpoint is disabled and the request names it", async () => {
    const disabled = { ...world, disableExecuteApiEndpoint: true };
    const host = (name: string) => request("GET", "/dev/orders", { headers: [["Host", name]] });
    expect(answer(await ask(disabled, host("a1b2c3d4e5.execute-api.us-east-1.amazonaws.com")))).toBe(forbidden);
    expect(answer(await ask(disabled, host("api.example.com")))).toBe("allow");
    expect(answer(await ask(disabled, request("GET", "/dev/orders", { headers: [] })))).toBe("allow");
    expect(answer(await ask(world, host("a1b2c3d4e5.execute-api.us-east-1.amazonaws.com")))).toBe("allow");
  });
});

describe("a method ARN of more than 1,600 bytes", () => {
  const long = (bytes: number) => {
    const prefix = `${ARN}/dev/GET/files/`;
    return request("GET", `/dev/files/${"x".repeat(bytes - prefix.length)}`);
  };
  const open = { routes: [route("GET", "/files/{path+}")] };
  it.each([
    [
      "is answered 414 where the method has authorization",
      { routes: [route("GET", "/files/{path+}", { type: "AWS_IAM" as const })] },
      1601,
      "414 Request URI too long",
    ],
    [
      "still reaches authorization at exactly 1,600",
      { routes: [route("GET", "/files/{path+}", { type: "AWS_IAM" as const })] },
      1600,
      "403 Missing Authentication Token",
    ],
    [
      "is answered 414 where there is a policy",
      { ...open, policy: policy([allowAll]) },
      1601,
      "414 Request URI too long",
    ],
    ["passes where there is neither authorization nor policy", open, 1601, "allow"],
    ["is answered 414 where no route exists", { routes: [] }, 1601, "414 Request URI too long"],
    [
      "is answered 414 on a private API",
      { ...open, endpointType: "PRIVATE" as const },
      1601,
      "414 Request URI too long",
    ],
  ])("%s", async (_, world, bytes, expected) => {
    expect(answer(await ask(world, long(bytes)))).toBe(expected);
  });
});
