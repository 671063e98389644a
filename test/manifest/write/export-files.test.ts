import { describe, expect, it } from "vitest";
import { docRules } from "../../../src/client/dialects/doc/rules.ts";
import { kinds } from "../../../src/kinds/index.ts";
import { exportFiles, type Exported, type ExportOptions } from "../../../src/manifest/write/export-files.ts";
import type { LiveEntry, LiveResource } from "../../../src/model/live.ts";
import { hasErrors } from "../../../src/model/problem.ts";
import { resourceKey } from "../../../src/model/resource.ts";
import { readBack } from "../../support/manifest-round-trip.ts";
import {
  aDatasource,
  anApp,
  anEntry,
  foreignEntry,
  liveEntry,
  liveFrom,
  liveState,
  remarked,
  unmarked,
  uuid,
} from "../../support/plan-builders.ts";

const OPTIONS: ExportOptions = { kinds, rules: docRules, set: "team", schemaBase: "../../schemas" };

function exported(
  resources: readonly LiveResource[],
  entries: Readonly<Record<string, readonly LiveEntry[]>> = {},
  options: Partial<ExportOptions> = {},
): Exported {
  return exportFiles(liveState(resources, entries), { ...OPTIONS, ...options });
}

function textOf({ files }: Exported, path: string): string {
  const file = files.find((one) => one.path === path);
  if (file === undefined) throw new Error(`no ${path} among ${files.map((one) => one.path).join(", ")}`);
  return file.text;
}

const PROMPT = `You are a support agent.\n\n${"Answer in one sentence, and name your source.\n".repeat(12)}`;

const docs = liveFrom(aDatasource("docs", { name: "Docs" }), uuid(1));
const triage = liveFrom(anApp("triage"), uuid(2));
const bot = liveFrom(
  anApp("bot", {
    document: {
      description: "yes",
      config: { welcome_message: "Hi", odd: { $schema: "x" }, version: "1.10" },
      processors: [
        {
          id: "_inputs1",
          provider_slug: "promptly",
          processor_slug: "text_chat",
          config: {
            datasource: [uuid(1), uuid(99)],
            instructions: PROMPT,
            headers: { Authorization: "Bearer sesame" },
            max_tokens: 500,
          },
          input: { question: "{{_inputs0.question}}" },
        },
        {
          id: "_inputs2",
          provider_slug: "promptly",
          processor_slug: "promptly_app",
          config: { promptly_app: JSON.stringify({ promptly_app_uuid: uuid(2), input: {} }) },
          input: {},
        },
        {
          id: "_inputs3",
          provider_slug: "promptly",
          processor_slug: "promptly_app",
          config: { promptly_app: JSON.stringify({ promptly_app_uuid: uuid(2), input: { a: 1 } }) },
          input: {},
        },
      ],
      slack_config: { app_id: "A1", bot_token: "xoxb-sesame", signing_secret: "" },
    },
  }),
  uuid(3),
  {
    mark: { v: 1, set: "team", key: "App/bot", sha256: "of another document", nonce: "n", protect: true, orphan: true },
  },
);

