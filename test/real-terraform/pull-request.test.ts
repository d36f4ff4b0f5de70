import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Gateway } from "../../proof/gateway/gateway";
import { startGateway } from "../../proof/gateway/gateway";
import { silent } from "../../proof/gateway/reporter";
import { loadModel } from "../../proof/model/load";
import type { Review } from "../../scripts/deliver/review";
import { motoIsInstalled, startMoto, type Moto } from "../../scripts/terraform/moto";
import { findTerraform } from "../../scripts/terraform/tools";
import { startIssues, type Issues } from "./issues";
import { copyOfTheProject, deliver, edit, git } from "./project";

const API = "portcullis-dev-public-api";
const STACKS = ["--stack", "*-identity", "--stack", `*-public-api`];
const publicRoute = (path: string): string =>
  `  { verb: "GET", path: "${path}", protection: publicRoute({ reason: "Anybody may read it." }), handler: "health" },\n]);`;

if (findTerraform() === undefined || !motoIsInstalled()) {
  process.stderr.write(
    "\n!!! NOT RUN: a pull request with real Terraform. Install Terraform 1.10 or newer and moto.\n\n",
  );
  it("lacks what it takes to play a pull request on this machine", () =>
    expect(findTerraform() === undefined || !motoIsInstalled()).toBe(true));
} else {
  let moto: Moto;
  let project: string;
  let gateway: Gateway | undefined;
  const run = (...args: string[]) => deliver(project, args, { ...moto.env, CI: "true" });
  const addRoute = (path: string): void => {
    edit(join(project, "environments", "routes.ts"), "]);", publicRoute(path));
    git(project, "commit", "-qam", `Add ${path}`);
  };
  const serial = (): unknown =>
    (JSON.parse(readFileSync(join(project, `terraform.${API}.tfstate`), "utf8")) as { serial: unknown }).serial;
  const review = (): Review["stacks"][number] | undefined =>
    (JSON.parse(readFileSync(join(project, "reviews", "dev", "review.json"), "utf8")) as Review).stacks.find(
      ({ name }) => name === API,
    );
  const release = (target: string, ...more: string[]) =>
    run("release", "dev", ...STACKS, ...more, "--probe-option=--target", `--probe-option=${API}=${target}`);
  /** API Gateway, asked and changed by hand: behind Terraform's back. */
  const apiGateway = async <T>(path: string, ...patchOperations: readonly object[]): Promise<T> => {
    const authorization = "AWS4-HMAC-SHA256 Credential=local/20260101/eu-west-1/apigateway/aws4_request";
    const change = { method: "PATCH", body: JSON.stringify({ patchOperations }) };
    const answer = await fetch(`${moto.endpoint}${path}`, {
      headers: { authorization, "content-type": "application/json" },
      ...(patchOperations.length === 0 ? {} : change),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const restApi = async (): Promise<string> =>
    `/restapis/${(await apiGateway<{ item: { id: string }[] }>("/restapis")).item[0]?.id}`;
  /** The deployment that the stage serves. */
  const served = async (): Promise<unknown> =>
    (await apiGateway<Record<string, unknown>>(`${await restApi()}/stages/dev`))["deploymentId"];
  const serve = async (): Promise<Gateway> => {
    await gateway?.close();
    const directory = join(project, "cdktf.out");
    const load = async () => loadModel(directory, { environment: "dev" });
    return (gateway = await startGateway({ directory, load, port: 0, reporter: silent }));
  };

  beforeAll(async () => {
    moto = await startMoto("111111111111");
    project = copyOfTheProject();
    writeFileSync(join(project, "access-allowed.json"), '{ "accepted": [] }\n');
    git(project, "init", "-q", "-b", "main");
    git(project, "add", "--", ".", ":!node_modules");
    git(project, "commit", "-qm", "Base");
    const { code, stderr } = await run("deploy", "dev", "--auto-approve", ...STACKS);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(async () => {
    await gateway?.close();
    await moto.close();
    rmSync(project, { recursive: true, force: true });
  });

  it("is red as long as nobody accepted the access it gives, and says whom it lets in", async () => {
    git(project, "switch", "-qc", "status");
    addRoute("/status");
    const { code, stderr } = await run("access", "dev", "--base", "main");
    expect(stderr).toContain("gained: GET /status for anonymous");
    expect(code).toBe(1);
  });

  it("gets one comment: access first, then the plan, the full text folded", async () => {
    const { code, stdout, stderr } = await run("review", "dev", ...STACKS);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/portcullis-dev-identity +no changes/);
    expect(review()).toMatchObject({ result: "planned", digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { stdout: comment } = await run("comment", "--print");
    const places = [
      "## dev",
      "/status",
      "Access was gained that is not accepted yet",
      `| \`${API}\` | ⚠️ `,
      "⚠️ replaced: `aws_api_gateway_deployment.",
      "<details><summary>portcullis-dev-public-api: the full plan</summary>",
      "will be created",
    ].map((part) => comment.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(comment.length).toBeLessThan(65_536);
  });

  it("is green once a reviewer accepted exactly that", async () => {
    const { stderr } = await run("access", "dev", "--base", "main");
    const ids = [...stderr.matchAll(/"id":"([0-9a-f]{12})"/g)].map(([, id]) => id);
    expect(ids.length).toBeGreaterThan(0);
    const accepted = ids.map((id) => ({ id, reason: "The status page is public.", expires: "2099-12-31" }));
    writeFileSync(join(project, "access-allowed.json"), JSON.stringify({ accepted }));
    git(project, "commit", "-qam", "Accept it");
    const { code, stderr: after } = await run("access", "dev", "--base", "main");
    expect({ code, after: code === 0 ? "" : after }).toEqual({ code: 0, after: "" });
  });

  it("is applied as reviewed after the merge, and probed", async () => {
    git(project, "switch", "-q", "main");
    git(project, "merge", "-q", "status");
    const { code, stdout, stderr } = await release(`${(await serve()).url}/dev`);
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/portcullis-dev-public-api +deployed/);
    expect(stdout).toMatch(/[1-9]\d* answered as predicted, 0 differently/);
  });

  it("is refused as stale where something else was merged after the review, and nothing is applied", async () => {
    addRoute("/about");
    await run("review", "dev", ...STACKS);
    addRoute("/imprint");
    const before = serial();
    const { code, stderr } = await release("http://127.0.0.1:1/dev");
    expect(stderr).toContain("The plan is stale: reviewed was");
    expect(stderr).toMatch(/run the deployment again with it accepted: [0-9a-f]{64}/);
    expect(code).toBe(1);
    expect(serial()).toBe(before);
  });

  it("is applied once the newer plan is accepted; where the probe fails, the stage goes back to what it served", async () => {
    const before = await served();
    const { stderr: refusal } = await release("http://127.0.0.1:1/dev");
    const digest = /accepted: ([0-9a-f]{64})/.exec(refusal)?.[1] ?? "";
    const { code, stderr } = await release("http://127.0.0.1:1/dev", "--accept", digest);
    expect(stderr).toContain("The probe failed: portcullis-dev-public-api/dev serve what they served before.");
    expect(code).toBe(1);
    const state = readFileSync(join(project, `terraform.${API}.tfstate`), "utf8");
    const after = await served();
    expect(after).not.toBe(before);
    // A snapshot of its own: Terraform deleted the deployment that was served before, and knows only the new one.
    expect(state).not.toContain(`"${String(after)}"`);
  });

  describe("What is deployed otherwise than configured", () => {
    let issues: Issues;
    let url: string;
    /** What the scheduled workflow runs, step by step. */
    const night = async () => {
      const probe = ["--probe-option=--target", `--probe-option=${API}=${url}/dev`];
      const found = await run("drift", "dev", ...STACKS, ...probe);
      expect({ code: found.code, stderr: found.code === 0 ? "" : found.stderr }).toEqual({ code: 0, stderr: "" });
      const written = issues.written.length;
      const issue = await deliver(project, ["issue"], { ...process.env, ...issues.env });
      expect({ code: issue.code, stderr: issue.stderr }).toEqual({ code: 0, stderr: "" });
      return issues.written.slice(written);
    };

    beforeAll(async () => {
      issues = await startIssues();
      ({ url } = await serve());
    });
    afterAll(() => issues.close());

    it("opens one issue: here for the stage that was taken back after its release", async () => {
      expect(await night()).toEqual(["POST /issues"]);
      expect(issues.all[0]?.body).toMatch(
        /`portcullis-dev-public-api`: 1 to change\n {2}- update: `aws_api_gateway_stage\./,
      );
    });

    it("rewrites that issue when a method and the policy are changed by hand, and says that the stage is older", async () => {
      const api = await restApi();
      const { item } = await apiGateway<{ item: { id: string; path: string }[] }>(`${api}/resources`);
      const orders = item.find(({ path }) => path === "/orders")?.id;
      await apiGateway(`${api}/resources/${orders}/methods/GET`, {
        op: "replace",
        path: "/authorizationType",
        value: "NONE",
      });
      const open = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "*" };
      const value = JSON.stringify({ Version: "2012-10-17", Statement: [open] });
      await apiGateway(api, { op: "replace", path: "/policy", value });
      expect(await night()).toEqual(["PATCH /issues/1"]);
      const body = issues.all[0]?.body ?? "";
      expect(body).toMatch(/update: `aws_api_gateway_method\.\S*orders/i);
      expect(body).toMatch(/update: `aws_api_gateway_rest_api_policy\./);
      expect(body).toContain(
        `stage \`${API}/dev\` is older: It serves another resource policy than the one configured`,
      );
    });

    it("closes the issue when it is put right, and opens none while it stays so", async () => {
      const { code, stderr } = await run("deploy", "dev", "--auto-approve", ...STACKS);
      expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      expect(await night()).toEqual(["POST /issues/1/comments", "PATCH /issues/1"]);
      expect(issues.all.map(({ state }) => state)).toEqual(["closed"]);
      const again = await deliver(project, ["issue"], { ...process.env, ...issues.env });
      expect({ code: again.code, issues: issues.all.length }).toEqual({ code: 0, issues: 1 });
    });
  });
}
