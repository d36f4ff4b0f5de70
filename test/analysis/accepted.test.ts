import { readAccepted } from "../../proof/analysis/accepted";
import { InputError } from "../../proof/errors";

function problems(value: unknown): string[] {
  try {
    readAccepted(value, "allowed.json");
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(({ what }) => what);
    throw error;
  }
  return [];
}

const good = { id: "3f1c0d9a7b52", reason: "the status page is public", expires: "2026-12-31" };

describe("An entry that cannot be taken is told by its place and the rule", () => {
  it.each<[string, object, string[]]>([
    ["no reason", { reason: undefined }, ["accepted.1.reason is missing: say why it is accepted."]],
    ["a number as reason", { reason: 3 }, ["accepted.1.reason must be a string: say why it is accepted."]],
    ["an empty reason", { reason: " " }, ["accepted.1.reason is empty: say why it is accepted."]],
    ["an unknown member", { until: "2026" }, ["accepted.1 has the unknown member 'until'."]],
    ["two unknown members", { a: 1, b: 2 }, ["accepted.1 has the unknown member 'a', 'b'."]],
    ["an unknown kind", { kind: "won" }, ["accepted.1.kind must be one of gained, lost, changed, undecided."]],
    ["no last day", { expires: "soon" }, ["accepted.1.expires must be a date such as 2026-12-31."]],
  ])("%s", (_, more, expected) => {
    expect(problems({ accepted: [good, { ...good, ...more }] })).toEqual(expected);
  });

  it.each<[string, unknown, string[]]>([
    ["a list", [good], ["the file must be an object."]],
    ["no entries", {}, ["accepted must be a list."]],
    ["an entry that is a text", { accepted: ["3f1c0d9a7b52"] }, ["accepted.0 must be an object."]],
    ["a member beside the entries", { accepted: [], rules: [] }, ["the file has the unknown member 'rules'."]],
  ])("%s", (_, value, expected) => {
    expect(problems(value)).toEqual(expected);
  });
});
