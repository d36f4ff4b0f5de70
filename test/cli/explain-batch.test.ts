import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Explanation } from "../../proof/cli/explain/explainer";
import { run, asReader } from "./explaining";

describe("explain --batch", () => {
  it("answers each line in order, and goes on behind a bad one", async () => {
    const lines = [
      JSON.stringify(asReader),
      "nonsense",
      "",
      JSON.stringify({ method: "GET", path: "no-slash", sourceIp: "1.2.3" }),
      JSON.stringify({ ...asReader, caller: null }),
    ];
    const { out, code } = await run({ batch: "-" }, `${lines.join("\n")}\n`);
    const answers = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Partial<Explanation> & { error?: string });
    expect(answers.map(({ outcome }) => outcome)).toEqual(["allow", undefined, undefined, "deny"]);
    expect(answers[1]?.error).toBe("line 2: It is not JSON, from line 1, column 1 on.");
    expect(answers[2]?.error).toMatch(
      /line 4: path: must begin with \/[^]*line 4: sourceIp: must be an IPv4 or IPv6 address/,
    );
    expect(code).toBe(0);
  });

  it("reads a file", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "portcullis-batch-")), "requests.jsonl");
    writeFileSync(file, `${JSON.stringify(asReader)}\n{`);
    const { out } = await run({ batch: file });
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => Object.keys(JSON.parse(line) as object)[0]),
    ).toEqual(["outcome", "error"]);
    expect(out).toContain(`${file}:2: It is not JSON`);
  });
});

describe("a line", () => {
  const answersTo = async (...lines: readonly string[]) =>
    (await run({ batch: "-" }, lines.join("\n"))).out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Partial<Explanation> & { error?: string });

  it("is answered with its own id, also where it is bad", async () => {
    const answers = await answersTo(
      JSON.stringify({ ...asReader, id: "one" }),
      JSON.stringify({ ...asReader, id: 2, sourceIp: "1.2.3" }),
      JSON.stringify(asReader),
    );
    expect(answers).toMatchObject([
      { id: "one", outcome: "allow" },
      { id: 2, error: 'line 2: sourceIp: must be an IPv4 or IPv6 address, not "1.2.3".' },
      { outcome: "allow" },
    ]);
    expect(answers[2]).not.toHaveProperty("id");
  });

  it("that is nested too deep is told, and the run goes on", async () => {
    const deep = `{"api":${"[".repeat(30_000)}${"]".repeat(30_000)}}`;
    expect(await answersTo(deep, JSON.stringify(asReader))).toMatchObject([
      { error: "line 1: It is nested too deep." },
      { outcome: "allow" },
    ]);
    await expect(run({ request: "-" }, deep)).rejects.toThrow("standard input: It is nested too deep.");
  });

  it("may begin with a byte order mark, as a request may", async () => {
    expect(await answersTo(`\ufeff${JSON.stringify(asReader)}`)).toMatchObject([{ outcome: "allow" }]);
    expect((await run({ request: "-" }, `\ufeff${JSON.stringify(asReader)}`)).code).toBe(0);
  });

  it("that is not JSON is told by where it stops being it", async () => {
    await expect(run({ request: "-" }, '{\n  "method": GET\n}')).rejects.toThrow(
      "standard input: It is not JSON, from line 2, column 13 on.",
    );
  });
});
