import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { command } from "../../proof/cli/commands/probe";
import type { Io } from "../../proof/cli/command";
import type { Gateway } from "../../proof/gateway/gateway";
import { startGateway } from "../../proof/gateway/gateway";
import { silent } from "../../proof/gateway/reporter";
import { loadModel } from "../../proof/model/load";
import type { ProbeReport } from "../../proof/probe/report";
import { directoryOf, shop, writeConfiguration } from "../gateway/directory";

const policy = (statement: object): object => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", ...statement }],
});
const invokeAll = policy({ Action: "execute-api:Invoke", Resource: "*" });
const ROLE = "arn:aws:iam::111111111111:role/partner";
const API_KEY = "key-value-0123456789-0123456789";

/** The shop, and a role that may call one of its routes. */
const configuration = (route = "GET/signed") =>
  shop({
    aws_iam_role: {
      partner: {
        name: "partner",
        assume_role_policy: JSON.stringify(
          policy({
            Action: "sts:AssumeRole",
            Principal: { AWS: "arn:aws:iam::111111111111:root" },
            Condition: { StringEquals: { "sts:ExternalId": "external-id-1" } },
          }),
        ),
        inline_policy: [
          {
            name: "invoke",
            policy: JSON.stringify(
              policy({
                Action: "execute-api:Invoke",
                Resource: `\${aws_api_gateway_rest_api.shop.execution_arn}/live/${route}`,
              }),
            ),
          },
        ],
      },
    },
  });
const callers = {
  callers: [
    {
      accessKeyId: "AKIAOPERATOR00000001",
      secretAccessKey: "operator-secret",
      arn: "arn:aws:iam::111111111111:user/operator",
      policies: [policy({ Action: "*", Resource: "*" })],
    },
    {
      accessKeyId: "AKIAIDLE000000000001",
      secretAccessKey: "idle-secret",
      arn: "arn:aws:iam::111111111111:user/idle",
      policies: [],
    },
    {
      accessKeyId: "AKIASTRANGER00000001",
      secretAccessKey: "stranger-secret",
      arn: "arn:aws:iam::999999999999:user/stranger",
      policies: [invokeAll],
    },
  ],
};
const signedBy = (index: 0 | 1 | 2) => ({
  accessKeyId: callers.callers[index]?.accessKeyId ?? "",
  secretAccessKey: `\${SECRET_${index}}`,
});
const sources = {
  sources: [
    { who: ROLE, assumeRole: {} },
    { who: "account 111111111111 without*", credentials: signedBy(1) },
    { who: "account 111111111111", credentials: signedBy(0) },
    { who: "any other account", credentials: signedBy(2) },
    { who: "authorizer token allows", send: { headers: { "X-Token": "allow" } } },
    { who: "authorizer token does not allow", send: { headers: { "X-Token": "deny" } } },
  ],
};

