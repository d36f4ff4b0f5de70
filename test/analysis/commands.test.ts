import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Io } from "../../proof/cli/command";
import { runCommandLine } from "../../proof/cli/run";
import type { AccessDiff } from "../../proof/analysis/change";
import type { Matrix } from "../../proof/analysis/matrix";

const FIXTURES = resolve(__dirname, "../fixtures/terraform");
const folder = mkdtempSync(join(tmpdir(), "portcullis-analysis-"));

async function run(...argv: string[]) {
  let [out, err] = ["", ""];
  const io: Io = {
    cwd: folder,
    env: {},
    out: (text) => (out += text),
    err: (text) => (err += text),
    stdin: () => Promise.resolve(""),
  };
  return { code: await runCommandLine(argv, io), out, err };
}

/** A configuration of one open route, as Terraform JSON. */
function written(name: string, cidr: string, authorization = "NONE"): string {
  const api = "${aws_api_gateway_rest_api.api.id}";
  const policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" },
      {
        Sid: "office",
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: "execute-api:/*",
        Condition: { NotIpAddress: { "aws:SourceIp": cidr } },
      },
    ],
  };
  const configuration = {
    provider: { aws: { region: "eu-west-1", allowed_account_ids: ["111122223333"] } },
    resource: {
      aws_api_gateway_rest_api: { api: { name: "status", policy: JSON.stringify(policy) } },
      aws_api_gateway_resource: {
        page: { rest_api_id: api, parent_id: "${aws_api_gateway_rest_api.api.root_resource_id}", path_part: "page" },
      },
      aws_api_gateway_method: {
        get: {
          rest_api_id: api,
          resource_id: "${aws_api_gateway_resource.page.id}",
          http_method: "GET",
          authorization,
        },
      },
      aws_api_gateway_integration: {
        get: { rest_api_id: api, resource_id: "${aws_api_gateway_resource.page.id}", http_method: "GET", type: "MOCK" },
      },
      aws_api_gateway_deployment: { live: { rest_api_id: api } },
      aws_api_gateway_stage: {
        live: { rest_api_id: api, deployment_id: "${aws_api_gateway_deployment.live.id}", stage_name: "live" },
      },
    },
  };
  const directory = mkdtempSync(join(folder, name));
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify(configuration));
  return directory;
}

const narrow = written("narrow", "203.0.113.0/25");
const wide = written("wide", "203.0.113.0/24");

describe("matrix", () => {
  it("writes one JSON document with the members of the form and no other", async () => {
    const { out, code } = await run("matrix", narrow, "--json");
    const matrix = JSON.parse(out) as Matrix;
    expect([code, out.trimEnd().split("\n").length, Object.keys(matrix)]).toEqual([0, 1, ["routes"]]);
    const [route] = matrix.routes;
    expect(Object.keys(route ?? {}).sort()).toEqual(["api", "auth", "entries", "method", "path", "stage"]);
    expect(route?.entries.map(({ who, network, outcome, status }) => [who, network, outcome, status]).sort()).toEqual([
      ["anonymous", "203.0.113.0/25", "allow", 200],
      ["anonymous", "any other address", "deny", 403],
    ]);
    expect(Object.keys(route?.entries[0] ?? {}).sort()).toEqual([
      "because",
      "network",
      "outcome",
      "status",
      "who",
      "witness",
    ]);
  });

  it("fits a terminal, with those who are admitted first", async () => {
    const { out } = await run("matrix", join(FIXTURES, "library"));
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(out).toMatch(/GET \/books {2}NONE.*\n {2}allow 200 {2}anonymous {2}any other address\n {2}deny 403/);
  });

  it("calls undecided what a first plan leaves unknown", async () => {
    const { out, code } = await run("matrix", join(FIXTURES, "parcels/first-plan.json"));
    expect(code).toBe(0);
    expect(out).toContain("undecided arn:aws:iam::000000000000:role/sender");
    expect(out).toContain("aws_iam_role_policy.sender.policy is known only after apply");
  });

  it("says what is missing where there is nothing to read", async () => {
    const { err, code } = await run("matrix", "nowhere");
    expect([code, err]).toEqual([2, expect.stringContaining("nowhere does not exist")]);
  });
});

