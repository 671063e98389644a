/** How pages look: calm, readable in light and dark, nothing that has to be loaded. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --panel: #ffffff; --text: #1f2328; --muted: #59636e; --line: #e1e4e8; --soft: #f1f2f4; --link: #0a58a8;
  --create: #17703a; --create-soft: #e8f6ec; --update: #855600; --update-soft: #fdf4dc;
  --replace: #7138ab; --replace-soft: #f4ecfc; --adopt: #0d6674; --adopt-soft: #e4f5f7;
  --prune: #b0241a; --prune-soft: #fdeceb; --hold: #94480a; --hold-soft: #fdf0e4;
  --keep: #59636e; --keep-soft: #f1f2f4; --mark: #fff3b0;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12151a; --panel: #1a1e25; --text: #e4e7eb; --muted: #9aa5b1; --line: #2d333d; --soft: #232831; --link: #7db7f5;
    --create: #63c784; --create-soft: #15301f; --update: #e2b54a; --update-soft: #332910;
    --replace: #cba6f7; --replace-soft: #2c2040; --adopt: #70d0dc; --adopt-soft: #102f34;
    --prune: #ff958b; --prune-soft: #3b1c1a; --hold: #f2ad71; --hold-soft: #382512;
    --keep: #9aa5b1; --keep-soft: #232831; --mark: #5a4a00;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4.5rem; }
body { margin: 0; background: var(--page); color: var(--text); font: 1rem/1.55 var(--sans); }
code, pre, .id { font-family: var(--mono); font-size: .875em; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }
.frame { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem .75rem; background: var(--panel); z-index: 2; }

header.top { padding: 2.5rem 0 1.25rem; }
.kicker { margin: 0 0 .35rem; color: var(--muted); font-size: .8125rem; letter-spacing: .02em; }
h1 { margin: 0; font-size: 1.625rem; line-height: 1.3; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; }
.facts { display: flex; flex-wrap: wrap; gap: .35rem 1.75rem; margin: 1.1rem 0 0; font-size: .875rem; }
.facts div { display: flex; gap: .5rem; min-width: 0; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.remark { margin: .9rem 0 0; color: var(--muted); }

.tally { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.tally a, .tally span.tile {
  display: flex; align-items: baseline; gap: .45rem; padding: .4rem .8rem; border: 1px solid var(--line); border-radius: 999px;
  background: var(--panel); color: var(--text); font-size: .875rem; text-decoration: none;
}
.tally a:hover { border-color: var(--tone); }
.tally b { color: var(--tone); font-variant-numeric: tabular-nums; }

.tools {
  position: sticky; top: 0; z-index: 1; padding: .75rem 0; background: var(--page);
  border-bottom: 1px solid var(--line); margin-bottom: 1.75rem;
}
.tools form { display: flex; gap: .75rem; align-items: center; }
.tools input {
  flex: 1; min-width: 0; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--panel); color: var(--text); font: inherit; font-size: .9375rem;
}
.tools input::placeholder { color: var(--muted); opacity: 1; }
.tools button {
  padding: .5rem .8rem; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); color: var(--text);
  font: inherit; font-size: .875rem; cursor: pointer; white-space: nowrap;
}
.tools button:hover { border-color: var(--muted); }
.tools output { color: var(--muted); font-size: .8125rem; white-space: nowrap; font-variant-numeric: tabular-nums; }

main { padding-bottom: 3rem; }
section { margin: 0 0 2.25rem; }
h2 { display: flex; align-items: baseline; gap: .6rem; margin: 0 0 .75rem; font-size: 1.0625rem; font-weight: 620; }
h2 .count { color: var(--muted); font-weight: 400; font-size: .875rem; font-variant-numeric: tabular-nums; }
.changes { margin: 0; padding: 0; list-style: none; display: grid; gap: .5rem; }

.change { border: 1px solid var(--line); border-left: 3px solid var(--tone); border-radius: 8px; background: var(--panel); min-width: 0; }
.change > details > summary, .change > .bare { display: flex; align-items: baseline; gap: .65rem; padding: .6rem .9rem; }
.change > details > summary { cursor: pointer; list-style: none; border-radius: 8px; }
.change > details > summary::-webkit-details-marker { display: none; }
.change > details > summary::after {
  content: ""; align-self: center; flex: none; width: .45rem; height: .45rem; margin: 0 .15rem 0 .1rem;
  border: solid var(--muted); border-width: 0 1.5px 1.5px 0; transform: rotate(-45deg); transition: transform .12s;
}
.change > details[open] > summary::after { transform: rotate(45deg); }
.change > details > summary:hover .key { text-decoration: underline; text-decoration-color: var(--line); text-underline-offset: 3px; }
.badge {
  flex: none; min-width: 6.5rem; padding: .1rem .5rem; border-radius: 5px; background: var(--tone-soft); color: var(--tone);
  font-size: .75rem; font-weight: 600; text-align: center; white-space: nowrap;
}
.badge code { font-size: 1em; font-weight: 700; white-space: pre; }
.key { overflow-wrap: anywhere; font-weight: 560; }
.kind { color: var(--muted); font-weight: 400; }
.name { color: var(--muted); font-size: .875rem; overflow-wrap: anywhere; }
.id { margin-left: auto; padding-left: .5rem; color: var(--muted); font-size: .75rem; white-space: nowrap; }
.inside { padding: .1rem .9rem .9rem; }
.inside > * + * { margin-top: .9rem; }
.inside > .short + .short { margin-top: .45rem; }
.short { display: grid; grid-template-columns: minmax(0, 16rem) minmax(0, 1fr); gap: 0 1rem; align-items: baseline; }
.short .pointer { margin: 0; }
.short .from { grid-column: 2; }

.entries { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: 6px; }
.entries > li + li { border-top: 1px solid var(--line); }
.entries .row { display: flex; align-items: baseline; gap: .65rem; padding: .4rem .7rem; font-size: .9375rem; }
.entries .rest { padding: .4rem .7rem; color: var(--muted); font-size: .875rem; }
.entries .inside { padding: 0 .7rem .7rem; }
.pointer { display: block; margin: 0 0 .25rem; color: var(--muted); font-size: .8125rem; overflow-wrap: anywhere; }
.values { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .55rem; margin: 0; }
.values .arrow { color: var(--muted); }
del, ins { padding: .12rem .4rem; border-radius: 4px; text-decoration: none; overflow-wrap: anywhere; font-family: var(--mono); font-size: .8125rem; }
del { background: var(--prune-soft); color: var(--prune); }
ins { background: var(--create-soft); color: var(--create); }
.aside { color: var(--muted); font-size: .875rem; }
.from { margin: .3rem 0 0; color: var(--muted); font-size: .8125rem; overflow-wrap: anywhere; }
.hunks { margin: 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; font-size: .8125rem; line-height: 1.6; }
.hunks > span { display: grid; grid-template-columns: 1.75rem 1fr; white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.hunks .sign { text-align: center; color: var(--muted); user-select: none; }
.hunks .add { background: var(--create-soft); } .hunks .add .sign { color: var(--create); }
.hunks .cut { background: var(--prune-soft); } .hunks .cut .sign { color: var(--prune); }
.hunks .at { background: var(--soft); color: var(--muted); }

.callout { padding: .75rem .9rem; border-radius: 8px; background: var(--tone-soft); border: 1px solid var(--line); }
.callout p { margin: 0; overflow-wrap: anywhere; white-space: pre-line; }
.callout p + p { margin-top: .3rem; }
.callout strong { color: var(--tone); }
.notes { margin: 0; padding: .75rem .9rem .75rem 2rem; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
.notes li { overflow-wrap: anywhere; white-space: pre-line; }
.notes li + li { margin-top: .3rem; }
.quiet > summary { cursor: pointer; color: var(--muted); }
.plain { margin: .6rem 0 0; padding: 0; list-style: none; columns: 18rem; column-gap: 2rem; font-size: .875rem; }
.plain li { break-inside: avoid; padding: .1rem 0; overflow-wrap: anywhere; }
footer { border-top: 1px solid var(--line); padding: 1.25rem 0 2.5rem; color: var(--muted); font-size: .8125rem; overflow-wrap: anywhere; }

.create { --tone: var(--create); --tone-soft: var(--create-soft); }
.update { --tone: var(--update); --tone-soft: var(--update-soft); }
.replace { --tone: var(--replace); --tone-soft: var(--replace-soft); }
.adopt { --tone: var(--adopt); --tone-soft: var(--adopt-soft); }
.prune { --tone: var(--prune); --tone-soft: var(--prune-soft); }
.hold { --tone: var(--hold); --tone-soft: var(--hold-soft); }
.keep { --tone: var(--keep); --tone-soft: var(--keep-soft); }
@media (max-width: 40rem) {
  .change > details > summary, .change > .bare { flex-wrap: wrap; }
  .id { display: none; }
  .short { display: block; }
  h1 { font-size: 1.3125rem; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media print {
  .tools, .skip { display: none; }
  body { background: none; }
  .change { break-inside: avoid; }
}
`;
