import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import { determineHitLimitReached, DryRunStatus, MutantRunStatus, TestStatus } from "@stryker-mutator/api/test-runner";
import { createRequire } from "node:module";

const { loadModules, testFiles, loadTests, problemOf } = createRequire(import.meta.url)("./suite.cjs");

/** What instrumented code and this runner tell each other: which mutant is on, and which mutants a test reaches. */
const shared = (globalThis.__stryker__ ??= {});

/** Runs the tests against one mutant after the other in the same process. */
class SuiteRunner {
  tests = [];
  results = [];
  /** Mutants that the loading of the modules reaches. */
  static = {};
  /** Mutants that a test reaches, by its id. */
  perTest = {};
  /** Mutants that the loading of a test file reaches. */
  perFile = {};

  capabilities() {
    return { reloadEnvironment: true };
  }

  /** Loads the tests and learns what each reaches: here, where a process that took a timed-out one's place has the time. */
  async init() {
    shared.mutantCoverage ??= { static: {}, perTest: {} };
    this.#load();
    const tests = [];
    for (const test of this.tests) {
      shared.currentTestId = test.id;
      const start = performance.now();
      const failureMessage = await problemOf(test);
      const status = failureMessage === undefined ? TestStatus.Success : TestStatus.Failed;
      const timeSpentMs = performance.now() - start;
      tests.push({ id: test.id, name: test.id, fileName: test.file, timeSpentMs, status, failureMessage });
    }
    shared.currentTestId = undefined;
    const covered = structuredClone(shared.mutantCoverage);
    this.static = covered.static;
    for (const file of testFiles(process.cwd())) {
      this.perFile[file] = covered.perTest[file] ?? {};
      delete covered.perTest[file];
    }
    this.perTest = covered.perTest;
    this.results = tests;
  }

  dryRun() {
    const reached = Object.assign({}, this.static, ...Object.values(this.perFile));
    const mutantCoverage = { static: reached, perTest: this.perTest };
    return { status: DryRunStatus.Complete, tests: this.results, mutantCoverage };
  }

  /**
   * A mutant in code that runs while modules or tests load is also asked with those loaded under it, but only where the
   * tests, loaded without it, do not see it already.
   */
  async mutantRun({ activeMutant: { id }, mutantActivation }) {
    const reached = () => this.tests.filter((test) => this.perTest[test.id]?.[id] !== undefined);
    const first = await this.#ask(id, reached);
    if (first.status !== MutantRunStatus.Survived || mutantActivation !== "static") return first;
    return this.#ask(id, () => {
      loadModules(process.cwd());
      const files = testFiles(process.cwd());
      return files
        .filter((file) => this.static[id] !== undefined || this.perFile[file]?.[id] !== undefined)
        .flatMap(loadTests);
    });
  }

  #load() {
    loadModules(process.cwd());
    this.tests = testFiles(process.cwd()).flatMap((file) => {
      shared.currentTestId = file;
      return loadTests(file);
    });
    shared.currentTestId = undefined;
  }

  async #ask(id, testsOf, fresh = false) {
    shared.activeMutant = id;
    let nrOfTests = 0;
    try {
      for (const test of testsOf()) {
        nrOfTests++;
        // A mutant that a test reaches so much more often than without it is taken to loop for ever.
        shared.hitCount = 0;
        shared.hitLimit = 100_000 + 10 * (this.perTest[test.id]?.[id] ?? 0);
        const failureMessage = await problemOf(test);
        if (failureMessage === undefined) continue;
        const limit = determineHitLimitReached(shared.hitCount, shared.hitLimit);
        if (limit !== undefined) return limit;
        shared.activeMutant = undefined;
        if (this.tests.includes(test) && (await problemOf(test)) !== undefined) {
          // A module remembers what it did under a mutant: under this one, or only under an earlier one.
          this.#load();
          if (!fresh) return this.#ask(id, testsOf, true);
        }
        return { status: MutantRunStatus.Killed, killedBy: [test.id], failureMessage, nrOfTests };
      }
      return { status: MutantRunStatus.Survived, nrOfTests };
    } catch (error) {
      // The modules or their tests do not even load.
      const failureMessage = String(error);
      return { status: MutantRunStatus.Killed, killedBy: [this.tests[0]?.id ?? ""], failureMessage, nrOfTests };
    } finally {
      shared.activeMutant = undefined;
      shared.hitCount = undefined;
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "suite", SuiteRunner)];