describe("diff", () => {
  it("writes one JSON document with a witness that only the head admits", async () => {
    const { out, code } = await run("diff", narrow, wide, "--json");
    const diff = JSON.parse(out) as AccessDiff;
    expect(code).toBe(0);
    expect(Object.keys(diff)).toEqual(["gained", "lost", "changed", "undecided"]);
    expect(diff.gained).toHaveLength(1);
    const [gained] = diff.gained;
    expect(gained).toMatchObject({
      api: "status",
      stage: "live",
      method: "GET",
      path: "/page",
      who: "anonymous",
      network: "203.0.113.128/25",
      before: { outcome: "deny", status: 403 },
      after: { outcome: "allow", status: 200 },
      because: { file: "main.tf.json", address: "aws_api_gateway_rest_api.api.policy" },
    });
    expect([diff.lost, diff.changed, diff.undecided]).toEqual([[], [], []]);
    const request = join(folder, "witness.json");
    writeFileSync(request, JSON.stringify(gained?.witness));
    const answers = await Promise.all(
      [narrow, wide].map((directory) => run("explain", directory, "--request", request, "--json")),
    );
    expect(answers.map((answer) => (JSON.parse(answer.out) as { outcome: string }).outcome)).toEqual(["deny", "allow"]);
  });

  it("finds nothing between a configuration and itself", async () => {
    expect(await run("diff", wide, wide, "--fail-on", "gained")).toMatchObject({
      code: 0,
      out: "Nobody gained or lost access.\n",
    });
  });

  it("fails on what was gained, unless it is accepted and the day has not passed", async () => {
    expect((await run("diff", narrow, wide)).code).toBe(0);
    const failed = await run("diff", narrow, wide, "--fail-on", "gained");
    expect(failed.code).toBe(1);
    const id = /"id":"([0-9a-f]{12})"/.exec(failed.err)?.[1];
    const allow = (expires: string, more: object = { id }): string => {
      const file = join(folder, "allow.json");
      writeFileSync(file, JSON.stringify({ accepted: [{ ...more, reason: "new office", expires }] }));
      return file;
    };
    const accepted = await run("diff", narrow, wide, "--fail-on", "gained", "--allow", allow("2999-12-31"));
    expect([accepted.code, accepted.err]).toEqual([0, expect.stringContaining("accepted until 2999-12-31")]);
    const expired = await run("diff", narrow, wide, "--fail-on", "gained", "--allow", allow("2020-01-01"));
    expect([expired.code, expired.err]).toEqual([1, expect.stringContaining("expired on 2020-01-01")]);
    const stale = await run("diff", wide, wide, "--allow", allow("2999-12-31", { path: "/gone" }));
    expect([stale.code, stale.err]).toEqual([0, expect.stringContaining("matches nothing")]);
    const ofCheck = await run("diff", wide, wide, "--allow", allow("2020-01-01", { rule: "undecided" }));
    expect(ofCheck).toMatchObject({ code: 0, err: "" });
    const bad = await run("diff", narrow, wide, "--allow", allow("someday"));
    expect([bad.code, bad.err]).toEqual([2, expect.stringContaining("must be a date")]);
  });

  it("writes a comment that GitHub takes, the anonymous gain first", async () => {
    const { out } = await run("diff", written("guarded", "203.0.113.0/24", "AWS_IAM"), wide, "--markdown");
    expect(out.length).toBeLessThan(65_536);
    expect(out).toMatch(
      /^## Access diff: 2 gained, 0 lost, 2 changed, 0 undecided\n\n### Gained access \(2\)\n\n.*`anonymous`/,
    );
    expect(out).toMatch(/curl --path-as-is -X GET 'https:\/\/\w+\.execute-api\.eu-west-1\.amazonaws\.com\/live\/page'/);
  });

  it.each([
    [["--json", "--markdown"], "are both there"],
    [["--fail-on", "everything"], "is none of"],
  ])("refuses %s", async (options, words) => {
    expect(await run("diff", narrow, wide, ...options)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  });
});