describe("exportFiles", () => {
  const all = exported([bot, docs, triage]);

  it("writes one file an object, prompts of several lines beside them, and nothing else", () => {
    expect(all.files.map(({ path }) => path)).toEqual([
      "apps/bot.yaml",
      "apps/prompts/bot-inputs1-instructions.md",
      "apps/triage.yaml",
      "datasources/docs.yaml",
    ]);
    expect(textOf(all, "apps/prompts/bot-inputs1-instructions.md")).toBe(PROMPT);
    expect(all.notes).toEqual([]);
  });

  it("writes manifests that people can read", async () => {
    await expect(textOf(all, "apps/bot.yaml")).toMatchFileSnapshot("../golden/bot.yaml");
    await expect(textOf(all, "datasources/docs.yaml")).toMatchFileSnapshot("../golden/docs.yaml");
  });

  it("never writes a secret, and lists the variables that stand for them", () => {
    expect(JSON.stringify(all)).not.toContain("sesame");
    expect(all.variables).toEqual([
      {
        name: "BOT_INPUTS1_HEADERS_AUTHORIZATION",
        key: "App/bot",
        pointer: "/processors/0/config/headers/Authorization",
      },
      { name: "BOT_SLACK_CONFIG_BOT_TOKEN", key: "App/bot", pointer: "/slack_config/bot_token" },
    ]);
  });

  it("never writes a mark", () => {
    expect(JSON.stringify(all)).not.toMatch(/x-llmstack-sync|nonce/u);
  });

  it("is the same whatever the order of objects and of their keys", () => {
    const turned = { ...bot, document: Object.fromEntries(Object.entries(bot.document).toReversed()) };
    expect(exported([triage, docs, turned])).toEqual(all);
  });

  it("gives an object the uuid that no mark of ours names, and keeps names apart", () => {
    const others = [
      unmarked(triage),
      remarked(liveFrom(anApp("other", { name: "The triage" }), uuid(5)), { set: "another" }),
      liveFrom(anApp("odd", { name: "\u{1F916}" }), uuid(6), { createdAt: "2025" }),
    ].map((live) => (live.uuid === uuid(6) ? unmarked(live) : live));
    const result = exported(others);
    expect(result.files.map(({ path }) => path)).toEqual([
      "apps/app-00000000.yaml",
      "apps/the-triage-2.yaml",
      "apps/the-triage.yaml",
    ]);
    expect(textOf(result, "apps/the-triage.yaml")).toContain(`uuid: ${uuid(2)}`);
    expect(textOf(exported([triage]), "apps/triage.yaml")).not.toContain("uuid");
  });

  it("of two objects with one mark the older keeps the key, the copy is named by its uuid", () => {
    const copy = { ...triage, uuid: uuid(1), createdAt: "2025-01-01T00:00:00Z" };
    const result = exported([copy, triage]);
    expect(textOf(result, "apps/triage.yaml")).not.toContain("uuid");
    expect(textOf(result, "apps/the-triage.yaml")).toContain(`uuid: ${uuid(1)}`);
  });

  it("leaves out what the token does not own", () => {
    expect(exported([{ ...triage, isOwned: false }]).files).toEqual([]);
  });

  it("keeps uuids in clear where the mark says that the manifest had them so", () => {
    const literal = liveFrom(
      anApp("literal", {
        document: {
          processors: [
            { id: "a", provider_slug: "promptly", processor_slug: "text_chat", config: { datasource: [uuid(1)] } },
          ],
        },
      }),
      uuid(7),
    );
    expect(textOf(exported([literal, docs]), "apps/literal.yaml")).toContain(`- ${uuid(1)}`);
    expect(textOf(exported([unmarked(literal), docs]), "apps/the-literal.yaml")).toContain("$ref: Datasource/docs");
  });

  it("says what no manifest can hold", () => {
    const odd = liveFrom(anApp("odd", { document: { visibility: 3, config: { a: { $ref: "x", b: 1 } } } }), uuid(8));
    const result = exported([odd]);
    expect(result.notes.map(({ code }) => code)).toEqual(["export/unknown-field", "export/dollar-key"]);
    expect(textOf(result, "apps/odd.yaml")).not.toContain("visibility");
  });

  it("an app whose name belongs to another tool gets a file that is read", () => {
    const named = liveFrom(anApp("kustomization"), uuid(9));
    expect(exported([named]).files.map(({ path }) => path)).toEqual(["apps/kustomization-app.yaml"]);
  });

  it("brings the schemas that editors need, hidden from those who read manifests", () => {
    const { schemaBase: _, ...options } = OPTIONS;
    const result = exportFiles(liveState([triage]), options);
    expect(result.files.map(({ path }) => path)).toEqual([".schemas/app.json", "apps/triage.yaml"]);
    expect(textOf(result, "apps/triage.yaml")).toMatch(
      /^# yaml-language-server: \$schema=\.\.\/\.schemas\/app\.json\n/u,
    );
  });
});

describe("entries", () => {
  const key = resourceKey("Datasource", "docs");
  const own = (name: string, parts: Partial<LiveEntry> = {}): LiveEntry =>
    liveEntry(key, anEntry(name), uuid(name.length + 100), {
      body: { kind: "content", value: `About ${name}.` },
      metadata: { lang: "en" },
      ...parts,
    });

  it("of ours are written with what they hold", async () => {
    const result = exported([docs], { [docs.uuid]: [own("refunds"), own("returns and more", { metadata: {} })] });
    await expect(textOf(result, "datasources/docs.yaml")).toMatchFileSnapshot("../golden/docs-entries.yaml");
  });

  it("give a datasource without marks its key back", () => {
    const renamed = { ...docs, name: "Something else", document: { name: "Something else", type: "text" } };
    const result = exported([renamed], { [docs.uuid]: [own("refunds")] });
    expect(textOf(result, "datasources/docs.yaml")).not.toContain("uuid");
  });

  it("of others are named in a comment, and written only when asked for, because applying them adds them again", () => {
    const foreign = { ...foreignEntry(uuid(50), "by hand\n# x"), body: { kind: "content" as const, value: "mine" } };
    const result = exported([docs], { [docs.uuid]: [own("refunds"), foreign] });
    expect(textOf(result, "datasources/docs.yaml")).toContain(
      "# Not written, because others added them: by hand # x.\n",
    );
    expect(textOf(result, "datasources/docs.yaml")).not.toContain("mine");
    const ours = { ...foreign, name: "faq" };
    expect(textOf(exported([docs], { [docs.uuid]: [ours] }, { entries: "all" }), "datasources/docs.yaml")).toContain(
      "- name: faq",
    );
  });

  it("are all left alone where one of ours cannot be written, so that --prune deletes none of them", () => {
    const { body: _, ...lost } = own("handbook.pdf");
    const result = exported([docs], { [docs.uuid]: [own("refunds"), lost] });
    expect(textOf(result, "datasources/docs.yaml")).not.toContain("entries:");
    expect(textOf(result, "datasources/docs.yaml")).toContain(
      "# Not written, because this server does not give back what they hold: handbook.pdf, refunds.\n",
    );
  });

  it("keep their digest, so that nothing is uploaded again", () => {
    const { desired, problems } = readBack(exported([docs], { [docs.uuid]: [own("refunds", { metadata: {} })] }).files);
    expect(hasErrors(problems)).toBe(false);
    expect(desired.get(key)?.entries).toMatchObject([{ name: "refunds", body: { value: "About refunds." } }]);
  });
});
