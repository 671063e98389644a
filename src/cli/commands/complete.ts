import { readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import tab from "@bomb.sh/tab/commander";
import type { RootCommand } from "@bomb.sh/tab";
import type { Invocation } from "../command-row.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { packageVersion } from "../package-version.ts";
import { buildProgram } from "../program.ts";
import { readProjectFile, readUserFile } from "../settings-files.ts";

const NO_FILES = 4;
const NO_SPACE = 2;

/** What a shell asks on every TAB: the words so far, the last one unfinished. Never fails and never says anything else. */
export async function run({ args, flags, io, rows }: Invocation): Promise<number> {
  // The adapter adds these two itself.
  const others = rows.filter(({ name }) => name !== "complete" && name !== "completion");
  const program = buildProgram(others, { version: packageVersion(), stdout: io.stdout }, () => undefined);
  const root = tab(program, { completionCommandName: "completion" });
  const word = args.at(-1) ?? "";
  const contexts = await contextNames({ flags, io });
  offerPaths(root, word, io);
  for (const command of root.commands.values()) {
    const option = command.options.get("context");
    if (option !== undefined) option.handler = (offer) => contexts.forEach((name) => offer(name, ""));
  }
  // The library's own ending prints past our Io, and would set a space behind a folder.
  Object.defineProperty(root, "complete", { value: (typed: string) => answer(root, typed, io) });
  root.parse([...args]);
  return EXIT.ok;
}

function answer({ completions }: RootCommand, typed: string, io: Io): void {
  const prefix = /^--[^=]+=(.*)$/u.exec(typed)?.[1] ?? typed;
  const found = new Map(completions.map(({ value, description = "" }) => [value, description]));
  const matching = [...found].filter(([value]) => value.startsWith(prefix));
  const isUnfinished = matching.some(([value]) => value.endsWith("/"));
  for (const [value, description] of matching) io.stdout.write(`${value}\t${description.split("\n", 1)[0] ?? ""}\n`);
  io.stdout.write(`:${isUnfinished ? NO_FILES + NO_SPACE : NO_FILES}\n`);
}

function offerPaths(root: RootCommand, word: string, io: Io): void {
  const paths = pathsLike(word, io.cwd);
  for (const command of root.commands.values()) {
    const options = ["file", "token-file", "ca-file", "out", "report", "data", "secrets-dir", "project"];
    for (const name of options) {
      const option = command.options.get(name);
      if (option !== undefined) option.handler = (offer) => paths.forEach((path) => offer(path, ""));
    }
    for (const argument of command.arguments.values()) {
      if (argument.name !== "path" && argument.name !== "dir") continue;
      argument.handler = (offer) => paths.forEach((path) => offer(path, ""));
    }
  }
}

function pathsLike(word: string, cwd: string): readonly string[] {
  const typed = word.replace(/^--[^=]+=/u, "");
  const folder = typed.endsWith("/") ? typed : typed.includes("/") ? `${dirname(typed)}/`.replace(/^\/\/$/u, "/") : "";
  try {
    return readdirSync(resolve(cwd, folder === "" ? "." : folder), { withFileTypes: true })
      .filter(({ name }) => !name.startsWith(".") || typed.slice(folder.length).startsWith("."))
      .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`);
  } catch {
    return [];
  }
}

async function contextNames({ flags, io }: Pick<Invocation, "flags" | "io">): Promise<readonly string[]> {
  const files = await Promise.allSettled([readProjectFile(flags, io), readUserFile(io)]);
  return files.flatMap((file) => (file.status === "fulfilled" ? Array.from(file.value?.contexts.keys() ?? []) : []));
}
