import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** The reference server in a process of its own, so that its work is not counted as ours. */
export interface BenchServer {
  readonly url: string;
  readonly token: string;
  /** Requests answered so far, from the server's own journal. */
  requests(): Promise<number>;
  /** Deletes every app. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const TOKEN = "bench-token";

export async function startServer(bin: string, options: readonly string[] = []): Promise<BenchServer> {
  const args = [bin, "serve", "--listen", "127.0.0.1:0", "--token", TOKEN, "--journal", "-q", ...options];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await firstLine(child);
  const headers = { authorization: `Token ${TOKEN}` };
  return {
    url,
    token: TOKEN,
    requests: async () => {
      const answer = await fetch(`${url}/__journal`, { headers });
      const entries = (await answer.json()) as readonly unknown[];
      return entries.length;
    },
    clear: async () => {
      const apps = (await (await fetch(`${url}/api/apps`, { headers })).json()) as readonly { uuid: string }[];
      await Promise.all(apps.map(({ uuid }) => fetch(`${url}/api/apps/${uuid}`, { method: "DELETE", headers })));
    },
    stop: async () => {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGTERM");
      await closed;
    },
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) return Promise.reject(new Error("the server has no stdout"));
  return new Promise((resolve, reject) => {
    createInterface({ input: stdout }).once("line", resolve);
    child.once("close", (code) => reject(new Error(`the server ended with ${String(code)} before it was ready`)));
  });
}
