/** The page in a real browser: search, filters, deep links, print, a phone; and nothing that it complains of. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { manyRoutes } from "../../../bench/analysis-models";
import { analyze, matrixOf } from "../../../proof/analysis/matrix";
import { renderMatrix } from "../../../proof/analysis/html/render";
import { loadModel } from "../../../proof/model/load";
import { itWith } from "../../clients/served";

const executablePath = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim())
  .find((path) => path !== "");
if (executablePath === undefined) {
  process.stderr.write(
    "\nNOT RUN: the matrix in a real browser. Install Chromium (Debian: apt-get install chromium).\n",
  );
}
const itRuns = itWith(executablePath !== undefined, "no chromium or google-chrome");

const folder = mkdtempSync(join(tmpdir(), "portcullis-page-"));
const written = (name: string, page: string): string => {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, page);
  return pathToFileURL(file).href;
};
const library = () => loadModel(resolve(__dirname, "../../fixtures/terraform/library"));
const PAGES = [
  ["of a small project", () => written("small", renderMatrix(matrixOf(analyze(library()))))],
  ["of 200 routes", () => written("many", renderMatrix(matrixOf(analyze(manyRoutes(200, 20)))))],
] as const;

let browser: Browser | undefined;
beforeAll(async () => {
  if (executablePath === undefined) return;
  browser = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function opened(url: string, viewport = { width: 1280, height: 900 }) {
  if (browser === undefined) throw new Error("There is no browser.");
  const page = await browser.newPage({ viewport });
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.goto(url);
  return { page, complaints };
}

const outcomes = (page: Page) =>
  page.$$eval("tr[data-outcome]:not([hidden])", (rows) =>
    rows.filter((row) => row.checkVisibility()).map((row) => row.getAttribute("data-outcome")),
  );

describe.each(PAGES)("The page %s", (_, make) => {
  itRuns(
    "is searched, filtered and linked to, and keeps what was asked in its link",
    async () => {
      const url = make();
      const { page, complaints } = await opened(url);
      const all = await outcomes(page);
      await page.getByLabel("Outcome").selectOption("allow");
      const admitted = await outcomes(page);
      expect([...new Set(admitted)]).toEqual(["allow"]);
      expect(admitted.length).toBe(all.filter((outcome) => outcome === "allow").length);
      expect(await page.locator("output").textContent()).toBe(`${admitted.length} shown`);
      const name = (await page.locator("tbody[data-route]:not([hidden])").first().getAttribute("data-route")) ?? "";
      await page.getByLabel("Search").fill(name);
      const found = await outcomes(page);
      expect(found.length).toBeGreaterThan(0);

      const again = await opened(page.url());
      expect(await outcomes(again.page)).toEqual(found);
      await again.page.getByRole("button", { name: "Show everything" }).click();
      await again.page.waitForFunction(
        (count) => document.querySelector("output")?.textContent === `${count} shown`,
        all.length,
      );

      const id = (await page.locator("tbody[data-route]").last().getAttribute("id")) ?? "";
      const linked = await opened(`${url}#${id}`);
      expect(
        await linked.page
          .locator(`#${id}`)
          .first()
          .evaluate((body) => {
            const { top } = body.getBoundingClientRect();
            return top >= 0 && top < innerHeight;
          }),
      ).toBe(true);
      expect([...complaints, ...again.complaints, ...linked.complaints]).toEqual([]);
      await Promise.all([page, again.page, linked.page].map((one) => one.close()));
    },
    120_000,
  );

  itRuns(
    "is read on a phone without scrolling sideways, and printed whole",
    async () => {
      const { page, complaints } = await opened(make(), { width: 390, height: 844 });
      const wide = await page.$$eval(
        "td, th",
        (cells) =>
          cells.filter(
            (cell) =>
              cell.checkVisibility() &&
              cell.getBoundingClientRect().right > innerWidth + 1 &&
              cell.closest("thead") === null,
          ).length,
      );
      expect(wide).toBe(0);
      expect(
        await page
          .locator("td.who")
          .first()
          .evaluate((cell) => cell.getBoundingClientRect().width),
      ).toBeGreaterThan(300);
      await page.emulateMedia({ media: "print" });
      expect(await page.locator("form").isVisible()).toBe(false);
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      expect(await page.$$eval("details:not([open])", (closed) => closed.length)).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
    120_000,
  );
});
