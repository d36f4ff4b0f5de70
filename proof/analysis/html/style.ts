/** The page's only style sheet. Outcomes are told by words and signs; colour only repeats them. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1b1f24, #e6e8eb);
  --quiet: light-dark(#57606a, #a0a8b0);
  --page: light-dark(#ffffff, #14171a);
  --panel: light-dark(#f4f6f8, #1e2327);
  --line: light-dark(#d0d7de, #3a424a);
  --link: light-dark(#0550ae, #79b8ff);
  --allow: light-dark(#0f5c2e, #7ee2a8);
  --deny: light-dark(#57606a, #a0a8b0);
  --undecided: light-dark(#7a4100, #ffc36b);
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1rem 1.5rem 4rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.5rem; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.2rem; }
p { margin: .25rem 0; color: var(--quiet); }
a { color: var(--link); }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre { margin: .25rem 0; padding: .5rem; background: var(--panel); white-space: pre-wrap; overflow-wrap: anywhere; }
form { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1rem 0; padding: .75rem 0; background: var(--page); border-bottom: 1px solid var(--line); }
form label { display: grid; font-size: .875rem; color: var(--quiet); }
form input, form select, form button { min-height: 2.25rem; padding: .25rem .5rem; border: 1px solid var(--line); border-radius: .25rem; background: var(--panel); color: var(--text); font: inherit; }
form input { width: 20rem; max-width: 80vw; }
form output { color: var(--quiet); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
caption { padding: .5rem 0; text-align: left; color: var(--quiet); }
th, td { padding: .375rem .75rem .375rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: normal; }
thead th { color: var(--quiet); font-size: .875rem; white-space: nowrap; }
tbody th[scope="rowgroup"] { padding-top: 1.25rem; font-weight: 600; }
tbody th[scope="rowgroup"] a { text-decoration: none; }
tbody:target th[scope="rowgroup"] { background: var(--panel); box-shadow: inset .25rem 0 var(--link); padding-left: .75rem; }
tbody { scroll-margin-top: 5rem; }
.tag { display: inline-block; margin-left: .5rem; padding: 0 .375rem; border: 1px solid var(--line); border-radius: .25rem; color: var(--quiet); font-size: .8125rem; font-weight: normal; }
.outcome { white-space: nowrap; font-weight: 600; }
.allow { color: var(--allow); }
.deny { color: var(--deny); }
.undecided { color: var(--undecided); }
td.because { min-width: 18rem; max-width: 46rem; color: var(--quiet); overflow-wrap: anywhere; }
td.who, td.network { overflow-wrap: anywhere; }
details.long[open] > summary { display: none; }
@media (max-width: 48rem) {
  body { padding: .75rem .75rem 3rem; }
  form { position: static; }
  form label { flex: 1 1 8rem; }
  form input, form select { width: 100%; max-width: none; }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  table, tbody, tr, th, td, caption { display: block; min-width: 0; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  th, td, tbody th[scope="rowgroup"] { padding: 0; border: 0; overflow-wrap: anywhere; }
  td.who { font-weight: 600; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--quiet); }
  td.outcome, td.status { display: inline-block; margin-right: .5rem; }
  td.because { min-width: 0; max-width: none; }
  tbody { scroll-margin-top: 1rem; }
}
[hidden] { display: none !important; }
@media print {
  :root { color-scheme: light; }
  form { display: none; }
  body { max-width: none; padding: 0; font-size: .75rem; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  thead { display: table-header-group; }
}
`;
