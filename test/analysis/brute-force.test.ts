/**
 * The analysis against brute force: requests are made at random and decided one by one, without any of the analysis,
 * and each has to be answered as the class that it falls into.
 */
import fc from "fast-check";
import { prepareEngine } from "../../proof/decision";
import { findChanges } from "../../proof/analysis/diff";
import { analyze } from "../../proof/analysis/matrix";
import type { Subject } from "../../proof/analysis/subject";
import type { Model } from "../../proof/model/types";
import { canExist, cellsOf, predicted } from "./predicted";
import type { Standings } from "./predicted";
import { asked, decideAlone, holds } from "./requests";
import { modelOf, pair, world } from "./worlds";

const PAIRS = Number(process.env["PORTCULLIS_PAIRS"] ?? 2000);
/** Other worlds and requests than the usual ones. */
const SEED = process.env["PORTCULLIS_SEED"];
const REQUESTS = 12;

describe("The classes of requests", () => {
  it("decide as every single request does, on both sides, and miss none", () => {
    let differing = 0;
    fc.assert(
      fc.property(pair, fc.array(asked, { minLength: REQUESTS, maxLength: REQUESTS }), (worlds, requests) => {
        const [base, head] = worlds.map((one) => modelOf(one)) as [Model, Model];
        const engines = [base, head].map((one) => prepareEngine(one, { cacheEntries: 0 }));
        const cells = cellsOf(base, head);
        const known = new Map<Subject, Standings>();
        for (const request of requests.filter((one) => canExist(one, engines))) {
          const truth = engines.map((engine) => decideAlone(engine, engine.model, request));
          if (truth[0] !== truth[1]) differing++;
          const answers = predicted(cells, engines, request, known);
          // No route on either side: nobody is ever admitted.
          if (answers === undefined) expect(truth).toEqual(["deny", "deny"]);
          else expect({ request, answers: [...answers] }).toEqual({ request, answers: [truth.join()] });
        }
      }),
      { numRuns: PAIRS, seed: Number(SEED ?? 20261122) },
    );
    expect(differing).toBeGreaterThan(PAIRS / 20);
  });
});

describe("The witnesses of a diff", () => {
  it("are valid request files that each side answers as the entry says, and no change goes untold", () => {
    fc.assert(
      fc.property(pair, fc.array(asked, { minLength: REQUESTS, maxLength: REQUESTS }), (worlds, requests) => {
        const [base, head] = worlds.map((one) => modelOf(one)) as [Model, Model];
        const engines = [base, head].map((one) => prepareEngine(one, { cacheEntries: 0 }));
        const changes = findChanges(base, head);
        for (const change of changes) expect([change, holds(change, engines)]).toEqual([change, true]);
        for (const request of requests.filter((one) => canExist(one, engines))) {
          const [before, after] = engines.map((engine) => decideAlone(engine, engine.model, request));
          if (before === after) continue;
          const kind = after === "allow" ? "gained" : "lost";
          const told = changes.some((one) => one.kind === kind && [request.method, "ANY"].includes(one.method));
          expect({ request, kind, told }).toEqual({ request, kind, told: true });
        }
      }),
      { numRuns: Math.ceil(PAIRS / 8), seed: Number(SEED ?? 1122) },
    );
  });
});

describe("The entries of a matrix", () => {
  it("name every class once for each route, and no two alike", () => {
    fc.assert(
      fc.property(world, (one) => {
        for (const { entries, method, path } of analyze(modelOf(one)).routes) {
          const names = entries.map(({ who, network }) => `${who} from ${network}`);
          expect([method, path, names]).toEqual([method, path, [...new Set(names)]]);
          expect(entries.filter(({ outcome }) => outcome === "undecided")).toEqual([]);
        }
      }),
      { numRuns: Math.ceil(PAIRS / 10), seed: Number(SEED ?? 77) },
    );
  });
});
