import { describe, expect, it } from "vitest";
import { kinds } from "../../src/kinds/index.ts";
import { parseSymbolic } from "../../src/manifest/parse-template.ts";
import { referencesIn, symbolic } from "../../src/model/template.ts";
import { aDatasource, anApp, brief, build, only } from "../support/manifest-builders.ts";

const mail =
  "processors: [{ id: _inputs1, provider_slug: promptly, processor_slug: email_sender, config: { connection_id: { $ref: 'Connection/My mail/in' } } }]";

describe("a reference to a connection", () => {
  it("is by the name that people gave it, and needs no manifest", () => {
    const { desired, problems } = build(anApp("a", mail));
    expect(problems).toEqual([]);
    const [app] = desired.values();
    expect(referencesIn(app?.document ?? {})).toMatchObject([{ target: "Connection/My mail/in", form: "connection" }]);
    expect(app?.dependsOn).toEqual([]);
  });

  it("has the form of a connection wherever it stands", () => {
    const app = only(anApp("a", "config: { anywhere: [{ $ref: Connection/slack }] }"));
    expect(referencesIn(app.document)).toMatchObject([{ target: "Connection/slack", form: "connection" }]);
  });

  it("may stand in a pipeline and in a field for connections", () => {
    const docs = aDatasource(
      "docs",
      "type: custom",
      "pipeline: { destination: { data: { connection_id: { $ref: Connection/db } } } }",
    );
    expect(build(docs).problems).toEqual([]);
    expect(
      build(anApp("a", "input_fields: [{ name: box, type: connection, default: { $ref: Connection/mail } }]")).problems,
    ).toEqual([]);
  });

  it.each([
    ["config: { x: { $ref: Connection/ } }", "error directive/argument"],
    ["config: { x: { $ref: 'Connection/ mail' } }", "error directive/argument"],
    ["config: { x: { $ref: Conection/mail } }", "error reference/unknown-kind"],
    [mail.replace("Connection/My mail/in", "Datasource/docs"), "error reference/unknown-target"],
    [
      "processors: [{ id: a, provider_slug: promptly, processor_slug: text_chat, config: { datasource: [{ $ref: Connection/mail }] } }]",
      "error reference/wrong-kind",
    ],
  ])("is told apart from what is none: %s", (line, problem) => {
    expect(brief(build(anApp("a", line)).problems).map((text) => text.split(" ").slice(0, 2).join(" "))).toEqual([
      problem,
    ]);
  });

  it("survives a plan file", () => {
    const { document } = only(anApp("a", mail));
    const again = parseSymbolic(symbolic(document), "App", () => "");
    expect(referencesIn(again)).toEqual(referencesIn(document));
  });

  it("that is written as an id is found where one may stand", () => {
    const id = "6f2ad6f2-57bb-4f3c-9fbb-0d9fbc6b2c5a";
    const { document } = only(anApp("a", mail.replace("{ $ref: 'Connection/My mail/in' }", id)));
    const app = kinds.find(({ kind }) => kind === "App");
    expect(app?.references(JSON.parse(JSON.stringify(document)) as never)).toMatchObject([
      { uuid: id, kind: "Connection" },
    ]);
  });
});
