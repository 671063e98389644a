import { array, assert, constantFrom, integer, oneof, property, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { isArray, isObject } from "../../../src/model/json.ts";
import type { Problem } from "../../../src/model/problem.ts";
import { codeFrames } from "../../../src/report/problems/code-frame.ts";
import type { ProblemList } from "../../../src/report/problems/problem-list.ts";
import { renderProblemsGithub } from "../../../src/report/problems/problems-github.ts";
import { problemsToJson } from "../../../src/report/problems/problems-json.ts";
import { renderProblemsJunit } from "../../../src/report/problems/problems-junit.ts";
import { problemsToSarif } from "../../../src/report/problems/problems-sarif.ts";
import { renderProblemsText } from "../../../src/report/problems/problems-text.ts";
import { aProblem, mixed } from "./sample.ts";

/** What a manifest might hold to reach out of the report that shows it. */
const hostile = oneof(
  string({ unit: "binary", maxLength: 30 }),
  constantFrom(
    "\n::stop-commands::x",
    "\r\n::error::y",
    "%0A::warning::z",
    "\u001b[2Jgone",
    "</failure><failure>",
    "]]>",
    '" onload="',
    "&amp;",
    "\uFFFE\uD800",
    "a:b,c=d",
    "\u202Eevil",
  ),
);
const text = array(hostile, { maxLength: 3 }).map((parts) => parts.join(""));
const problem = record({
  severity: constantFrom("error" as const, "warning" as const, "note" as const),
  code: text,
  message: text,
  path: constantFrom("a.yaml", "dir/b.yaml", "-").chain((path) => text.map((odd) => path + odd)),
  suggestion: text,
  range: record({
    line: integer({ min: 1, max: 3 }),
    column: integer({ min: 1, max: 400 }),
    endLine: integer({ min: 1, max: 3 }),
    endColumn: integer({ min: 1, max: 400 }),
  }),
});
const list = record({ problems: array(problem, { maxLength: 4 }), source: text }).map(
  ({ problems, source }): ProblemList => ({
    problems,
    texts: new Map(problems.map(({ path }) => [path, `one\n${source}\nthree`])),
  }),
);

const CONTROL = /(?!\n)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u;

describe("no format lets a manifest's text break out", () => {
  it("text for people holds no control characters, and as many lines as it means to", () => {
    assert(
      property(list, (problems) => {
        const shown = renderProblemsText(problems, { style: "plain" });
        expect(shown).not.toMatch(CONTROL);
        const frames = problems.problems.filter((found) => codeFrames(problems)(found) !== undefined).length;
        const count = problems.problems.length;
        expect(shown.split("\n").length - 1).toBe(count * 3 + frames * 2 + 1);
      }),
    );
  });

  it("every line for GitHub is one of our own commands, and undoing its escapes gives no new line", () => {
    assert(
      property(list, (problems) => {
        const lines = renderProblemsGithub(problems).split("\n").slice(0, -1);
        expect(lines).toHaveLength(problems.problems.length);
        for (const line of lines) {
          expect(line).toMatch(/^::(?:error|warning|notice) [^:]*::/u);
          expect(line.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%")).not.toMatch(/[\r\n]/u);
        }
      }),
    );
  });

  it("XML stays well-formed: tags only of our making", () => {
    assert(
      property(list, (problems) => {
        const xml = renderProblemsJunit(problems);
        expect(xml).not.toMatch(CONTROL);
        expect(xml.isWellFormed()).toBe(true);
        expect(xml).not.toMatch(/[\uFFFE\uFFFF]|&(?!(?:amp|lt|gt|quot|apos);)/u);
        const tag =
          /<(?:\?xml [^<>]*\?|\/?(?:testsuites|testsuite|testcase|failure|system-out)(?: [a-z]+="[^"<>]*")*\/?)>/gu;
        expect(xml.replaceAll(tag, "")).not.toMatch(/[<>]/u);
      }),
    );
  });

  it("JSON and SARIF give every message back unchanged, and SARIF's paths are URIs", () => {
    assert(
      property(list, (problems) => {
        const parsed: unknown = JSON.parse(JSON.stringify(problemsToJson(problems)));
        const shown = isObject(parsed) && isArray<Problem>(parsed["problems"]) ? parsed["problems"] : [];
        expect(shown.map(({ message }) => message).toSorted()).toEqual(
          problems.problems.map(({ message }) => message).toSorted(),
        );
        for (const uri of JSON.stringify(problemsToSarif(problems, { version: "1" })).matchAll(/"uri":"([^"]*)"/gu)) {
          expect(uri[1]).toMatch(/^[\w.~!*'()%/-]*$/u);
        }
      }),
    );
  });
});

describe("formats", () => {
  it("do not depend on the order in which problems were found", () => {
    const turned = { ...mixed, problems: mixed.problems.toReversed() };
    expect(renderProblemsText(turned, { style: "plain" })).toBe(renderProblemsText(mixed, { style: "plain" }));
    expect(renderProblemsJunit(turned)).toBe(renderProblemsJunit(mixed));
    expect(renderProblemsGithub(turned)).toBe(renderProblemsGithub(mixed));
    expect(problemsToSarif(turned, { version: "1" })).toEqual(problemsToSarif(mixed, { version: "1" }));
    expect(problemsToJson(turned)).toEqual(problemsToJson(mixed));
  });

  it("GitHub gets nothing at all where nothing is wrong", () => {
    expect(renderProblemsGithub({ ...mixed, problems: [] })).toBe("");
  });
});

describe("code frames", () => {
  const frame = (source: string, overrides: Partial<Problem> = {}, isSecret = false): string | undefined =>
    codeFrames({
      problems: [],
      texts: new Map([["apps/bot.yaml", source]]),
      isSecret: () => isSecret,
    })(aProblem({ range: { line: 1, column: 1, endLine: 1, endColumn: 4 }, ...overrides }))?.text;

  it.each([
    ['api_key: { $secret: "hunter22" }', "api_key: (secret)"],
    ["api_key: { $env: hunter22-with-hyphens }", "api_key: (secret)"],
    ["bot_token: xoxb-1", "bot_token: (secret)"],
    ['  "signing_secret": "abc"', '  "signing_secret": (secret)'],
    ['{"api_key":"abc"}', '{"api_key":(secret)'],
    ["- { name: a, X-Api-Key: abc, b: c }", "- { name: a, X-Api-Key: (secret)"],
    ["{ max_tokens: 5, password: abc }", "{ max_tokens: 5, password: (secret)"],
    ["bot_token: { $env: A }, password: abc", "bot_token: (secret)"],
  ])("leave out what stands in clear beside a credential's name: %s", (source, shown) => {
    expect(frame(source)).toBe(shown);
  });

  it.each(["bot_token: { $secret: { name: a, key: b } }", "token: { $env: A } # mine", "max_tokens: 500", "name: Bot"])(
    "show references and ordinary values: %s",
    (source) => {
      expect(frame(source)).toBe(source);
    },
  );

  it("leave out the value where the caller says it is a secret, whatever the line looks like", () => {
    expect(frame("welcome: hush", {}, true)).toBe("welcome: (secret)");
    expect(frame("    a line of a block", {}, true)).toBe("    (secret)");
    expect(frame("key:", {}, true)).toBe("key:");
    expect(frame("headers: { X-Key: { $env: A }, B: hush }", {}, true)).toBe("headers: (secret)");
  });

  it.each([
    "welcome: { $env: CRM_KEY }",
    "  - { $secret: { name: crm, key: note } }",
    "headers: { Authorization: { $env: CRM_KEY }, X-Key: { $env: B } }",
    "    $env: CRM_KEY",
    '"X": {"$env": "CRM_KEY"},',
  ])("show the name of a variable, which is no secret: %s", (source) => {
    expect(frame(source, {}, true)).toBe(source);
  });

  it("leave out every value in a document that holds a Kubernetes Secret", () => {
    const file = "apiVersion: v1\nkind: Secret\nmetadata: { name: slack }\nstringData:\n  pin: yes\n  name: hush\n";
    expect(frame(file, { range: { line: 6, column: 9, endLine: 6, endColumn: 13 } })).toBe("  name: (secret)");
    expect(frame(`{"kind":"Secret","stringData":{"pin":"hush"}}`)).toBe("(secret)");
    const items = "kind: List\nitems:\n- kind: Secret\n  stringData: { pin: hush }\n";
    expect(frame(items, { range: { line: 4, column: 3, endLine: 4, endColumn: 9 } })).toBe("  stringData: (secret)");
    expect(frame(file, { range: { line: 5, column: 8, endLine: 5, endColumn: 11 } })).toBe("  pin: (secret)");
    expect(frame(file, { range: { line: 3, column: 13, endLine: 3, endColumn: 17 } })).toBe(
      "metadata: { name: slack }",
    );
  });

  it("show the other documents of its file", () => {
    const file = "kind: Secret\nstringData: { pin: hush }\n---\nkind: App\nwelcome: Hello\n---\nkind: Secret\n";
    expect(frame(file, { range: { line: 5, column: 1, endLine: 5, endColumn: 2 } })).toBe("welcome: Hello");
    expect(frame(file, { range: { line: 2, column: 1, endLine: 2, endColumn: 2 } })).toBe("stringData: (secret)");
  });

  it("are left out for a value of a Secret: half a value of several lines is still one", () => {
    const file = "kind: Secret\nmetadata: { name: a }\ndata:\n  pin: |\n    user hunter2: hush\n";
    const range = { line: 5, column: 5, endLine: 5, endColumn: 9 };
    expect(frame(file, { range, pointer: "/data/pin" })).toBeUndefined();
  });

  it("cut long lines around the place, and keep the mark under it", () => {
    const source = `${"a".repeat(1000)}HERE${"b".repeat(1000)}`;
    const shown = codeFrames({ problems: [], texts: new Map([["apps/bot.yaml", source]]) })(
      aProblem({ range: { line: 1, column: 1001, endLine: 1, endColumn: 1005 } }),
    );
    expect(shown?.text.length).toBeLessThan(220);
    expect(shown?.text.slice(shown.start, shown.start + shown.length)).toBe("HERE");
  });

  it("are left out for a problem of a whole file, and for a line that does not exist", () => {
    const { range: _, ...whole } = aProblem();
    expect(codeFrames(mixed)(whole)).toBeUndefined();
    expect(frame("one line", { range: { line: 7, column: 1, endLine: 7, endColumn: 2 } })).toBeUndefined();
  });
});
