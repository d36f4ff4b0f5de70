import { setTimeout as sleep } from "node:timers/promises";
import { LambdaRuntime } from "../../proof/lambda/runtime";
import type { LogLine, RuntimeOptions } from "../../proof/lambda/types";
import type { LambdaFunction } from "../../proof/model/types";
import { lambdaFunction, zip } from "./zips";

const pidAndEnvironment = "exports.handler = async () => [process.pid, process.env.A]";

describe("the runtime of functions", () => {
  const open: LambdaRuntime[] = [];
  const runtimeOf = (fn: LambdaFunction, options: RuntimeOptions = {}, before?: LambdaRuntime) => {
    const runtime = new LambdaRuntime([fn], options, before);
    open.push(runtime);
    return runtime;
  };
  const run = (source: string, event: unknown = {}, overrides: Partial<LambdaFunction> = {}) => {
    const fn = lambdaFunction(source, overrides);
    return runtimeOf(fn).invoke({ functionArn: fn.arn, event });
  };
  afterEach(() => {
    for (const runtime of open.splice(0)) runtime.close();
  });

  it.each([
    ["a promise", "exports.handler = async (event) => ({ got: event.n })", { got: 1 }],
    ["a callback", "exports.handler = (event, context, callback) => setTimeout(() => callback(null, event.n), 5)", 1],
    ["context.succeed", "exports.handler = (event, context) => { context.succeed('done'); }", "done"],
    ["nothing to wait for", "exports.handler = (event, context, callback) => {}", null],
    ["no value", "exports.handler = async () => {}", null],
    [
      "values that JSON turns into others",
      "exports.handler = async () => ({ at: new Date(0), gone: undefined })",
      { at: "1970-01-01T00:00:00.000Z" },
    ],
    [
      "a stream",
      "exports.handler = awslambda.streamifyResponse(async (e, stream) => { const s = awslambda.HttpResponseStream.from(stream, { statusCode: 201 }); s.write('a'); s.write('b'); s.end(); })",
      { statusCode: 201, body: "ab" },
    ],
  ])("gives what a handler answers by %s", async (_name, source, expected) => {
    await expect(run(source, { n: 1 })).resolves.toMatchObject({ kind: "payload", payload: expected });
  });

  it.each([
    ["throws an Error", "exports.handler = async () => { throw new TypeError('no') }", "TypeError", "no"],
    ["throws a string", "exports.handler = async () => { throw 'Unauthorized' }", "string", "Unauthorized"],
    [
      "calls back with a string",
      "exports.handler = (e, c, callback) => callback('Unauthorized')",
      "string",
      "Unauthorized",
    ],
    ["throws before its first await", "exports.handler = () => { throw new Error('early') }", "Error", "early"],
    [
      "throws outside of its promise",
      "exports.handler = () => { setTimeout(() => { throw new Error('late') }); return new Promise(() => {}) }",
      "Error",
      "late",
    ],
    [
      "leaves a rejection alone",
      "exports.handler = async () => { void Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 500)) }",
      "Runtime.UnhandledPromiseRejection",
      "lost",
    ],
    [
      "answers something that is not JSON",
      "exports.handler = async () => { const a = {}; a.a = a; return a }",
      "Runtime.MarshalError",
      /^Unable to stringify response body/,
    ],
    [
      "never settles",
      "exports.handler = async () => { await new Promise(() => {}) }",
      "Runtime.NodeJsExit",
      /never settled/,
    ],
    [
      "exits",
      "exports.handler = async () => { process.exit(7) }",
      "Runtime.ExitError",
      /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7$/,
    ],
    [
      "is killed",
      "exports.handler = async () => { process.kill(process.pid, 'SIGKILL'); await new Promise((r) => setTimeout(r, 1000)) }",
      "Runtime.ExitError",
      /signal: SIGKILL$/,
    ],
    ["is not there", "exports.other = 1", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"],
    ["does not parse", "exports.handler = async () => {", "Runtime.UserCodeSyntaxError", /^SyntaxError/],
    [
      "needs a package that is not there",
      "require('left-pad'); exports.handler = 1",
      "Runtime.ImportModuleError",
      /Cannot find module 'left-pad'/,
    ],
    ["throws while loading", "throw new RangeError('at load')", "RangeError", "at load"],
  ])("reports a handler that %s as Lambda does", async (_name, source, errorType, errorMessage) => {
    const expected = typeof errorMessage === "string" ? errorMessage : expect.stringMatching(errorMessage);
    await expect(run(source)).resolves.toMatchObject({ kind: "error", errorType, errorMessage: expected });
  });

  it("ends a function at its timeout, also one that never yields", async () => {
    const result = await run("exports.handler = async () => { for (;;); }", {}, { timeoutSeconds: 1 });
    expect(result).toMatchObject({
      kind: "error",
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/),
    });
  });

  it("goes on after a crash with a new process", async () => {
    const fn = lambdaFunction(
      "let n = 0; exports.handler = async (e) => { n += 1; if (e.die) process.exit(1); return n }",
    );
    const runtime = runtimeOf(fn);
    const counts = [];
    for (const die of [false, false, true, false]) {
      const result = await runtime.invoke({ functionArn: fn.arn, event: { die } });
      counts.push(result.kind === "payload" ? result.payload : result.kind);
    }
    expect(counts).toEqual([1, 2, "error", 1]);
  });

  it("gives each concurrent invocation a process for itself, up to the limit, and reuses them", async () => {
    const fn = lambdaFunction(
      "exports.handler = async () => { await new Promise((r) => setTimeout(r, 150)); return process.pid }",
    );
    const runtime = runtimeOf(fn, { maxInstances: 2 });
    const results = await Promise.all([1, 2, 3, 4].map(() => runtime.invoke({ functionArn: fn.arn, event: {} })));
    const pids = results.map((result) => (result.kind === "payload" ? result.payload : result));
    expect(new Set(pids).size).toBe(2);
    expect(pids).not.toContain(process.pid);
  });

  it("shows a function its own environment and none of the developer's", async () => {
    process.env["DEVELOPER_SECRET"] = "do not leak";
    const fn = lambdaFunction("exports.handler = async () => process.env", {
      environment: { TABLE: "orders", AWS_REGION: "us-west-2" },
      roleArn: "arn:aws:iam::111111111111:role/fn",
    });
    const runtime = runtimeOf(fn, {
      endpointUrl: "http://127.0.0.1:1",
      credentialsOf: (arn) => ({ accessKeyId: `key of ${arn}`, secretAccessKey: "s", sessionToken: "t" }),
    });
    const result = await runtime.invoke({ functionArn: fn.arn, event: {} });
    const environment = result.kind === "payload" ? (result.payload as Record<string, string>) : {};
    expect(environment).toMatchObject({
      TABLE: "orders",
      AWS_REGION: "eu-west-1",
      AWS_LAMBDA_FUNCTION_NAME: "fn",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "key of arn:aws:iam::111111111111:role/fn",
      _HANDLER: "index.handler",
    });
    expect(Object.values(environment)).not.toContain("do not leak");
    expect(environment["HOME"]).not.toBe(process.env["HOME"]);
  });

  it("hands the handler Lambda's context", async () => {
    const fn = lambdaFunction(
      "exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis(), getRemainingTimeInMillis: 0 })",
      { qualifiers: ["live"] },
    );
    const result = await runtimeOf(fn).invoke({ functionArn: `${fn.arn}:live`, event: {} });
    const context = result.kind === "payload" ? (result.payload as Record<string, unknown>) : {};
    expect(context).toMatchObject({
      functionName: "fn",
      functionVersion: "$LATEST",
      memoryLimitInMB: "128",
      logGroupName: "/aws/lambda/fn",
      invokedFunctionArn: `${fn.arn}:live`,
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(context["left"]).toBeGreaterThan(2000);
    expect(context["left"]).toBeLessThanOrEqual(3000);
  });

  it("hands on what a function writes, line by line with its request id", async () => {
    const lines: LogLine[] = [];
    const fn = lambdaFunction(
      "exports.handler = async (e, c) => { console.log('one', { n: 1 }); process.stdout.write('two\\n'); console.error('three'); return c.awsRequestId }",
    );
    const result = await runtimeOf(fn, { log: (line) => lines.push(line) }).invoke({ functionArn: fn.arn, event: {} });
    await sleep(50);
    const requestId = result.kind === "payload" ? result.payload : undefined;
    expect(
      lines.map(({ functionName, requestId, line }) => [functionName, requestId, line.split("\t").at(-1)]),
    ).toEqual(
      expect.arrayContaining([
        ["fn", requestId, "one { n: 1 }"],
        ["fn", requestId, "two"],
        ["fn", requestId, "three"],
      ]),
    );
  });

  it.each([
    ["index.mjs", { "index.mjs": "export const handler = async () => 'module'" }, "index.handler"],
    [
      "a package of type module",
      { "index.js": "export const handler = async () => 'module'", "package.json": '{"type":"module"}' },
      "index.handler",
    ],
    [
      "a folder and a nested export",
      { "src/app.js": "exports.api = { get: async () => 'module' }" },
      "src/app.api.get",
    ],
  ])("finds a handler in %s", async (_name, files, handler) => {
    await expect(run("", {}, { zipFile: zip(files), handler })).resolves.toMatchObject({ payload: "module" });
  });

  it("takes the new code once the zip has changed", async () => {
    const zipFile = zip({ "index.js": "exports.handler = async () => 'old'" });
    const fn = lambdaFunction("", { zipFile });
    const runtime = runtimeOf(fn);
    const first = await runtime.invoke({ functionArn: fn.arn, event: {} });
    zip({ "index.js": "exports.handler = async () => 'new code'" }, zipFile);
    await sleep(150);
    const second = await runtime.invoke({ functionArn: fn.arn, event: {} });
    expect([first, second]).toMatchObject([{ payload: "old" }, { payload: "new code" }]);
  });

  it.each([
    ["an unknown ARN", {}, "arn:aws:lambda:eu-west-1:111111111111:function:other", /no function with the ARN/],
    ["an unknown qualifier", {}, "arn:aws:lambda:eu-west-1:111111111111:function:fn:beta", /no function with the ARN/],
    [
      "a runtime that is not Node.js",
      { runtime: "python3.13" },
      undefined,
      /'python3.13' of function 'fn' cannot run here/,
    ],
    ["a zip that is not there", { zipFile: "missing.zip" }, undefined, /missing\.zip/],
  ])("says why it cannot invoke %s", async (_name, overrides, arn, because) => {
    const fn = lambdaFunction("", overrides);
    const result = await runtimeOf(fn).invoke({ functionArn: arn ?? fn.arn, event: {} });
    expect(result).toEqual({ kind: "cannot-invoke", because: expect.stringMatching(because) });
  });

  it("stops waiting when API Gateway gives up, while the function runs on", async () => {
    const fn = lambdaFunction("exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)) }");
    await expect(runtimeOf(fn).invoke({ functionArn: fn.arn, event: {}, giveUpAfterMs: 100 })).resolves.toEqual({
      kind: "gave-up",
    });
  });

  it("leaves no process behind once it is closed", async () => {
    const fn = lambdaFunction("exports.handler = async () => process.pid");
    const runtime = runtimeOf(fn);
    const result = await runtime.invoke({ functionArn: fn.arn, event: {} });
    const pid = result.kind === "payload" ? Number(result.payload) : 0;
    expect(process.kill(pid, 0)).toBe(true);
    runtime.close();
    await sleep(100);
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });

  it.each<[string, boolean, Partial<LambdaFunction>, RuntimeOptions]>([
    ["goes on with the warm process of the one before it", true, {}, {}],
    ["starts a function anew that has another environment", false, { environment: { A: "2" } }, {}],
    ["starts a function anew that has another zip", false, { zipFile: zip({ "index.js": pidAndEnvironment }) }, {}],
    ["starts functions anew where they would reach something else", false, {}, { endpointUrl: "http://127.0.0.1:1" }],
  ])("%s", async (_name, same, overrides, options) => {
    const fn = lambdaFunction(pidAndEnvironment, { environment: { A: "1" } });
    const next = { ...fn, ...overrides };
    const before = runtimeOf(fn);
    const ask = async (runtime: LambdaRuntime) => {
      const result = await runtime.invoke({ functionArn: fn.arn, event: {} });
      return result.kind === "payload" ? (result.payload as [number, string]) : [];
    };
    const [pid] = await ask(before);
    const after = runtimeOf(next, options, before);
    before.close();
    const [pidAfter, environment] = await ask(after);
    expect(pidAfter === pid).toBe(same);
    expect(environment).toBe(next.environment["A"]);
    after.close();
    await sleep(100);
    expect(() => process.kill(pid ?? 0, 0)).toThrow("ESRCH");
  });
});
