import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { command } from "../../scripts/deliver/commands/reviewed";
import type { Io } from "../../scripts/deliver/command";
import { GitHub } from "../../scripts/deliver/github";

const MERGED = "a".repeat(40);
const HEAD = "b".repeat(40);
const user = { login: "github-actions[bot]" };
let server: Server;
let env: NodeJS.ProcessEnv;
let calls: { method: string; url: string; body: unknown; authorization: string | undefined }[];
let answers: Record<string, unknown>;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const { method = "", url = "" } = request;
      calls.push({
        method,
        url,
        body: body === "" ? undefined : JSON.parse(body),
        authorization: request.headers.authorization,
      });
      const path = url.replace("/repos/o/r", "");
      const found = Object.entries(answers).find(([key]) => `${method} ${path}`.startsWith(key))?.[1];
      if (found instanceof Uint8Array) response.end(found);
      else if (found === undefined) response.writeHead(403).end('{"message":"Resource not accessible by integration"}');
      else response.end(JSON.stringify(found));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  env = { GITHUB_TOKEN: "token-1", GITHUB_REPOSITORY: "o/r", GITHUB_API_URL: `http://127.0.0.1:${port}` };
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
beforeEach(() => {
  calls = [];
  answers = {};
});
const written = () =>
  calls.filter(({ method }) => method !== "GET").map(({ method, url, body }) => [method, url, body]);

describe("The comment on a pull request", () => {
  it("is added where there is none, with the job's token", async () => {
    answers = { "GET /issues/7/comments": [{ id: 1, body: "hello" }], "POST /issues/7/comments": {} };
    await new GitHub(env).keepComment(7, "<!-- m -->", "<!-- m --> new");
    expect(written()).toEqual([["POST", "/repos/o/r/issues/7/comments", { body: "<!-- m --> new" }]]);
    expect(calls[0]?.authorization).toBe("Bearer token-1");
  });

  it("is rewritten where there is one, also behind a hundred others", async () => {
    const others = Array.from({ length: 100 }, (_, id) => ({ id, body: "x" }));
    answers = {
      "GET /issues/7/comments?per_page=100&page=1": others,
      "GET /issues/7/comments?per_page=100&page=2": [{ id: 500, body: "<!-- m --> old", user }],
      "PATCH /issues/comments/500": {},
    };
    await new GitHub(env).keepComment(7, "<!-- m -->", "<!-- m --> new");
    expect(written()).toEqual([["PATCH", "/repos/o/r/issues/comments/500", { body: "<!-- m --> new" }]]);
  });

  it("of a stranger who wrote the marker is left alone: who wrote it could change what it says", async () => {
    const stranger = { id: 3, body: "<!-- m --> nothing is gained", user: { login: "stranger" } };
    answers = { "GET /issues/7/comments": [stranger], "POST /issues/7/comments": {} };
    await new GitHub(env).keepComment(7, "<!-- m -->", "<!-- m --> new");
    expect(written()).toEqual([["POST", "/repos/o/r/issues/7/comments", { body: "<!-- m --> new" }]]);
  });

  it("that may not be written says which permission is missing, and no token", async () => {
    answers = { "GET /issues/7/comments": [] };
    const failure = new GitHub(env).keepComment(7, "m", "m");
    await expect(failure).rejects.toThrow("GitHub answered 403 to POST /issues/7/comments");
    await expect(failure).rejects.not.toThrow("token-1");
  });
});

describe("The issue about drift", () => {
  it.each([
    ["is opened where there is none", [], "text", [["POST", "/repos/o/r/issues", { title: "t", body: "text" }]]],
    [
      "is rewritten where there is one",
      [{ number: 3, body: "m old", user }],
      "m text",
      [["PATCH", "/repos/o/r/issues/3", { title: "t", body: "m text" }]],
    ],
    [
      "is closed when nothing drifted",
      [{ number: 3, body: "m old", user }],
      undefined,
      [
        ["POST", "/repos/o/r/issues/3/comments", { body: "Everything is as configured again." }],
        ["PATCH", "/repos/o/r/issues/3", { state: "closed", state_reason: "completed" }],
      ],
    ],
    ["is never a stranger's", [{ number: 3, body: "m", user: { login: "stranger" } }], undefined, []],
    ["is never a pull request", [{ number: 3, body: "m", user, pull_request: {} }], undefined, []],
  ])("%s", async (_what, open, body, expected) => {
    answers = { "GET /issues": open, "POST /issues": {}, "PATCH /issues": {} };
    await new GitHub(env).keepIssue("m", "t", body);
    expect(written()).toEqual(expected);
  });
});

describe("What reviewers saw", () => {
  const artifact = (files: Record<string, string>) =>
    zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
  const found = (files: Record<string, string>) => ({
    [`GET /commits/${MERGED}/pulls`]: [
      { merge_commit_sha: "c".repeat(40), merged_at: "2026-01-01", head: { sha: "d".repeat(40) } },
      { merge_commit_sha: MERGED, merged_at: "2026-01-02", head: { sha: HEAD } },
    ],
    [`GET /actions/workflows/pull-request.yml/runs?head_sha=${HEAD}`]: { workflow_runs: [{ id: 9 }, { id: 8 }] },
    "GET /actions/runs/9/artifacts?name=review-dev": { artifacts: [{ id: 5, expired: false }] },
    "GET /actions/artifacts/5/zip": artifact(files),
  });
  const run = async () => {
    const root = mkdtempSync(join(tmpdir(), "portcullis-reviewed-"));
    let err = "";
    const io = { root, env, err: (text: string) => void (err += text) } as unknown as Io;
    const code = await command.run(io, { commit: MERGED }, ["dev"]);
    return { code, root, err };
  };

  it("is fetched from the latest run for the pull request that the commit came from", async () => {
    answers = found({ "dev/review.json": "{}", "dev/p-dev-api.txt": "plan" });
    const { code, root } = await run();
    expect(readFileSync(join(root, "reviews", "dev", "p-dev-api.txt"), "utf8")).toBe("plan");
    expect(code).toBe(0);
    rmSync(root, { recursive: true });
  });

  it("is nothing for a commit that came from no pull request", async () => {
    answers = { [`GET /commits/${MERGED}/pulls`]: [] };
    const { code, root, err } = await run();
    expect(err).toContain("only plans that are accepted by their digest are applied");
    expect({ code, there: existsSync(join(root, "reviews")) }).toEqual({ code: 0, there: false });
    rmSync(root, { recursive: true });
  });

  it("cannot be written outside its folder", async () => {
    answers = found({ "../../escaped": "x" });
    await expect(run()).rejects.toThrow("'../../escaped' leads out of the artifact.");
  });
});
