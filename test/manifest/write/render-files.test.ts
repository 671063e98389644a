import { describe, expect, it } from "vitest";
import type { Built } from "../../../src/manifest/build-desired.ts";
import { buildDesired } from "../../../src/manifest/build-desired.ts";
import { type Loaded, type LoadedFiles, wantedKey } from "../../../src/manifest/loaded-files.ts";
import { readManifests } from "../../../src/manifest/read-manifests.ts";
import { type Rendered, renderFiles } from "../../../src/manifest/write/render-files.ts";
import { isJson, type Json, jsonEqual } from "../../../src/model/json.ts";
import { sha256 } from "../../../src/model/digest.ts";
import { resourceKey } from "../../../src/model/resource.ts";

const PDF = Uint8Array.of(0x25, 0x50, 0x44, 0x46, 0xff, 0x00);
const LONG = "A long policy. ".repeat(1500);

const MANIFESTS = `apiVersion: llmstack.ai/v1alpha1
kind: App
metadata:
  name: bot
  namespace: support
  labels: { team: a }
  uid: 123e4567-e89b-42d3-a456-426614174000
spec:
  serverRef: { name: production }
  definition:
    name: Bot
    type_slug: text-chat
    config: { token_hint: { $env: HINT }, odd: { $$schema: x }, nothing: null }
    processors:
      - id: _inputs1
        provider_slug: promptly
        processor_slug: text_chat
        config:
          datasource: [{ $ref: Datasource/docs }]
          instructions: { $file: prompts/bot.md }
          again: { $file: prompts/bot.md }
          greeting: { $configMap: { name: texts, key: greeting } }
status: { ready: true }
---
apiVersion: llmstack.ai/v1alpha1
kind: Datasource
metadata: { name: docs, namespace: support }
spec:
  type: text
  entries:
    - { name: refunds, content: Refunds take 14 days., metadata: { lang: en } }
    - { name: policy, content: ${JSON.stringify(LONG)} }
  entriesFrom:
    - { glob: "docs/**/*.md", metadata: { source: docs } }
    - { configMap: { name: texts } }
---
apiVersion: llmstack.ai/v1alpha1
kind: Datasource
metadata: { name: papers, namespace: support }
spec:
  type: pdf
  entries: [{ name: handbook, file: { $file: handbook.pdf } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: texts, namespace: support }
data: { greeting: Hello }
---
apiVersion: v1
kind: Secret
metadata: { name: slack, namespace: support }
stringData: { token: sesame }
`;

const TEXTS: Readonly<Record<string, string>> = {
  "prompts/bot.md": "Be kind.\nBe brief.\n",
  "docs/a/readme.md": "A\r\n",
  "docs/b/readme.md": "B",
};

function filesFor(wanted: ReturnType<typeof readManifests>["wanted"]): LoadedFiles {
  const answer = (want: (typeof wanted)[number]): Loaded => {
    if (want.as === "text") {
      const paths = "path" in want ? [want.path] : Object.keys(TEXTS).filter((path) => path.startsWith("docs/"));
      return { files: paths.map((path) => ({ path, text: TEXTS[path] ?? "" })) };
    }
    const body = { path: "handbook.pdf", fileName: "handbook.pdf", size: PDF.length, sha256: sha256(PDF) };
    return {
      files: [
        {
          path: "handbook.pdf",
          body: {
            ...body,
            async *read() {
              yield PDF;
            },
          },
        },
      ],
    };
  };
  return new Map(wanted.map((want) => [wantedKey(want), answer(want)]));
}

function read(text: string): { rendered: Rendered; built: Built } {
  const manifests = readManifests([{ path: "all.yaml", text, root: "r", directory: "" }]);
  const files = filesFor(manifests.wanted);
  const inputs = { files, bytes: new Map([[sha256(PDF), PDF]]), secretName: "llmstack-env" };
  return {
    rendered: renderFiles(manifests, inputs),
    built: buildDesired(manifests, {
      files,
      env: (name) => `value of ${name}`,
      secretFiles: new Map([["llmstack-env/HINT", "value of HINT"]]),
      missingSecrets: "error",
    }),
  };
}

/** Secrets as they print, references by key. */
function plain(value: unknown): Json {
  const parsed: unknown = JSON.parse(JSON.stringify(value ?? null));
  return isJson(parsed) ? parsed : null;
}

function together({ files }: Rendered): string {
  return files.map(({ text }) => text).join("---\n");
}

describe("renderFiles", () => {
  const { rendered, built } = read(MANIFESTS);

  it("writes one object a file, in a form that people can read", async () => {
    expect(rendered.files.map(({ path }) => path)).toEqual([
      "app-bot.yaml",
      "configmap-app-bot-files.yaml",
      "configmap-datasource-docs-files.yaml",
      "configmap-datasource-papers-files.yaml",
      "configmap-texts.yaml",
      "datasource-docs.yaml",
      "datasource-papers.yaml",
    ]);
    await expect(together(rendered).replaceAll(LONG, "<LONG>")).toMatchFileSnapshot("../golden/rendered.yaml");
  });

  it("leaves nothing that has no meaning in a cluster, and says which variables the Secret must have", () => {
    expect(together(rendered)).not.toMatch(/\$env|\$file|glob:/u);
    expect(rendered.variables).toEqual(["HINT"]);
    expect(rendered.problems).toEqual([]);
  });

  it("never writes a Secret, and says that it did not", () => {
    expect(together(rendered)).not.toContain("sesame");
    expect(rendered.notes).toMatchObject([{ code: "render/secret" }]);
  });

  it("is read as the same desired state, so that nothing is uploaded again", () => {
    const again = read(together(rendered)).built;
    expect([...built.problems, ...again.problems].filter(({ severity }) => severity === "error")).toEqual([]);
    expect([...again.desired.keys()]).toEqual([...built.desired.keys()]);
    for (const [key, resource] of built.desired) {
      const other = again.desired.get(key);
      const digests = (entries: typeof resource.entries): readonly string[] =>
        (entries ?? []).map(({ name, sha256: digest }) => `${name} ${digest}`).toSorted();
      expect(digests(other?.entries)).toEqual(digests(resource.entries));
      expect(jsonEqual(plain(other?.document), plain(resource.document))).toBe(true);
    }
    expect(again.desired.get(resourceKey("App", "bot"))?.dependsOn).toEqual(["Datasource/docs"]);
  });

  it("rendered again, changes no more", () => {
    const again = read(together(rendered)).rendered;
    expect(again.files).toEqual(rendered.files);
  });

  it("spreads files over ConfigMaps that kubectl apply can still keep, and refuses what no ConfigMap holds", () => {
    const entries = Array.from({ length: 5 }, (_, index) => ({ name: `e${index}`, content: "x".repeat(90_000) }));
    const many = JSON.stringify({
      apiVersion: "llmstack.ai/v1alpha1",
      kind: "Datasource",
      metadata: { name: "many" },
      spec: { type: "text", entries: [...entries, { name: "huge", content: "y".repeat(1024 * 1024 + 1) }] },
    });
    const { files, problems } = read(many).rendered;
    expect(files.map(({ path }) => path)).toEqual([
      "configmap-datasource-many-files-2.yaml",
      "configmap-datasource-many-files-3.yaml",
      "configmap-datasource-many-files.yaml",
      "datasource-many.yaml",
    ]);
    expect(problems).toMatchObject([{ severity: "error", code: "render/too-large", path: "all.yaml" }]);
  });
});
