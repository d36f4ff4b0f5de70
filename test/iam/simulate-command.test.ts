import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommandLine } from "../../proof/cli/run";
import { ACCOUNT, API } from "./helpers";

const allow = {
  Version: "2012-10-17",
  Statement: [{ Sid: "Invoke", Effect: "Allow", Action: "execute-api:Invoke", Resource: "*" }],
};
const line = (fields: object) => ({
  id: "1",
  callerArn: `arn:aws:iam::${ACCOUNT}:user/alice`,
  action: "execute-api:Invoke",
  resource: `${API}/dev/GET/orders`,
  ...fields,
});

describe("The command simulate", () => {
  const directory = mkdtempSync(join(tmpdir(), "simulate-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  async function run(argv: readonly string[], stdin = "") {
    let [out, err] = ["", ""];
    const code = await runCommandLine(["simulate", ...argv], {
      cwd: directory,
      env: {},
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      stdin: () => Promise.resolve(stdin),
    });
    const answers = out.split("\n").filter((text) => text !== "");
    return { code, err, answers: answers.map((text) => JSON.parse(text) as { id: unknown; decision: string }) };
  }

  it("answers a line for a line, in order, and goes on behind a bad one", async () => {
    const lines = [line({ id: 1, identityPolicies: [allow] }), "nonsense", line({ id: "three" })];
    writeFileSync(
      join(directory, "in.jsonl"),
      `${lines.map((l) => (typeof l === "string" ? l : JSON.stringify(l))).join("\n\n")}\r\n`,
    );
    const { code, answers } = await run(["in.jsonl"]);
    expect(code).toBe(0);
    expect(answers.map(({ id, decision }) => [id, decision])).toEqual([
      [1, "allowed"],
      [null, "invalid"],
      ["three", "implicitDeny"],
    ]);
  });

  it("reads standard input for -, and characters that other formats end lines at", async () => {
    const { answers } = await run(["-"], JSON.stringify(line({ id: "a\u2028b", identityPolicies: [allow] })));
    expect(answers).toEqual([
      { id: "a\u2028b", decision: "allowed", matched: [{ policy: "identityPolicies[0]", statement: "Invoke" }] },
    ]);
  });

  it("streams many lines, and text of more than one byte across the borders of what is read", async () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify(line({ id: `é${i}`, identityPolicies: [allow] })),
    );
    writeFileSync(join(directory, "many.jsonl"), many.join("\n"));
    const { answers } = await run(["many.jsonl"]);
    expect(answers.map(({ id }) => id)).toEqual(Array.from({ length: 20_000 }, (_, i) => `é${i}`));
    expect(answers.every(({ decision }) => decision === "allowed")).toBe(true);
  });

  it("has nothing to say of nothing", async () => {
    expect(await run(["-"], "")).toEqual({ code: 0, err: "", answers: [] });
  });

  it.each([["missing.jsonl"], ["."]])("cannot read %s: exit code 2, and says so", async (file) => {
    const { code, err, answers } = await run([file]);
    expect([code, answers]).toEqual([2, []]);
    expect(err).toContain(`${file}: cannot be read`);
  });
});
