import { describe, expect, it } from "vitest";
import { fieldViews } from "../../src/report/field-view.ts";

const numbered = (count: number, word: string): string =>
  Array.from({ length: count }, (_, i) => `${word} ${i}`).join("\n");

describe("a field", () => {
  it("with short values shows both", () => {
    expect(fieldViews({ pointer: "/k", before: 4, after: 5 })).toEqual([
      { pointer: "/k", shape: "value", before: "4", after: "5" },
    ]);
  });

  it("that reads the same on both sides, as a reference does, says that what it names has changed", () => {
    const value = { $ref: "App/helper" };
    expect(fieldViews({ pointer: "/k", before: value, after: value })).toEqual([
      { pointer: "/k", shape: "value", before: '{"$ref":"App/helper"}', after: "the same, as it is now" },
    ]);
  });

  it("with a long text shows only the lines that changed and those beside them", () => {
    const [view] = fieldViews({
      pointer: "/p",
      before: numbered(100, "line"),
      after: `${numbered(100, "line")}\nlast`,
    });
    expect(view?.shape === "hunks" && view.lines.length).toBeLessThan(10);
  });

  it("with a text that was rewritten from end to end says how long it was and is", () => {
    expect(fieldViews({ pointer: "/p", before: numbered(1500, "old"), after: numbered(1500, "new") })).toMatchObject([
      { shape: "size" },
    ]);
  });

  it("with a huge text is not compared", () => {
    const huge = "x\n".repeat(300_000);
    expect(fieldViews({ pointer: "/p", before: huge, after: `${huge}y` })).toEqual([
      { pointer: "/p", shape: "size", before: huge.length, after: huge.length + 1 },
    ]);
  });

  it("of one long line shows where it starts to differ", () => {
    const [view] = fieldViews({ pointer: "/p", before: `${"a".repeat(5000)}old`, after: `${"a".repeat(5000)}new` });
    expect(view).toMatchObject({ before: `…${"a".repeat(24)}old"`, after: `…${"a".repeat(24)}new"` });
  });

  it("that is secret shows no value, whatever it carries", () => {
    expect(fieldViews({ pointer: "/t", before: "one", after: "two", secret: true })).toEqual([
      { pointer: "/t", shape: "secret" },
    ]);
  });

  it("that is a whole new document shows its parts", () => {
    expect(fieldViews({ pointer: "", after: { name: "Bot", k: 1 } }).map(({ pointer }) => pointer)).toEqual([
      "/name",
      "/k",
    ]);
  });

  it("that is new and wide is counted, one that goes is shown", () => {
    const wide = [{ id: "_inputs1", text: "x".repeat(100) }];
    expect(fieldViews({ pointer: "/p", after: wide })).toMatchObject([{ after: "list of 1 item" }]);
    expect(fieldViews({ pointer: "/p", before: wide })).toMatchObject([{ before: JSON.stringify(wide) }]);
  });

  it("with blanks added at the end of a line shows them", () => {
    const [view] = fieldViews({ pointer: "/p", before: "a\nb\n", after: "a \nb\n" });
    expect(view?.shape === "hunks" && view.lines).toContainEqual({ sign: "+", text: "a·" });
  });
});
