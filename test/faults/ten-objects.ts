/** About ten objects that need each other: what every fault is tried on. `SECRET_CANARY` must never be seen again. */
export const SECRET_CANARY = "canary-9f3b-must-not-leak";

export const FIRST: Readonly<Record<string, string>> = {
  "datasources.yaml": `
apiVersion: llmstack.ai/v1alpha1
kind: Datasource
metadata: { name: manual }
spec:
  name: Manual
  type: text
  entries:
    - { name: start, content: Press the green button., metadata: { page: "1" } }
    - { name: stop, content: Press the red button. }
---
apiVersion: llmstack.ai/v1alpha1
kind: Datasource
metadata: { name: prices }
spec:
  name: Prices
  type: text
  entries:
    - { name: list, content: A ticket costs three coins. }
`,
  "guide.yaml": app(
    "guide",
    "Guide",
    `{ datasource: [{ $ref: Datasource/manual }, { $ref: Datasource/prices }], k: 4 }`,
  ),
  "clerk.yaml": app("clerk", "Clerk", `{ datasource: [{ $ref: Datasource/prices }], api_key: { $env: CLERK_KEY } }`),
  "greeter.yaml": app("greeter", "Greeter", `{ temperature: 0.5 }`),
  "desk.yaml": `
apiVersion: llmstack.ai/v1alpha1
kind: App
metadata: { name: desk }
spec:
  definition:
    name: Desk
    type_slug: web
    input_fields: [{ name: question, title: Question, type: string }]
    output_template: { markdown: "{{_inputs1.text}}" }
    processors:
      - id: _inputs1
        provider_slug: promptly
        processor_slug: promptly_app
        input: { question: "{{_inputs0.question}}" }
        config: { promptly_app: { $ref: App/greeter } }
`,
};

/** The next revision: updates, a changed and a dropped entry, an app that is gone and a new one. */
export const SECOND: Readonly<Record<string, string>> = {
  ...FIRST,
  "datasources.yaml": (FIRST["datasources.yaml"] ?? "")
    .replace("three coins", "four coins")
    .replace("    - { name: stop, content: Press the red button. }\n", ""),
  "greeter.yaml": app("greeter", "Greeter", `{ temperature: 0.7 }`),
  "clerk.yaml": app("cashier", "Cashier", `{ datasource: [{ $ref: Datasource/prices }] }`),
};

function app(key: string, name: string, config: string): string {
  return `
apiVersion: llmstack.ai/v1alpha1
kind: App
metadata: { name: ${key} }
spec:
  definition:
    name: ${name}
    type_slug: text-chat
    config: { welcome_message: "I am the ${key}" }
    input_fields: [{ name: question, title: Question, type: string }]
    output_template: { markdown: "{{_inputs1.answer}}" }
    processors:
      - id: _inputs1
        provider_slug: promptly
        processor_slug: text_chat
        input: { question: "{{_inputs0.question}}" }
        config: ${config}
`;
}
