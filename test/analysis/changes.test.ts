/** Realistic changes: what a reviewer has to be told of each, and nothing else. */
import { findChanges } from "../../proof/analysis/diff";
import type { FoundChange } from "../../proof/analysis/change";
import { CHANGES } from "./changes/cases";
import { modelOf } from "./changes/configuration";

const told = ({ kind, method, path, paths, who, network }: FoundChange): string =>
  `${kind} ${method} ${path}${paths === undefined ? "" : ` [${paths}]`}: ${who}${network === "any" ? "" : ` from ${network}`}`;

const NAMED = CHANGES.map((one) => [one.told === undefined ? one.name : `${one.name} (${one.told})`, one] as const);

describe("A change is told where", () => {
  it.each(NAMED)("%s", (_, { base, head, found }) => {
    expect(findChanges(modelOf(base), modelOf(head)).map(told).sort()).toEqual([...found].sort());
  });

  it.each(NAMED)("undone, what was gained is lost and what was lost is gained: %s", (_, { base, head, found }) => {
    const mirrored = found.filter((text) => /^(gained|lost)/.test(text)).map((text) => text.startsWith("gained"));
    const back = findChanges(modelOf(head), modelOf(base)).filter(({ kind }) => kind === "gained" || kind === "lost");
    expect(back.filter(({ kind }) => kind === "lost")).toHaveLength(mirrored.filter((gained) => gained).length);
    expect(back.filter(({ kind }) => kind === "gained")).toHaveLength(mirrored.filter((gained) => !gained).length);
  });

  it("nothing changed", () => {
    for (const { base, head } of CHANGES) {
      expect([base, head].flatMap((one) => findChanges(modelOf(one), modelOf(one)))).toEqual([]);
    }
  });
});
