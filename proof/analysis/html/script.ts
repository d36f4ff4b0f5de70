/**
 * The page's only script: search, filters, and their state in the URL hash. Without it the page is complete and shows
 * everything. A hash such as `#r-get-orders` is the browser's own deep link and is left alone.
 */
export const SCRIPT = `
"use strict";
(() => {
  const form = document.querySelector("form");
  const [text, outcome, auth] = ["q", "outcome", "auth"].map((name) => form.elements.namedItem(name));
  const count = form.querySelector("output");
  const groups = [...document.querySelectorAll("tbody[data-route]")].map((body) => ({
    body,
    auth: body.dataset.auth,
    name: body.dataset.route.toLowerCase(),
    rows: [...body.querySelectorAll("tr[data-outcome]")].map((row) => ({
      row,
      outcome: row.dataset.outcome,
      text: row.textContent.toLowerCase(),
    })),
  }));
  const sections = document.querySelectorAll("section");
  const overview = new Map([...document.querySelectorAll("tr[data-for]")].map((row) => [row.dataset.for, row]));

  function apply() {
    const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const group of groups) {
      const rightAuth = auth.value === "" || group.auth === auth.value;
      let any = false;
      for (const { row, outcome: is, text: all } of group.rows) {
        const found = words.every((word) => group.name.includes(word) || all.includes(word));
        const show = rightAuth && found && (outcome.value === "" || outcome.value === is);
        row.hidden = !show;
        if (show) { any = true; shown++; }
      }
      group.body.hidden = !any;
      const summary = overview.get(group.body.id);
      if (summary !== undefined) summary.hidden = !any;
    }
    for (const section of sections) section.hidden = section.querySelector("tbody[data-route]:not([hidden])") === null;
    count.textContent = shown + " shown";
  }

  function remember() {
    const state = new URLSearchParams();
    for (const field of [text, outcome, auth]) if (field.value !== "") state.set(field.name, field.value);
    history.replaceState(null, "", state.size === 0 ? location.pathname + location.search : "#" + state);
  }

  function recall() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("r-")) {
      // What the link points at must not be filtered away.
      if (document.getElementById(hash)?.hidden) form.reset();
      apply();
      document.getElementById(hash)?.scrollIntoView();
      return;
    }
    const state = new URLSearchParams(hash);
    for (const field of [text, outcome, auth]) field.value = state.get(field.name) ?? "";
    apply();
  }

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => { apply(); remember(); });
  form.addEventListener("reset", () => setTimeout(() => { apply(); remember(); }));
  addEventListener("hashchange", recall);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  recall();
})();
`;
