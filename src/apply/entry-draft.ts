import type { EntryDraft } from "../client/client.ts";
import type { EntryMark } from "../model/mark.ts";
import { entryMarkOf } from "../model/mark-of.ts";
import type { EntryBody } from "../model/resource.ts";
import { Secret } from "../model/template.ts";
import type { EntryAdding } from "./changes.ts";
import type { Run } from "./run.ts";

/** What the addition of an entry sends; files stay closed until then. */
export function entryDraftOf({ desired, datasource }: EntryAdding, { plan }: Run): EntryDraft {
  const mark = entryMarkOf(datasource, desired, plan.target.set);
  return { name: desired.name, body: bodyOf(desired.body), metadata: desired.metadata, mark };
}

export function isMarked(entry: { readonly mark?: EntryMark }, mark: EntryMark): boolean {
  return entry.mark?.set === mark.set && entry.mark.key === mark.key && entry.mark.sha256 === mark.sha256;
}

function bodyOf(body: EntryBody): EntryDraft["body"] {
  if (body.kind === "file") return body;
  return { kind: body.kind, value: body.value instanceof Secret ? body.value.reveal() : body.value };
}
