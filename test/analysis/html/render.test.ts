import { createHash } from "node:crypto";
import { renderMatrix } from "../../../proof/analysis/html/render";
import type { Matrix, MatrixEntry, MatrixRoute } from "../../../proof/analysis/matrix";

const entry = (more: Partial<MatrixEntry> = {}): MatrixEntry => ({
  who: "anonymous",
  network: "any",
  outcome: "deny",
  status: 403,
  because: "Nobody signed the request.",
  witness: { api: "orders", stage: "dev", method: "GET", path: "/orders", caller: null },
  ...more,
});
const route = (more: Partial<MatrixRoute> = {}): MatrixRoute => ({
  api: "orders",
  stage: "dev",
  method: "GET",
  path: "/orders",
  auth: "AWS_IAM",
  entries: [entry()],
  ...more,
});

const matrix: Matrix = {
  routes: [
    route({
      entries: [
        entry(),
        entry({ who: "account 222222222222", network: "203.0.113.0/24", outcome: "allow", status: 200 }),
        entry({ who: "role/x", outcome: "undecided", status: null, witness: null }),
      ],
    }),
    route({ path: "/orders/{id}", paths: "like /orders/1*" }),
    route({ path: "/orders/{id}", paths: "any other", auth: "NONE" }),
    route({ api: "billing" }),
  ],
};

const all = (page: string, pattern: RegExp): string[] => [...page.matchAll(pattern)].map((match) => match[1] ?? "");
const hashOf = (text: string) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

describe("the page of the access matrix", () => {
  const page = renderMatrix(matrix);
  /** What stands there without the script and the style. */
  const content = page.replace(/<(script|style)>[\s\S]*?<\/\1>/g, "");

  it("has a row for each class, with its outcome in words", () => {
    const rows = all(content, /<tr data-outcome="\w+">([\s\S]*?)<\/tr>/g);
    expect(rows).toHaveLength(6);
    expect(rows.filter((row) => row.includes("✕ deny"))).toHaveLength(4);
    expect(rows.find((row) => row.includes("account 222222222222"))).toMatch(
      /203\.0\.113\.0\/24.*✓ allow.*<td class="status">200<\/td>/,
    );
    expect(rows.find((row) => row.includes("role/x"))).toMatch(/\? undecided.*<td class="status">–<\/td>/);
  });

  it("says for each route who is let in", () => {
    const rows = all(content, /<tr data-for="[^"]+">(.*)<\/tr>/g);
    expect(rows[0]).toContain("account 222222222222 from 203.0.113.0/24");
    expect(rows[0]).toContain("role/x (undecided)");
    expect(rows[3]).toContain("nobody");
  });

  it("gives every route an id of its own, which the overview links to", () => {
    const ids = all(content, /<tbody id="([^"]+)"/g);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(4);
    expect(ids[0]).toBe("r-orders-dev-get-orders");
    expect(new Set(all(content, /href="#([^"]+)"/g))).toEqual(new Set(ids));
  });

  it("keeps routes apart whose ids would be the same", () => {
    const same = renderMatrix({ routes: [route({ path: "/a-b" }), route({ path: "/a/b" })] });
    expect(all(same, /<tbody id="([^"]+)"/g)).toEqual(["r-orders-dev-get-a-b", "r-orders-dev-get-a-b-2"]);
  });

  it("gives the request of a class as a request file", () => {
    const [witness = ""] = all(content, /<pre>([\s\S]*?)<\/pre>/g);
    expect(JSON.parse(witness.replaceAll("&quot;", '"'))).toEqual(entry().witness);
  });

  it("is a table with headers for columns and for groups of rows", () => {
    expect(all(content, /<th scope="col">([^<]+)<\/th>/g)).toEqual(
      expect.arrayContaining(["Route", "Authorization", "Admitted", "Who", "From", "Outcome", "Status", "Because"]),
    );
    expect(all(content, /(<th scope="rowgroup" colspan="5">)/g)).toHaveLength(4);
    expect(all(content, /<caption>([^<]+)<\/caption>/g)).toHaveLength(4);
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
  });

  it("needs no script: what only a script can do is hidden until one runs", () => {
    expect(content).toMatch(/<form role="search" aria-label="Filter" hidden>/);
    expect(content.match(/ hidden/g)).toHaveLength(1);
  });

  it("loads nothing and runs its own script alone", () => {
    expect(content).not.toMatch(/\s(src|on\w+|style)=/);
    expect(all(content, /href="([^#][^"]*)"/g)).toEqual([]);
    const [policy = ""] = all(page, /Content-Security-Policy" content="([^"]+)"/g);
    expect(policy).toContain("default-src 'none'");
    const [script = "", style = ""] = [/<script>([\s\S]*?)<\/script>/g, /<style>([\s\S]*?)<\/style>/g].map(
      (pattern) => all(page, pattern)[0],
    );
    expect(policy).toContain(`script-src '${hashOf(script)}'`);
    expect(policy).toContain(`style-src '${hashOf(style)}'`);
    expect(() => new Function(script)).not.toThrow();
  });

  const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`;

  it.each<[string, MatrixRoute]>([
    ["the API", route({ api: HOSTILE })],
    ["the stage", route({ stage: HOSTILE })],
    ["the method", route({ method: HOSTILE })],
    ["the path", route({ path: HOSTILE })],
    ["the paths", route({ paths: HOSTILE })],
    ["a caller", route({ entries: [entry({ who: HOSTILE, outcome: "allow" })] })],
    ["a network", route({ entries: [entry({ network: HOSTILE, outcome: "allow" })] })],
    ["a reason", route({ entries: [entry({ because: HOSTILE })] })],
    ["a request", route({ entries: [entry({ witness: { method: "GET", path: HOSTILE } })] })],
  ])("shows hostile text as text in %s", (_, hostile) => {
    const shown = renderMatrix({ routes: [hostile] });
    expect(all(shown, /(<script|<img)/g)).toEqual(["<script"]);
    expect(shown).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(shown).toContain("&amp;amp;");
  });
});
