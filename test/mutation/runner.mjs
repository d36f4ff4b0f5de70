import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { determineHitLimitReached, DryRunStatus, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";
import { createRequire } from "node:module";

const { loadTests, problemOf } = createRequire(import.meta.url)("./suite.cjs");

/** What instrumented code and this runner tell each other: which mutant is on, and which mutants a test reaches. */
const shared = (globalThis.__stryker__ ??= {});

/** Runs the tests against one mutant after the other in the same process. */
class SuiteRunner {
  tests = [];

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    shared.mutantCoverage = { static: {}, perTest: {} };
    this.tests = loadTests(process.cwd());
    const results = [];
    for (const test of this.tests) {
      shared.currentTestId = test.id;
      const start = performance.now();
      const failureMessage = await problemOf(test);
      const result = { id: test.id, name: test.id, fileName: test.file, timeSpentMs: performance.now() - start };
      results.push(
        failureMessage === undefined
          ? { ...result, status: TestStatus.Success }
          : { ...result, status: TestStatus.Failed, failureMessage },
      );
    }
    shared.currentTestId = undefined;
    const mutantCoverage = structuredClone(shared.mutantCoverage);
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage };
  }

  /**
   * A mutant in code that runs while modules load is also asked with the modules loaded under it, but only where the tests,
   * loaded without it, do not see it already.
   */
  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    const ask = { id: activeMutant.id, filter: testFilter && new Set(testFilter), hitLimit };
    if (this.tests.length === 0) this.tests = loadTests(process.cwd());
    const first = await this.#ask(ask, false);
    if (first.status !== MutantRunStatus.Survived || mutantActivation !== "static") return first;
    const second = await this.#ask(ask, true);
    this.tests = loadTests(process.cwd());
    return second;
  }

  async #ask({ id, filter, hitLimit }, reload) {
    shared.activeMutant = id;
    shared.hitLimit = hitLimit;
    shared.hitCount = hitLimit === undefined ? undefined : 0;
    let nrOfTests = 0;
    try {
      if (reload) this.tests = loadTests(process.cwd());
      for (const test of this.tests) {
        if (filter !== undefined && !filter.has(test.id)) continue;
        nrOfTests++;
        const failureMessage = await problemOf(test);
        if (failureMessage === undefined) continue;
        const limit = determineHitLimitReached(shared.hitCount, hitLimit);
        if (limit !== undefined) return limit;
        shared.activeMutant = undefined;
        if (!reload && (await problemOf(test)) !== undefined) {
          // What an earlier mutant left in a module's memory fails the test, not this mutant.
          this.tests = loadTests(process.cwd());
          return this.#ask({ id, filter, hitLimit }, false);
        }
        return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage, nrOfTests };
      }
      return { status: MutantRunStatus.Survived, nrOfTests };
    } catch (error) {
      // The tests do not even load.
      return {
        status: MutantRunStatus.Killed,
        killedBy: [this.tests[0]?.id ?? ""],
        failureMessage: String(error),
        nrOfTests,
      };
    } finally {
      shared.activeMutant = undefined;
      shared.hitCount = undefined;
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "suite", SuiteRunner)];
