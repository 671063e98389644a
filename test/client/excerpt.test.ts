import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerpt } from "../../src/client/excerpt.ts";

describe("what is shown of a server's answer", () => {
  it("is its detail, or which fields it refused", () => {
    expect(excerpt({ detail: "Not found." }, 404, [])).toBe("Not found");
    expect(excerpt({ name: ["Too long.", "Bad."], type: "Unknown." }, 400, [])).toBe(
      "name: Too long. Bad.; type: Unknown",
    );
  });

  it("is one short line without control characters", () => {
    const shown = excerpt({ detail: `a\r\n\u001b[31mb\u202e${"x".repeat(500)}` }, 400, []);
    expect(shown).toMatch(/^a \[31mb x+…$/u);
    expect(shown.length).toBeLessThan(210);
  });

  it("is nothing of a traceback, nor of the fields of a server error", () => {
    expect(excerpt({ detail: "Traceback (most recent call last): SECRET" }, 400, [])).toBe("");
    expect(excerpt({ SECRET_KEY: "abc", settings: ["x"] }, 500, [])).toBe("");
    expect(excerpt("text", 400, [])).toBe("");
    expect(excerpt([{ detail: "x" }], 400, [])).toBe("");
  });

  it("never holds a text that was sent, however the server quotes it", () => {
    const shown = excerpt({ detail: `bad "pa\\"ss" and pa"ss and sk-12345678901 in context` }, 400, [
      'pa"ss',
      "sk-12345678901",
      "text",
      "",
    ]);
    expect(shown).toBe('bad "(sent value)" and (sent value) and (sent value) in context');
  });

  it("never holds a long text that was sent, wherever it stands", () => {
    const secret = fc.string({ minLength: 12, unit: "grapheme-ascii" }).filter((text) => text.trim().length >= 12);
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (text, before, after) => {
        expect(excerpt({ detail: before + text + after }, 400, [text])).not.toContain(text);
      }),
    );
  });
});
