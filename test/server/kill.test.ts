import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createServer } from "../../src/server/create-server.ts";
import { anApp, apiOf, TOKEN } from "../support/server-requests.ts";

const folder = mkdtempSync(join(tmpdir(), "kill-"));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

describe("a server that is killed", () => {
  it("has every write that it acknowledged, and opens again", async () => {
    const data = join(folder, "state.sqlite");
    const acknowledged: string[] = [];
    for (const round of [1, 2, 3]) {
      const { child, url } = await serve(data);
      // Writes go on while it dies, so that the kill lands between any two of them.
      const writers = Array.from({ length: 4 }, (_, writer) =>
        writeUntilItDies(url, `${round}.${writer}`, acknowledged),
      );
      await expect.poll(() => acknowledged.length, { interval: 1 }).toBeGreaterThan(round * 20);
      child.kill("SIGKILL");
      await Promise.all([once(child, "exit"), ...writers]);
    }
    const api = apiOf(createServer({ dialect: "doc", token: TOKEN, data }));
    const stored = new Set(((await api.send("GET", "/api/apps")).json as { name: string }[]).map(({ name }) => name));
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([]);
    expect((await api.send("POST", "/api/apps", anApp())).status).toBe(201);
    api.server.close();
  });
});

async function serve(data: string): Promise<{ child: ChildProcess; url: string }> {
  const program = new URL("../support/serve-forever.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [program, data], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  return { child, url: line.toString().trim() };
}

async function writeUntilItDies(url: string, prefix: string, acknowledged: string[]): Promise<void> {
  const headers = { authorization: `Token ${TOKEN}`, "content-type": "application/json" };
  for (let i = 0; ; i += 1) {
    const name = `${prefix}.${i}`;
    const init = { method: "POST", headers, body: JSON.stringify(anApp({ name })) };
    const status = await fetch(`${url}/api/apps`, init).then(
      (answer) => answer.status,
      () => 0,
    );
    if (status !== 201) return;
    acknowledged.push(name);
  }
}
