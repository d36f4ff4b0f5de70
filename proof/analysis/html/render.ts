import { createHash } from "node:crypto";
import type { Matrix, MatrixEntry, MatrixRoute } from "../matrix";
import { escapeHtml } from "./escape";
import { SCRIPT } from "./script";
import { STYLE } from "./style";

const SIGNS: Readonly<Record<MatrixEntry["outcome"], string>> = {
  allow: "✓ allow",
  deny: "✕ deny",
  undecided: "? undecided",
};

/**
 * The access matrix as one HTML page that needs nothing else: no network, no fonts, and no script to be read. Its content
 * security policy lets only its own style and script run, whatever names a configuration holds.
 */
export function renderMatrix(matrix: Matrix): string {
  const routes = identified(matrix.routes);
  const apis = groupBy(routes, ({ route }) => `${route.api} at stage ${route.stage}`);
  const entries = matrix.routes.reduce((sum, route) => sum + route.entries.length, 0);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hash(STYLE)}'; script-src '${hash(SCRIPT)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Access matrix</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>Access matrix</h1>
<p>${plural(matrix.routes.length, "route")}, ${plural(entries, "class", "classes")} of requests. Every possible caller and position is in exactly one class of each route.</p>
</header>
${controls(matrix.routes)}
<main>
${[...apis].map(([name, own]) => apiSection(name, own)).join("\n")}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

interface Identified {
  readonly id: string;
  readonly route: MatrixRoute;
}

/** Ids that a link can name: the same for the same route, whatever else the page holds. */
function identified(routes: readonly MatrixRoute[]): readonly Identified[] {
  const taken = new Map<string, number>();
  return routes.map((route) => {
    const { api, stage, method, path, paths = "" } = route;
    const slug = [api, stage, method, path, paths]
      .join("-")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-");
    const id = `r-${slug.replace(/^-|-$/g, "")}`;
    const before = taken.get(id) ?? 0;
    taken.set(id, before + 1);
    return { id: before === 0 ? id : `${id}-${before + 1}`, route };
  });
}

function controls(routes: readonly MatrixRoute[]): string {
  const types = [...new Set(routes.map(({ auth }) => auth))].sort();
  const outcomes = Object.keys(SIGNS);
  return `<form role="search" aria-label="Filter" hidden>
<label>Search<input type="search" name="q" placeholder="path, caller, account, address"></label>
<label>Outcome<select name="outcome"><option value="">any</option>${outcomes.map(option).join("")}</select></label>
<label>Authorization<select name="auth"><option value="">any</option>${types.map(option).join("")}</select></label>
<button type="reset">Show everything</button>
<output aria-live="polite"></output>
</form>`;
}

function option(value: string): string {
  return `<option>${escapeHtml(value)}</option>`;
}

function apiSection(name: string, routes: readonly Identified[]): string {
  const title = escapeHtml(name);
  return `<section>
<h2>${title}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Who is let in: ${title}">
<table>
<caption>Who is let in</caption>
<thead><tr><th scope="col">Route</th><th scope="col">Authorization</th><th scope="col">Admitted</th></tr></thead>
<tbody>
${routes.map(overviewRow).join("\n")}
</tbody>
</table>
</div>
<div class="scroll" tabindex="0" role="region" aria-label="Every class of requests: ${title}">
<table>
<caption>Every class of requests</caption>
<thead><tr><th scope="col">Who</th><th scope="col">From</th><th scope="col">Outcome</th><th scope="col">Status</th><th scope="col">Because</th></tr></thead>
${routes.map(routeGroup).join("\n")}
</table>
</div>
</section>`;
}

function overviewRow({ id, route }: Identified): string {
  const admitted = route.entries.filter(({ outcome }) => outcome !== "deny");
  const words = admitted.map(({ who, network, outcome }) => {
    const from = network === "any" ? "" : ` from ${network}`;
    return `${who}${from}${outcome === "undecided" ? " (undecided)" : ""}`;
  });
  const cell = words.length === 0 ? "nobody" : words.map((text) => `<div>${escapeHtml(text)}</div>`).join("");
  return `<tr data-for="${id}"><th scope="row"><a href="#${id}">${escapeHtml(nameOf(route))}</a></th><td>${escapeHtml(route.auth)}</td><td>${cell}</td></tr>`;
}

function routeGroup({ id, route }: Identified): string {
  const name = escapeHtml(nameOf(route));
  return `<tbody id="${id}" data-route="${name}" data-auth="${escapeHtml(route.auth)}">
<tr><th scope="rowgroup" colspan="5"><a href="#${id}">${name}</a><span class="tag">${escapeHtml(route.auth)}</span></th></tr>
${[...route.entries]
  .sort((a, b) => ORDER[a.outcome] - ORDER[b.outcome])
  .map(entryRow)
  .join("\n")}
</tbody>`;
}

/** Who is let in is what a reader came for. */
const ORDER = { allow: 0, undecided: 1, deny: 2 } as const;
/** Characters of a reason that are shown without being asked for. */
const SHORT = 260;

function reason(because: string): string {
  if (because.length <= SHORT) return escapeHtml(because);
  const cut = because.lastIndexOf(" ", SHORT - 80);
  const shown = because.slice(0, cut > 0 ? cut : SHORT - 80);
  return `<details class="long"><summary>${escapeHtml(shown)}…</summary>${escapeHtml(because)}</details>`;
}

function entryRow({ who, network, outcome, status, because, witness }: MatrixEntry): string {
  const request =
    witness === null
      ? ""
      : `<details><summary>request</summary><pre>${escapeHtml(JSON.stringify(witness, undefined, 2))}</pre></details>`;
  return (
    `<tr data-outcome="${outcome}"><td class="who">${escapeHtml(who)}</td><td class="network" data-label="from">${escapeHtml(network)}</td>` +
    `<td class="outcome ${outcome}">${SIGNS[outcome]}</td><td class="status">${status ?? "–"}</td>` +
    `<td class="because">${reason(because)}${request}</td></tr>`
  );
}

/** `GET /orders/{id} (like /orders/1*)` */
function nameOf({ method, path, paths }: MatrixRoute): string {
  return `${method} ${path}${paths === undefined ? "" : ` (${paths})`}`;
}

function hash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
