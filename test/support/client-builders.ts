import type { Draft, EntryDraft } from "../../src/client/client.ts";
import { app } from "../../src/kinds/app.ts";
import { datasource } from "../../src/kinds/datasource.ts";
import type { JsonObject } from "../../src/model/json.ts";
import type { Mark } from "../../src/model/mark.ts";
import { sha256 } from "../../src/model/digest.ts";
import type { FileBody } from "../../src/model/resource.ts";

export { app, datasource };

export const UUID = "11111111-2222-4333-8444-555555555555";
export const OTHER_UUID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

export function aMark(more: Partial<Mark> = {}): Mark {
  return { v: 1, set: "team", key: "App/bot", nonce: "n1", sha256: "0".repeat(64), ...more };
}

export function anAppDraft(document: JsonObject = {}, mark = aMark()): Draft {
  return { name: "Bot", type: "web", document: { name: "Bot", type_slug: "web", ...document }, mark };
}

export function aDatasourceDraft(name = "Docs"): Draft {
  return { name, type: "text", document: { name, type: "text" }, mark: aMark({ key: "Datasource/docs" }) };
}

export function anEntryDraft(body: EntryDraft["body"] = { kind: "content", value: "hello" }): EntryDraft {
  const mark = { set: "team", key: "Datasource/docs/entries/greeting", sha256: "1".repeat(64) };
  return { name: "greeting", body, metadata: { lang: "en" }, mark };
}

export function aFile(bytes: Uint8Array, pieces: readonly number[] = [bytes.length]): FileBody {
  return {
    path: "docs/file.bin",
    fileName: "file.bin",
    size: bytes.length,
    sha256: sha256(bytes),
    async *read() {
      let at = 0;
      for (const piece of pieces) yield bytes.subarray(at, (at += piece));
      yield bytes.subarray(at);
    },
  };
}

/** An app as the documented API answers it. */
export function wireApp(data: JsonObject = {}, more: JsonObject = {}): JsonObject {
  return {
    uuid: UUID,
    name: "Bot",
    type_slug: "web",
    data: { name: "Bot", type_slug: "web", ...data },
    created_at: "2024-01-01T00:00:00.000000Z",
    last_updated_at: "2024-01-02T00:00:00.000000Z",
    ...more,
  };
}
