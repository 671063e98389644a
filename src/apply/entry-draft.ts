import type { EntryDraft } from "../client/client.ts";
import type { LiveEntry } from "../model/live.ts";
import { entryMarkOf, entryNameWithMark } from "../model/mark-of.ts";
import type { EntryBody } from "../model/resource.ts";
import { Secret } from "../model/template.ts";
import type { EntryAdding } from "./changes.ts";
import type { Run } from "./run.ts";

/** What the addition of an entry sends; files stay closed until then. */
export function entryDraftOf({ desired, datasource }: EntryAdding, { plan }: Run): EntryDraft {
  const mark = entryMarkOf(datasource, desired, plan.target.set);
  return { name: desired.name, body: bodyOf(desired.body), metadata: desired.metadata, mark };
}

/** Tells the live entries that this draft made. Where names carry the mark, a URL entry is called by its URL. */
export function matcherOf({ name, body, mark }: EntryDraft, { client }: Run): (entry: LiveEntry) => boolean {
  if (client.rules.capabilities.entryMark === "metadata") {
    return ({ mark: found }) => found?.set === mark.set && found.key === mark.key && found.sha256 === mark.sha256;
  }
  const names = new Set([entryNameWithMark(name, mark), ...(body.kind === "url" ? [body.value] : [])]);
  return (entry) => names.has(entry.name);
}

function bodyOf(body: EntryBody): EntryDraft["body"] {
  if (body.kind === "file") return body;
  return { kind: body.kind, value: body.value instanceof Secret ? body.value.reveal() : body.value };
}
