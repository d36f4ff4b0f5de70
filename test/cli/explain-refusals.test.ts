import { InputError } from "../../proof/errors";
import type { Model } from "../../proof/model/types";
import { source } from "../decision/support";
import { orders, world, run, asReader } from "./explaining";

async function problems(values: Record<string, string | boolean>, stdin = "", loaded?: Model): Promise<string> {
  const failed: unknown = await run(values, stdin, loaded).catch((error: unknown) => error);
  if (!(failed instanceof InputError)) throw new Error("It was to be refused.");
  return failed.message;
}

describe("bad input is refused with all that is wrong", () => {
  it("of a request with a member twice, of which the last would count", async () => {
    const twice = JSON.stringify({ ...asReader, headers: { a: ["b"] } }).replace('"a":', '"a":["x"],"a":');
    const { out } = await run({ batch: "-" }, `${twice}\n`);
    expect((JSON.parse(out) as { error: string }).error).toBe('line 1: Stands twice in one object: headers."a".');
    await expect(run({ request: "-" }, twice)).rejects.toThrow(
      'standard input: Stands twice in one object: headers."a".',
    );
  });

  it("of a request file", async () => {
    const bad = {
      method: 1,
      path: "/a?b=1",
      query: { a: [1] },
      headers: 7,
      sourceIp: "x",
      vpc: { id: "y" },
      caller: {},
      time: "noon",
      extra: true,
    };
    const message = await problems({ request: "-" }, JSON.stringify(bad));
    for (const named of [
      "method: must be a string",
      "path: must begin with /",
      "query.a",
      "headers: must be an object",
      "sourceIp",
      "vpc.id",
      "caller.arn: is missing",
      "time: must be a time",
      "unknown member 'extra'",
    ]) {
      expect(message).toContain(named);
    }
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["an unknown API", { api: "nope" }, "'nope' is no API here. Known: orders (a1b2c3d4e5)"],
    ["an ARN that is no caller", { caller: { arn: "arn:aws:s3:::bucket" } }, "is not the ARN of a role, user"],
    ["a path with a space", { path: "/a b" }, "percent-encoded"],
    ["a path with a fragment", { path: "/a#b" }, "percent-encoded"],
  ])("%s", async (_, more, expected) => {
    expect(await problems({ request: "-" }, JSON.stringify({ ...asReader, ...more }))).toContain(expected);
  });

  it("an API and a stage have to be named where there are several", async () => {
    const second = orders({ address: "aws_api_gateway_rest_api.second", id: "zzzzzzzzzz" });
    expect(await problems({ request: "-" }, JSON.stringify(asReader), world({}, [orders(), second]))).toContain(
      "there are several APIs",
    );
    expect(
      await problems({ request: "-" }, JSON.stringify({ ...asReader, api: "orders" }), world({}, [orders(), second])),
    ).toContain("Use the id");
    const stages = ["dev", "prod"].map((name) => ({ name, variables: {}, source: source(name) }));
    expect(await problems({ request: "-" }, JSON.stringify(asReader), world({}, [orders({ stages })]))).toContain(
      "the stages of orders: dev, prod",
    );
  });

  it("no request, two requests, a file that is not there, an id that is not remembered", async () => {
    expect(await problems({})).toContain("exactly one of --request");
    expect(await problems({ request: "-", batch: "-" })).toContain("exactly one of --request");
    expect(await problems({ request: "missing.json" })).toContain("cannot be read");
    expect(await problems({ batch: "missing.jsonl" })).toContain("cannot be read");
    expect(await problems({ "request-id": "r-1" })).toContain("No refused request with the id 'r-1'");
  });

  it("a configuration that cannot be decided on", async () => {
    const broken = {
      message: "the policy cannot be resolved",
      source: source("aws_api_gateway_rest_api.api.policy"),
      severity: "error" as const,
    };
    expect(await problems({ request: "-" }, JSON.stringify(asReader), world({ problems: [broken] }))).toContain(
      "aws_api_gateway_rest_api.api.policy: the policy cannot be resolved",
    );
  });
});
