import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createServer } from "../src/server/create-server.ts";
import { listen } from "../src/server/listen.ts";
import { runCli } from "./support/cli-io.ts";

const run = promisify(execFile);
const project = fileURLToPath(new URL("..", import.meta.url));
const readme = join(project, "README.md");

/** Address of the tour, as the README has it. */
const TOUR = "http://127.0.0.1:8080";

/** A session of the tour: `$ command` and what it prints on stdout. */
const CONSOLE = /```console\n([\s\S]*?)```/gu;

describe("the README", () => {
  let folder: string;
  let listening: Awaited<ReturnType<typeof listen>>;
  const env: Record<string, string> = {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "llmstack-sync-readme-"));
    await cp(join(project, "examples"), join(folder, "examples"), { recursive: true });
    const server = createServer({ dialect: "doc", token: "demo" });
    listening = await listen(server, { host: "127.0.0.1", port: 0 });
  });

  afterAll(async () => {
    await listening.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("shows what really happens", async () => {
    const text = await readFile(readme, "utf8");
    const sessions = [...text.matchAll(CONSOLE)].map(([, session = ""]) => session);
    const shown: string[] = [];
    for (const session of sessions) shown.push(await replay(session));
    // UPDATE_README=1 writes what happens; a person then reads the difference.
    if (process.env["UPDATE_README"] === "1") {
      await writeFile(
        readme,
        text.replaceAll(CONSOLE, () => `\`\`\`console\n${shown.shift() ?? ""}\`\`\``),
      );
      return;
    }
    expect(shown.map(withoutChance)).toEqual(sessions.map(withoutChance));
  });

  it("builds a program that npx may run, however often it is built", async () => {
    const { mode } = await stat(join(project, "dist", "bin.js"));
    expect(mode & 0o100).toBe(0o100);
  });

  async function replay(session: string): Promise<string> {
    const commands = session.split("\n").filter((line) => line.startsWith("$ "));
    const lines: string[] = [];
    for (const line of commands) lines.push(`${line}\n`, await output(line.slice(2)));
    return lines.join("");
  }

  async function output(command: string): Promise<string> {
    const settings = [...command.matchAll(/(LLMSTACK_\w+)=(\S+)/gu)];
    if (command.startsWith("export ")) {
      for (const [, name = "", value = ""] of settings) env[name] = value.replace(TOUR, listening.url);
      return "";
    }
    const words = command.match(/(?:[^\s"]|"[^"]*")+/gu)?.map((word) => word.replaceAll('"', "")) ?? [];
    if (words[0] !== "npx") return (await run("sh", ["-c", command], { cwd: folder })).stdout;
    const result = await runCli(words.slice(2), { cwd: folder, env });
    if (result.exitCode !== 0) throw new Error(`${command}: exit ${result.exitCode}\n${result.stderr}`);
    return result.stdout.replaceAll(listening.url, TOUR);
  }
});

/** What differs from run to run: uuids, ids of changes to live objects, times. */
function withoutChance(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gu, "UUID")
    .replaceAll(/\[[0-9a-f]{12}\]|digest [0-9a-f]{12}/gu, "ID")
    .replaceAll(/in [\d.]+ m?s\b/gu, "in TIME");
}
