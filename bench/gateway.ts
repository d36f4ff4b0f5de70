/**
 * `node --import tsx bench/gateway.ts [FILE]`: requests a second over HTTP through `serve`, and the processor time of the
 * gateway's own process for each (Linux), which other work on the machine changes less. FILE is another checkout's
 * `bin/portcullis.js`.
 */

import { execFileSync, spawn } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { directoryOf, shop } from "../test/gateway/directory";

const bin = process.argv[2] ?? join(__dirname, "..", "bin", "portcullis.js");
const connections = 8;
const seconds = 3;

const rest_api_id = "${aws_api_gateway_rest_api.shop.id}";
const allow = (Principal?: string) => ({
  Effect: "Allow",
  ...(Principal === undefined ? {} : { Principal }),
  Action: "execute-api:Invoke",
  Resource: "execute-api:/live/GET/*",
});

/** A GET route with a mock integration behind it, so that nothing but the gateway is measured. */
function mocked(name: string, authorization: object) {
  const at = { rest_api_id, resource_id: `\${aws_api_gateway_resource.${name}.id}`, http_method: "GET" };
  return {
    aws_api_gateway_resource: {
      [name]: { rest_api_id, parent_id: "${aws_api_gateway_rest_api.shop.root_resource_id}", path_part: name },
    },
    aws_api_gateway_method: { [name]: { ...at, ...authorization } },
    aws_api_gateway_integration: {
      [name]: { ...at, type: "MOCK", request_templates: { "application/json": '{"statusCode":200}' } },
    },
    aws_api_gateway_method_response: { [name]: { ...at, status_code: "200" } },
    aws_api_gateway_integration_response: {
      [name]: { ...at, status_code: "200", response_templates: { "application/json": '{"ok":true}' } },
    },
  };
}

function configuration(): object {
  const authorizer = (name: string) => ({ authorizer_id: `\${aws_api_gateway_authorizer.${name}.id}` });
  const parts = [
    mocked("mock", { authorization: "NONE" }),
    mocked("iam", { authorization: "AWS_IAM" }),
    mocked("pool", { authorization: "COGNITO_USER_POOLS", ...authorizer("members") }),
    mocked("custom", { authorization: "CUSTOM", ...authorizer("token") }),
    {
      aws_api_gateway_rest_api_policy: {
        shop: {
          rest_api_id,
          policy: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              allow("*"),
              { ...allow("*"), Effect: "Deny", Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } } },
              { ...allow("*"), Effect: "Deny", Resource: "execute-api:/live/*/admin/*" },
            ],
          }),
        },
      },
      aws_api_gateway_authorizer: {
        members: {
          name: "members",
          rest_api_id,
          type: "COGNITO_USER_POOLS",
          provider_arns: ["${aws_cognito_user_pool.members.arn}"],
        },
      },
      aws_cognito_user_pool: { members: { name: "members" } },
      aws_cognito_user_pool_client: { app: { name: "app", user_pool_id: "${aws_cognito_user_pool.members.id}" } },
    },
  ];
  const merged: Record<string, Record<string, object>> = {};
  for (const part of parts) {
    for (const [type, named] of Object.entries(part)) merged[type] = { ...merged[type], ...named };
  }
  return shop(merged);
}

const credentials = { accessKeyId: "AKIABENCH00000000001", secretAccessKey: "bench" };

/** The header form of Signature Version 4, for a path of plain characters and no query. */
function signature(host: string, path: string): string {
  const hash = (data: string) => createHash("sha256").update(data).digest("hex");
  const mac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const time = new Date().toISOString().replace(/\.\d+|[-:]/g, "");
  const scope = `${time.slice(0, 8)}/eu-west-1/execute-api/aws4_request`;
  const names = "host;x-amz-date";
  const canonical = `GET\n${path}\n\nhost:${host}\nx-amz-date:${time}\n\n${names}\n${hash("")}`;
  const key = scope.split("/").reduce<string | Buffer>(mac, `AWS4${credentials.secretAccessKey}`);
  const signed = mac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hash(canonical)}`).toString("hex");
  const stamp = `Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signed}`;
  return `X-Amz-Date: ${time}\r\nAuthorization: AWS4-HMAC-SHA256 ${stamp}\r\n`;
}

/** Requests one after the other on one connection, until the time is over. @returns how many were answered */
function load(port: number, request: string, status: number, until: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(request));
    let [answers, received] = [0, ""];
    socket.setNoDelay(true);
    socket.setEncoding("latin1");
    socket.on("error", reject);
    socket.on("data", (chunk: string) => {
      received += chunk;
      const head = received.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (head === -1 || received.length < head + 4 + length) return;
      if (!received.startsWith(`HTTP/1.1 ${status} `)) return reject(new Error(received));
      [answers, received] = [answers + 1, ""];
      if (performance.now() < until) socket.write(request);
      else socket.end(() => resolve(answers));
    });
  });
}

/** Processor time of a process in seconds; NaN where there is no /proc. */
function used(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

async function main(): Promise<void> {
  const directory = directoryOf(configuration());
  const callers = join(directory, "..", "callers.json");
  const policy = { Version: "2012-10-17", Statement: [{ ...allow(), Resource: "*" }] };
  const caller = { ...credentials, arn: "arn:aws:iam::111111111111:user/bench", policies: [policy] };
  writeFileSync(callers, JSON.stringify({ callers: [caller] }));
  const options = ["serve", directory, "--port", "0", "--json", "--callers", callers];
  const profiling = process.env["BENCH_NODE_OPTIONS"]?.split(" ") ?? [];
  const child = spawn(process.execPath, [...profiling, bin, ...options], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const { host, port } = new URL((JSON.parse(line) as { url: string }).url);
    const token = execFileSync(process.execPath, [bin, "token", "app", "--dir", directory, "--use", "id"], {
      encoding: "utf8",
    }).trim();
    const cases: readonly (readonly [name: string, path: string, headers: string, status: number])[] = [
      ["NONE, mock", "/live/mock", "", 200],
      ["AWS_IAM, mock", "/live/iam", signature(host, "/live/iam"), 200],
      ["AWS_IAM, not signed: 403", "/live/iam", "", 403],
      ["COGNITO_USER_POOLS, mock", "/live/pool", `Authorization: ${token}\r\n`, 200],
      ["CUSTOM, the answer cached, mock", "/live/custom", "X-Token: bench\r\n", 200],
      ["NONE, Lambda proxy", "/live/open", "", 200],
      ["CUSTOM, the answer cached, Lambda proxy", "/live/a", "X-Token: bench\r\n", 200],
    ];
    for (const [name, path, headers, status] of cases) {
      const request = `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: bench\r\nAccept: */*\r\n${headers}\r\n`;
      const run = async (ms: number) => {
        const until = performance.now() + ms;
        const all = Array.from({ length: connections }, () => load(Number(port), request, status, until));
        return (await Promise.all(all)).reduce((sum, each) => sum + each, 0);
      };
      await run(1_000);
      const [from, before] = [performance.now(), used(child.pid ?? 0)];
      const answers = await run(seconds * 1_000);
      const perSecond = Math.round((answers * 1_000) / (performance.now() - from));
      const each = ((used(child.pid ?? 0) - before) / answers) * 1e6;
      console.log(
        `${name.padEnd(42)} ${perSecond.toLocaleString("en").padStart(8)} /s ${each.toFixed(0).padStart(6)} µs`,
      );
    }
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    await ended;
    rmSync(dirname(directory), { recursive: true, force: true });
  }
}

void main();