describe("portcullis probe against a gateway", () => {
  const proven = directoryOf(configuration());
  const served = directoryOf(configuration());
  const file = (name: string): string => join(proven, "..", name);
  let gateway: Gateway;

  beforeAll(async () => {
    writeFileSync(file("callers.json"), JSON.stringify(callers));
    writeFileSync(file("sources.json"), JSON.stringify(sources));
    gateway = await startGateway({
      directory: served,
      load: async () => loadModel(served),
      port: 0,
      callersFile: file("callers.json"),
      reporter: silent,
    });
    process.env["AWS_ACCESS_KEY_ID"] = "AKIAOPERATOR00000001";
    process.env["AWS_SECRET_ACCESS_KEY"] = "operator-secret";
  });
  afterAll(async () => {
    delete process.env["AWS_ACCESS_KEY_ID"];
    delete process.env["AWS_SECRET_ACCESS_KEY"];
    await gateway.close();
  });

  const serve = async (changed: object): Promise<void> => {
    writeConfiguration(served, changed);
    await gateway.reload();
  };
  const run = async (values: Record<string, string | boolean | string[]> = {}) => {
    const said = { out: "", err: "" };
    const io: Io = {
      cwd: proven,
      env: {
        AWS_ENDPOINT_URL: gateway.url,
        SECRET_0: "operator-secret",
        SECRET_1: "idle-secret",
        SECRET_2: "stranger-secret",
        API_KEY,
      },
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      stdin: () => Promise.resolve(""),
    };
    const code = await command.run(
      io,
      { target: [`${gateway.url}/live`], sources: file("sources.json"), rate: "500", json: true, ...values },
      [proven],
    );
    return { code, ...said };
  };
  const rows = (out: string): { differ: string[]; agree: number; notProbed: string[] } => {
    const report = JSON.parse(out) as ProbeReport;
    const names = (list: ProbeReport["differ"]) => list.map(({ method, path, who }) => `${method} ${path} as ${who}`);
    return { differ: names(report.differ), agree: report.agree, notProbed: names(report.notProbed) };
  };

  it("finds every row of the matrix answered as predicted", async () => {
    await serve(configuration());
    const { code, out } = await run();
    expect(rows(out)).toEqual({ differ: [], agree: 14, notProbed: [] });
    expect(code).toBe(0);
  });

  it("reaches this machine by any name under localhost, and signs for that name", async () => {
    await serve(configuration());
    const { code, out } = await run({ target: [`http://shop.localhost:${new URL(gateway.url).port}/live`] });
    expect(rows(out)).toEqual({ differ: [], agree: 14, notProbed: [] });
    expect(code).toBe(0);
  });

  it("counts what was not answered apart from what was answered otherwise, and fails", async () => {
    await serve(configuration());
    const dropping = createServer((request, response) => {
      if (request.url === "/live/open") return void response.destroy();
      response.writeHead(403, { "x-amzn-ErrorType": "MissingAuthenticationTokenException" }).end();
    });
    await new Promise<void>((resolve) => dropping.listen(0, "127.0.0.1", resolve));
    const { port } = dropping.address() as AddressInfo;
    const { code, out } = await run({ target: [`http://127.0.0.1:${port}/live`], sources: "", json: false });
    dropping.close();
    expect(out).toMatch(/^NO ANSWER {2}GET \/open as anonymous\n {4}There was no answer: socket hang up$/m);
    expect(out).toMatch(/ differently, 2 not at all, 8 not probed\.$/m);
    expect(out).not.toContain("DIFFERS  GET /open");
    expect(code).toBe(1);
  });

  it.each([
    [
      "a route that was open asks for a signature",
      () => {
        const changed = configuration();
        const { resource } = changed as { resource: { aws_api_gateway_method: { open: { authorization: string } } } };
        resource.aws_api_gateway_method.open.authorization = "AWS_IAM";
        return changed;
      },
      ["GET /open as anonymous"],
    ],
    ["a partner's policy names another route", () => configuration("GET/other"), [`GET /signed as ${ROLE}`]],
    [
      "an authorizer is taken off a route",
      () => {
        const changed = configuration();
        const { resource } = changed as { resource: { aws_api_gateway_method: Record<string, object> } };
        const { authorizer_id: _gone, ...a } = resource.aws_api_gateway_method["a"] as { authorizer_id: string };
        resource.aws_api_gateway_method["a"] = { ...a, authorization: "NONE" };
        return changed;
      },
      ["GET /a as anonymous", "GET /a as authorizer token does not allow"],
    ],
  ])("reports exactly the affected rows where %s", async (_what, changed, differ) => {
    await serve(changed());
    const { code, out } = await run();
    expect({ ...rows(out), agree: 0 }).toEqual({ differ, agree: 0, notProbed: [] });
    expect(code).toBe(1);
  });

  it("sends what needs no source where there are none, and says why it left out the rest", async () => {
    await serve(configuration());
    const { code, out } = await run({ sources: "", json: false });
    expect(out).toContain("6 answered as predicted, 0 differently, 8 not probed.");
    expect(out).toContain("8 not probed: No source says how to speak as them (--sources).");
    expect(code).toBe(0);
  });

  describe("where methods ask for an API key and validate their requests", () => {
    const admitted = [
      "GET /open as anonymous",
      "GET /signed as account 111111111111",
      `GET /signed as ${ROLE}`,
      "GET /a as authorizer token allows",
    ];
    const behind = () => {
      const changed = configuration() as { resource: Record<string, Record<string, object>> };
      const methods = changed.resource["aws_api_gateway_method"] ?? {};
      const rest_api_id = "${aws_api_gateway_rest_api.shop.id}";
      for (const name of ["open", "signed", "a"]) methods[name] = { ...methods[name], api_key_required: true };
      methods["b"] = {
        ...methods["b"],
        request_validator_id: "${aws_api_gateway_request_validator.all.id}",
        request_parameters: { "method.request.querystring.day": true },
      };
      Object.assign(changed.resource, {
        aws_api_gateway_request_validator: { all: { rest_api_id, name: "all", validate_request_parameters: true } },
        aws_api_gateway_api_key: { partner: { name: "partner", value: API_KEY } },
        aws_api_gateway_usage_plan: {
          basic: { name: "basic", api_stages: [{ api_id: rest_api_id, stage: "live" }] },
        },
        aws_api_gateway_usage_plan_key: {
          partner: {
            key_id: "${aws_api_gateway_api_key.partner.id}",
            key_type: "API_KEY",
            usage_plan_id: "${aws_api_gateway_usage_plan.basic.id}",
          },
        },
      });
      return changed;
    };
    beforeAll(async () => {
      writeConfiguration(proven, behind());
      await serve(behind());
      for (const [name, apiKey] of Object.entries({ keyed: "${API_KEY}", wrong: "another-value-0123456789" })) {
        writeFileSync(file(`${name}.json`), JSON.stringify({ sources: [{ who: "*", apiKey }, ...sources.sources] }));
      }
    });
    afterAll(() => writeConfiguration(proven, configuration()));

    it("sends the key that a source has, signed with the rest, and lets the validator's 400 count as let in", async () => {
      const { code, out } = await run({ sources: file("keyed.json") });
      expect(rows(out)).toEqual({ differ: [], agree: 14, notProbed: [] });
      expect(code).toBe(0);
    });

    it("leaves out who is refused for want of a key, and holds the others to what authorization says", async () => {
      const { code, out } = await run();
      expect(rows(out)).toEqual({ differ: [], agree: 10, notProbed: admitted });
      const { notProbed } = JSON.parse(out) as ProbeReport;
      expect(new Set(notProbed.map(({ because }) => because))).toEqual(
        new Set(["It asks for an API key and was sent none (apiKey in --sources)."]),
      );
      expect(code).toBe(0);
    });

    it("reports who is refused with a key that was given", async () => {
      const { code, out } = await run({ sources: file("wrong.json") });
      expect(rows(out)).toEqual({ differ: admitted, agree: 10, notProbed: [] });
      expect(code).toBe(1);
    });
  });

  it("writes a test case for each row, differences as failures", async () => {
    await serve(configuration("GET/other"));
    await run({ junit: file("probe.xml") });
    const xml = readFileSync(file("probe.xml"), "utf8");
    expect(xml).toContain('<testsuites tests="14" failures="1" skipped="0">');
    expect(xml).toMatch(/GET \/signed as arn:aws:iam::111111111111:role\/partner"[^>]*><failure message="Predicted/);
  });

  it("prints no secret, neither in its answer nor where something fails", async () => {
    await serve(configuration("GET/other"));
    const { out, err } = await run({ json: false });
    for (const secret of ["operator-secret", "idle-secret", "stranger-secret", "Signature="]) {
      expect(out + err).not.toContain(secret);
    }
  });

  it("refuses a target where nobody listens", async () => {
    await expect(run({ target: ["http://127.0.0.1:1/live"], sources: "" })).rejects.toThrow(
      "--target: No request was answered. There was no answer: ",
    );
  });

  it("never exceeds its rate", async () => {
    await serve(configuration());
    const started = Date.now();
    await run({ sources: "", rate: "20" });
    expect(Date.now() - started).toBeGreaterThanOrEqual(5 * 50);
  });

  it.each([
    [{ target: [] }, "No target was given."],
    [{ target: ["https://example.com"] }, "'https://example.com' is not the URL of a stage."],
    [{ target: ["ftp://example.com/live"] }, "'ftp://example.com/live' is not the URL of a stage."],
    [{ target: ["shoe=https://example.com/live"] }, "There is no API 'shoe'.\n  Give NAME=URL. Known: shop."],
    [{ rate: "0" }, "'0' is not a number of requests per second"],
    [{ "source-ip": "here" }, "'here' is not an IP address."],
    [{ sources: "nowhere.json" }, "The sources cannot be read: ENOENT"],
  ])("refuses %j", async (values, message) => {
    await expect(run(values as Record<string, string | string[]>)).rejects.toThrow(message);
  });

  it.each([
    [
      '{"sources":[{"who":"anybody","who":"partner","assumeRole":{}}]}',
      'Stands twice in one object: sources[0]."who".',
    ],
    ['{"sources":[],"secret', "It is not JSON, from line 1, column 15 on."],
  ])("refuses the sources %s, of which it would read a part, and quotes no secret", async (written, message) => {
    writeFileSync(file("twice.json"), written);
    await expect(run({ sources: file("twice.json") })).rejects.toThrow(`${file("twice.json")}: ${message}`);
  });
});
