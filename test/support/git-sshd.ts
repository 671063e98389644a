import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const SSHD = "/usr/sbin/sshd";

/** OpenSSH's server on loopback, for one key and for git alone. */
export interface GitSshd {
  /** `ssh://user@127.0.0.1:port`, to which the path of a repository is added. */
  readonly address: string;
  readonly keyFile: string;
  /** A key that the server does not know. */
  readonly strangerKeyFile: string;
  readonly knownHostsFile: string;
  close(): Promise<void>;
}

/** Needs sshd and ssh-keygen (Debian: openssh-server, openssh-client). */
export async function startSshd(): Promise<GitSshd> {
  await access(SSHD).catch(() => {
    throw new Error(`${SSHD} is missing: run scripts/install-real-parts.sh (Debian: openssh-server)`);
  });
  const folder = await mkdtemp(join(tmpdir(), "llmstack-sync-sshd-"));
  const [host, key, stranger] = await Promise.all(["host", "key", "stranger"].map((name) => makeKey(folder, name)));
  const port = await freePort();
  await writeFile(join(folder, "authorized"), await readFile(`${key ?? ""}.pub`));
  await chmod(join(folder, "authorized"), 0o600);
  const knownHostsFile = join(folder, "known hosts");
  await writeFile(knownHostsFile, `[127.0.0.1]:${port} ${await readFile(`${host ?? ""}.pub`, "utf8")}`);
  const settings = [
    `ListenAddress 127.0.0.1:${port}`,
    `HostKey ${host ?? ""}`,
    `AuthorizedKeysFile ${join(folder, "authorized")}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "UsePAM no",
    "StrictModes no",
    "PermitRootLogin prohibit-password",
    `PidFile ${join(folder, "pid")}`,
    "AcceptEnv GIT_PROTOCOL",
  ];
  await writeFile(join(folder, "config"), `${settings.join("\n")}\n`);
  // Where it drops its rights to; Debian makes it when the service starts.
  if (process.getuid?.() === 0) await mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const child = spawn(SSHD, ["-D", "-e", "-f", join(folder, "config")], { stdio: ["ignore", "ignore", "pipe"] });
  await listening(child.stderr.setEncoding("utf8"), once(child, "exit"));
  return {
    address: `ssh://${userInfo().username}@127.0.0.1:${port}`,
    keyFile: key ?? "",
    strangerKeyFile: stranger ?? "",
    knownHostsFile,
    close: async () => {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeKey(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path]);
  return path;
}

async function listening(stderr: AsyncIterable<string>, exit: Promise<unknown>): Promise<void> {
  let text = "";
  const said = Promise.withResolvers<void>();
  void (async () => {
    for await (const piece of stderr) {
      text += piece;
      if (text.includes("Server listening")) said.resolve();
    }
  })();
  await Promise.race([
    said.promise,
    exit.then(() => {
      throw new Error(`sshd ended:\n${text}`);
    }),
  ]);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
