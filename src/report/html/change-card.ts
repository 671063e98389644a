import type { Hold, Op } from "../../model/plan.ts";
import type { ChangeView } from "../change-view.ts";
import type { FieldView } from "../field-view.ts";
import { bytes, counted, grouped, printableLines } from "../printable.ts";
import { type Markup, markup } from "./markup.ts";

/** What an op is called where there is room for words. */
const OP_WORD: Readonly<Record<Op, string>> = {
  create: "create",
  update: "update",
  replace: "replace",
  adopt: "adopt",
  prune: "delete",
  hold: "held",
  keep: "unchanged",
};

export type Folds = "open" | "closed";

/** A list of changes, each a card that folds where there is something inside. */
export function changeList(changes: readonly ChangeView[], folds: Folds): Markup {
  return markup`<ul class="changes">${changes.map((change) => markup`<li class="change ${change.op}" data-item>${card(change, folds)}</li>`)}</ul>`;
}

function card(change: ChangeView, folds: Folds): Markup {
  const content = inside(change);
  if (content === undefined) return markup`<div class="bare">${headline(change)}</div>`;
  const open = folds === "open" || change.hold !== undefined ? " open" : "";
  return markup`<details${open}><summary>${headline(change)}</summary>${content}</details>`;
}

function inside({ hold, fields, entries }: ChangeView): Markup | undefined {
  if (hold === undefined && fields.length === 0 && entries.length === 0) return undefined;
  return markup`<div class="inside">${[
    hold === undefined ? undefined : holdBox(hold),
    ...fields.map(fieldBlock),
    entries.length === 0 ? undefined : entryList(entries),
  ]}</div>`;
}

function headline(change: ChangeView): Markup {
  const { name } = change;
  return markup`${badge(change)}
<span class="key">${keyText(change.key)}</span>
${name === undefined ? undefined : markup`<span class="name">${name}</span>`}
${trailer(change)}`;
}

/** What only holds entries that change is not unchanged to a reader. */
function badge({ op, symbol, entries }: ChangeView): Markup {
  const word = op === "keep" && entries.length > 0 ? "entries" : OP_WORD[op];
  return markup`<span class="badge"><code aria-hidden="true">${symbol}</code> ${word}</span>`;
}

function trailer({ size, id }: ChangeView): Markup {
  return markup`${size === undefined ? undefined : markup`<span class="name">${bytes(size)}</span>`}
${id === undefined ? undefined : markup`<span class="id" title="change id">${id}</span>`}`;
}

/** The kind steps back behind the name. */
function keyText(key: string): Markup {
  const end = key.indexOf("/") + 1;
  return markup`<span class="kind">${key.slice(0, end)}</span>${key.slice(end)}`;
}

/** Names of entries are paths, and have no kind. Those that stay are counted: a datasource may have thousands. */
function entryList(entries: readonly ChangeView[]): Markup {
  const changing = entries.filter(({ op }) => op !== "keep");
  const kept = entries.length - changing.length;
  return markup`<ul class="entries" aria-label="entries">${[
    ...changing.map(
      (entry) =>
        markup`<li class="${entry.op}"><div class="row">${badge(entry)}<span class="key">${entry.key}</span>${trailer(entry)}</div>${inside(entry)}</li>`,
    ),
    kept === 0 ? undefined : markup`<li class="rest">${counted(kept, "entry", "entries")} unchanged</li>`,
  ]}</ul>`;
}

/** What does not change, in a list that is short where there is much of it. */
export function keptList(changes: readonly ChangeView[]): Markup {
  return markup`<details class="quiet"><summary>Show what stays as it is</summary><ul class="plain">${changes.map(
    ({ key, name, entries }) =>
      markup`<li data-item>${keyText(key)}${name === undefined ? undefined : markup` <span class="name">${name}</span>`}${entries.length === 0 ? undefined : markup` <span class="name">${counted(entries.length, "entry", "entries")}</span>`}</li>`,
  )}</ul></details>`;
}

function holdBox({ reason, detail, remedy }: Hold): Markup {
  return markup`<div class="callout hold"><p><strong>Held (${reason}).</strong> ${lines(detail)}</p><p>To allow it: ${lines(remedy)}</p></div>`;
}

/** Several lines stay several lines; the style keeps their breaks. */
export function lines(text: string): string {
  return printableLines(text).join("\n");
}

/** A short name and one line of value stand side by side. */
function fieldBlock(field: FieldView): Markup {
  const isShort = field.shape !== "hunks" && field.pointer.length <= SHORT;
  return markup`<div class="field${isShort ? " short" : ""}"><code class="pointer">${field.pointer}</code>${fieldValue(field)}${field.from === undefined ? undefined : markup`<p class="from">from ${field.from}</p>`}</div>`;
}

function fieldValue(field: FieldView): Markup {
  switch (field.shape) {
    case "secret":
      return markup`<p class="values"><span class="aside">(secret) changed</span></p>`;
    case "hunks":
      return markup`<pre class="hunks">${field.lines.map(({ sign, text }) => markup`<span class="${LINE[sign]}"><span class="sign">${sign === "@" ? "" : sign}</span><span>${text}</span></span>`)}</pre>`;
    case "size":
      return sides(sizeText(field.before), sizeText(field.after));
    case "value":
    default:
      return sides(field.before, field.after);
  }
}

const SHORT = 32;

const LINE = { "+": "add", "-": "cut", " ": "same", "@": "at" } as const;

function sizeText(size: number | undefined): string | undefined {
  return size === undefined ? undefined : `${grouped(size)} characters`;
}

function sides(before: string | undefined, after: string | undefined): Markup {
  const was = before === undefined ? undefined : markup`<span class="sr">was</span><del>${before}</del>`;
  const is = after === undefined ? markup`<span class="aside">removed</span>` : markup`<ins>${after}</ins>`;
  const arrow =
    before === undefined
      ? undefined
      : markup`<span class="arrow" aria-hidden="true">→</span><span class="sr">becomes</span>`;
  return markup`<p class="values">${[was, arrow, is]}</p>`;
}
