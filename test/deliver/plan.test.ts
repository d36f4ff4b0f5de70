import { countsOf, readPlan } from "../../scripts/deliver/plan";

const change = (address: string, actions: readonly string[], more: object = {}) => ({
  address,
  change: { actions, before: null, after: { a: 1, b: { c: 2, d: 3 } }, after_unknown: {}, ...more },
});
const plan = (...resource_changes: readonly object[]) => readPlan(JSON.stringify({ resource_changes }), 2);

describe("A plan", () => {
  it.each([
    [["create"], "create"],
    [["update"], "update"],
    [["delete"], "destroy"],
    [["delete", "create"], "replace"],
    [["create", "delete"], "replace"],
    [["forget"], "forget"],
  ])("calls %j %s", (actions, action) =>
    expect(plan(change("a.b", actions)).changes).toEqual([{ address: "a.b", action }]),
  );

  it.each([
    [0, true],
    [2, false],
  ])("is what Terraform says it is: exit code %i means empty: %s", (code, empty) =>
    expect(readPlan("{}", code).empty).toBe(empty),
  );

  it("lists nothing where only data is read", () =>
    expect(plan(change("data.a.b", ["read"]), change("a.b", ["no-op"])).changes).toEqual([]));

  it("has the same digest whatever order members are written in, and whatever stays as it is", () => {
    const one = plan(change("a.b", ["create"]));
    const other = plan(change("a.c", ["no-op"]), change("a.b", ["create"], { after: { b: { d: 3, c: 2 }, a: 1 } }));
    expect(other.digest).toBe(one.digest);
  });

  it.each([
    ["a value", change("a.b", ["create"], { after: { a: 2 } })],
    ["what was there before", change("a.b", ["create"], { before: { a: 0 } })],
    ["what is known only later", change("a.b", ["create"], { after_unknown: { a: true } })],
    ["an action", change("a.b", ["update"])],
    ["an address", change("a.c", ["create"])],
    ["the order of a list", change("a.b", ["create"], { after: { a: [2, 1] } })],
  ])("has another digest where %s differs", (_what, changed) => {
    expect(plan(changed).digest).not.toBe(plan(change("a.b", ["create"])).digest);
    expect(plan(change("a.b", ["create"], { after: { a: [1, 2] } })).digest).not.toBe(plan(changed).digest);
  });

  it("is counted in words", () =>
    expect(
      countsOf([
        { address: "a", action: "create" },
        { address: "b", action: "replace" },
        { address: "c", action: "create" },
      ]),
    ).toBe("2 to add, 1 to replace"));
});
