import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePorts } from "../free-ports.ts";
import { startChild } from "../kube/child.ts";
import { forgeProgram } from "./programs.ts";

const run = promisify(execFile);
const MODULE = new URL("../../forge", import.meta.url).pathname;

/** A real Gitea on a free port, with its data in a temporary folder. */
export interface Gitea {
  readonly url: string;
  /** Makes an account and answers its access token. */
  user(name: string): Promise<string>;
  /** Asks its API; throws with its answer where that is no success. */
  api(token: string, method: string, path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

export async function startGitea(): Promise<Gitea> {
  const [program, folder, [port = 0], assets] = await Promise.all([
    forgeProgram("gitea"),
    mkdtemp(join(tmpdir(), "llmstack-sync-gitea-")),
    freePorts(1),
    moduleFolder(),
  ]);
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "app.ini");
  await mkdir(join(folder, "repositories"), { recursive: true });
  await writeFile(config, settings({ folder, port, url, assets }));
  const server = startChild(program, ["web", "--config", config, "--work-path", folder]);
  await server.until(async () => (await fetch(`${url}/api/healthz`).catch(() => undefined))?.ok === true);
  return {
    url,
    user: async (name) => {
      const flags = [
        "--username",
        name,
        "--email",
        `${name}@example.com`,
        "--random-password",
        "--must-change-password=false",
      ];
      const args = ["admin", "user", "create", "--config", config, "--work-path", folder, ...flags];
      const { stdout } = await run(program, [...args, "--access-token", "--access-token-scopes", "all"]);
      const token = /Access token was successfully created\S* (\S+)/u.exec(stdout)?.[1];
      if (token === undefined) throw new Error(`no token for ${name}: ${stdout}`);
      return token;
    },
    api: async (token, method, path, body) => {
      const response = await fetch(`${url}/api/v1/${path}`, {
        method,
        headers: { authorization: `token ${token}`, "content-type": "application/json" },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === "" ? undefined : (JSON.parse(text) as unknown);
    },
    close: async () => {
      await server.end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Templates and translations are not in the program. */
async function moduleFolder(): Promise<string> {
  const { stdout } = await run("go", ["list", "-m", "-f", "{{.Dir}}", "code.gitea.io/gitea"], { cwd: MODULE });
  return stdout.trim();
}

interface Settings {
  readonly folder: string;
  readonly port: number;
  readonly url: string;
  readonly assets: string;
}

function settings({ folder, port, url, assets }: Settings): string {
  return `RUN_MODE = prod
RUN_USER = ${userInfo().username}
; A throw-away forge for tests on this machine alone, where everything may run as root.
I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = ${url}/
STATIC_ROOT_PATH = ${assets}
DISABLE_SSH = true
OFFLINE_MODE = true
[database]
DB_TYPE = sqlite3
PATH = ${join(folder, "gitea.db")}
[repository]
ROOT = ${join(folder, "repositories")}
[security]
INSTALL_LOCK = true
PASSWORD_HASH_ALGO = pbkdf2
[service]
DISABLE_REGISTRATION = true
[webhook]
ALLOWED_HOST_LIST = loopback
[log]
LEVEL = Warn
MODE = console
[cron]
ENABLED = false
[actions]
ENABLED = false
[indexer]
ISSUE_INDEXER_TYPE = db
`;
}
