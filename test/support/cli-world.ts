import { join } from "node:path";
import { createServer, type ReferenceServer, type ServerOptions } from "../../src/server/create-server.ts";
import { listen } from "../../src/server/listen.ts";
import { type CliResult, type CliSetup, folderWith, runCli } from "./cli-io.ts";

/** Distinctive enough to be found wherever it leaks. */
export const TOKEN = "canary-token-7f3a";

/** An app that everybody can run. */
export function appYaml(name: string, lines: readonly string[] = []): string {
  return `apiVersion: llmstack.ai/v1alpha1
kind: App
metadata: { name: ${name} }
spec:
  definition:
    name: ${name}
    type_slug: text-chat
    input_fields: [{ name: question, title: Question, type: string }]
    output_template: { markdown: "Answer to {{_inputs0.question}}" }
    processors: []
${lines.map((line) => `    ${line}\n`).join("")}`;
}

export function datasourceYaml(name: string, entries: Readonly<Record<string, string>>): string {
  const lines = Object.entries(entries).map(([entry, content]) => `    - { name: ${entry}, content: ${content} }\n`);
  return `apiVersion: llmstack.ai/v1alpha1
kind: Datasource
metadata: { name: ${name} }
spec:
  type: text
  entries:
${lines.join("")}`;
}

/** A folder, a reference server on a port, and command lines that know both. */
export interface CliWorld {
  readonly folder: string;
  readonly url: string;
  readonly server: ReferenceServer;
  /** Runs with LLMSTACK_SERVER and LLMSTACK_TOKEN set; `env` adds to them. */
  run(argv: readonly string[], setup?: Partial<CliSetup>): Promise<CliResult>;
  path(name: string): string;
  close(): Promise<void>;
}

export async function cliWorld(
  files: Readonly<Record<string, string>>,
  options: Partial<ServerOptions> = {},
): Promise<CliWorld> {
  const folder = await folderWith(files);
  const server = createServer({ dialect: "doc", token: TOKEN, ...options });
  const listening = await listen(server, { host: "127.0.0.1", port: 0 });
  const env = { LLMSTACK_SERVER: listening.url, LLMSTACK_TOKEN: TOKEN };
  return {
    folder,
    url: listening.url,
    server,
    run: (argv, setup = {}) => runCli(argv, { cwd: folder, ...setup, env: { ...env, ...setup.env } }),
    path: (name) => join(folder, name),
    close: async () => {
      await listening.close();
      server.close();
    },
  };
}
