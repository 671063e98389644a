import { spawn } from "node:child_process";
import { access, constants, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { SyncError } from "../../model/errors.ts";

/** Programs that build a kustomization, the first that is there is taken, and what they are called with. */
const PROGRAMS: readonly (readonly [name: string, ...before: string[]])[] = [
  ["kustomize", "build"],
  ["kubectl", "kustomize"],
];

export interface KustomizeLimits {
  readonly timeoutMs: number;
  readonly bytes: number;
}

/**
 * What `kustomize build` says of a folder. The program gets no PATH, no home and no way to the network that it knows
 * of, so that it finds neither git nor plugins nor a proxy. Throws SyncError.
 */
export async function runKustomize(
  folder: string,
  { path, limits, signal }: { readonly path: string; readonly limits: KustomizeLimits; readonly signal: AbortSignal },
): Promise<string> {
  const [program, ...before] = await findProgram(path);
  const home = await mkdtemp(join(tmpdir(), "llmstack-sync-kustomize-"));
  try {
    return await collect({ program, args: [...before, folder], home, limits, signal });
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function findProgram(path: string): Promise<readonly [string, ...string[]]> {
  const folders = path.split(delimiter).filter(isAbsolute);
  for (const [name, ...before] of PROGRAMS) {
    for (const folder of folders) {
      const program = join(folder, process.platform === "win32" ? `${name}.exe` : name);
      const isThere = await access(program, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return [program, ...before];
    }
  }
  throw new SyncError("usage", "-k needs kustomize or kubectl, and neither is on the PATH", {
    remedy: "Install one of them, or pass the manifests without a kustomization.",
  });
}

interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly home: string;
  readonly limits: KustomizeLimits;
  readonly signal: AbortSignal;
}

/** Where a discarded port stands for every proxy, nothing gets out. */
const NOWHERE = "http://127.0.0.1:9";

function environment(home: string): NodeJS.ProcessEnv {
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"].map((name) => [name, NOWHERE] as const);
  return {
    PATH: "",
    HOME: home,
    GIT_ALLOW_PROTOCOL: "",
    KUBECONFIG: join(home, "none"),
    ...Object.fromEntries(proxies),
  };
}

const MOST_COMPLAINT = 4096;

async function collect({ program, args, home, limits, signal }: Run): Promise<string> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const child = spawn(program, args, {
    env: environment(home),
    stdio: ["ignore", "pipe", "pipe"],
    signal: AbortSignal.any([signal, timeout]),
    killSignal: "SIGKILL",
  });
  const pieces: Buffer[] = [];
  let size = 0;
  let complaint = "";
  child.stdout.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > limits.bytes) child.kill("SIGKILL");
    else pieces.push(piece);
  });
  child.stderr.on("data", (piece: Buffer) => {
    complaint = (complaint + piece.toString("utf8")).slice(0, MOST_COMPLAINT);
  });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once("error", reject);
  child.once("close", resolve);
  const code = await promise.catch((error: unknown) => {
    signal.throwIfAborted();
    if (timeout.aborted) throw failed(`took longer than ${limits.timeoutMs / 1000} s`);
    throw error;
  });
  if (size > limits.bytes) throw failed(`wrote more than ${limits.bytes} bytes`);
  if (code !== 0) throw failed(`ended with ${code ?? "a signal"}: ${complaint.trim()}`);
  return Buffer.concat(pieces).toString("utf8");
}

function failed(why: string): SyncError {
  return new SyncError("invalid_manifest", `kustomize ${why}`, {
    remedy: "Run kustomize build (or kubectl kustomize) on the folder yourself: it says the same.",
  });
}
