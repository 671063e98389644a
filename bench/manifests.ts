import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes `count` App manifests of about 2 KiB, one a file, as people keep them; `greeting` is a part that may change. */
export async function writeApps(folder: string, count: number, greeting = "Hello"): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let from = 0; from < count; from += 200) {
    const numbers = Array.from({ length: Math.min(200, count - from) }, (_, index) => from + index);
    await Promise.all(
      numbers.map((number) => writeFile(join(folder, `app-${number}.yaml`), appManifest(number, greeting))),
    );
  }
}

function appManifest(number: number, greeting: string): string {
  const advice = Array.from(
    { length: 12 },
    (_, line) =>
      `              Rule ${line + 1}: answer in the words of the documents and name the page you read, case ${number}.`,
  ).join("\n");
  return `apiVersion: llmstack.ai/v1alpha1
kind: App
metadata:
  name: app-${number}
  labels: { team: bench }
spec:
  definition:
    name: Bench app ${number}
    type_slug: text-chat
    description: One of many apps that are all alike
    config:
      welcome_message: "${greeting}, I am number ${number}"
      suggested_messages: ["What can you do?", "Who are you?"]
      window_color: "#336699"
    input_fields:
      - { name: question, title: Question, type: string, required: true }
    output_template:
      markdown: "{{_inputs1.answer}}"
    processors:
      - id: _inputs1
        provider_slug: promptly
        processor_slug: text_chat
        input: { question: "{{_inputs0.question}}" }
        config:
          k: 8
          temperature: 0.7
          datasource: []
          instructions: |
${advice}
`;
}
