import type { Problem } from "../../../src/model/problem.ts";
import type { ProblemList } from "../../../src/report/problems/problem-list.ts";

const BOT = `apiVersion: llmstack.ai/v1alpha1
kind: App
metadata: { name: support-bot }
spec:
  definition:
    name: Support bot
    type_slug: text-chat
    proccessors: []
    slack_config: { app_id: 12:30, bot_token: xoxb-very-secret }
`;

export function aProblem(overrides: Partial<Problem> = {}): Problem {
  return {
    severity: "error",
    code: "app/unknown-field",
    message: 'spec.definition has no field "proccessors"',
    path: "apps/bot.yaml",
    range: { line: 8, column: 5, endLine: 8, endColumn: 16 },
    pointer: "/spec/definition/proccessors",
    suggestion: 'did you mean "processors"?',
    ...overrides,
  };
}

/** Every severity, a problem without place, one beside a literal secret, a file without problems. */
export const mixed: ProblemList = {
  problems: [
    aProblem({
      severity: "warning",
      code: "key/no-slug",
      message: "without a slug a rename makes a new app",
      suggestion: "add slug: old",
      path: "flat, 100%: old.yml",
      range: { line: 1, column: 1, endLine: 1, endColumn: 5 },
    }),
    aProblem(),
    {
      severity: "error",
      code: "yaml/ambiguous-scalar",
      message: "12:30 is text here and the number 750 to YAML 1.1 readers",
      path: "apps/bot.yaml",
      range: { line: 9, column: 29, endLine: 9, endColumn: 34 },
      suggestion: "quote it",
    },
    { severity: "note", code: "folder/skipped", message: "2 documents of other API groups were skipped", path: "-" },
  ],
  texts: new Map([
    ["apps/bot.yaml", BOT],
    ["flat, 100%: old.yml", "name: Old\ntype_slug: web\n"],
    ["apps/good.yaml", "kind: App\n"],
    ["-", "kind: ConfigMap\n"],
  ]),
};
