import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { basename, dirname, join } from "node:path";
import type { Origin } from "./git-origin.ts";
import { AUTHORITY, SERVER } from "./test-certificates.ts";

/** What a server was asked, in the order it came. */
export interface GitRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** Bytes of the answer's body. */
  readonly sent: () => number;
}

export interface GitHttp {
  /** The repository's address. */
  readonly address: string;
  readonly requests: GitRequest[];
  /** File with the authority's certificate. */
  readonly caFile: string;
  close(): Promise<void>;
}

interface Behaviour {
  readonly scheme?: "http" | "https";
  /** Basic credentials, `user:password`, without which nothing is answered. */
  readonly credentials?: string;
  /** In place of the repository: where to go. */
  readonly redirect?: (path: string) => string | undefined;
  /** Takes over an answer: a number is its status, `stall` never begins it. */
  readonly fault?: (request: GitRequest) => Break | "stall" | number | undefined;
}

/** So many bytes of an answer are sent; then it breaks off, or never goes on. */
export interface Break {
  readonly after: number;
  readonly ending: "cut" | "hang";
  readonly onBreak?: () => void;
}

const REPOSITORY = "/acme/apps.git";

/** The repository over smart HTTP, by git's own http-backend. */
export async function serveGit(origin: Origin, behaviour: Behaviour = {}): Promise<GitHttp> {
  const requests: GitRequest[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    let sent = 0;
    const seen: GitRequest = {
      method: request.method ?? "",
      path: request.url ?? "",
      authorization: request.headers.authorization,
      sent: () => sent,
    };
    requests.push(seen);
    const count = (bytes: number): number => (sent += bytes);
    answerOne({ request, response, seen, count }, origin, behaviour);
  };
  const isHttps = behaviour.scheme !== "http";
  const server = isHttps ? createHttpsServer(SERVER, answer) : createHttpServer(answer);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const caFile = join(origin.folder, ".git", "test-authority.pem");
  await writeFile(caFile, AUTHORITY);
  const { port } = server.address() as AddressInfo;
  return {
    address: `${isHttps ? "https" : "http"}://127.0.0.1:${port}${REPOSITORY}`,
    requests,
    caFile,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly seen: GitRequest;
  readonly count: (bytes: number) => number;
}

function answerOne(exchange: Exchange, origin: Origin, { credentials, redirect, fault }: Behaviour): void {
  const { request, response, seen } = exchange;
  const location = redirect?.(seen.path);
  if (location !== undefined) {
    response.writeHead(301, { location }).end();
    return;
  }
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString("base64")}`;
  if (wanted !== undefined && seen.authorization !== wanted) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
    return;
  }
  const broken = fault?.(seen);
  if (broken === "stall") return;
  if (typeof broken === "number") {
    response.writeHead(broken).end();
    return;
  }
  if (!seen.path.startsWith(`${REPOSITORY}/`)) {
    response.writeHead(404).end();
    return;
  }
  request.on("error", () => undefined);
  runBackend(exchange, origin, broken);
}

function runBackend({ request, response, seen, count }: Exchange, { folder }: Origin, broken: Break | undefined): void {
  const [path = "", query = ""] = seen.path.split("?");
  const child = spawn("git", ["http-backend"], {
    env: {
      PATH: process.env["PATH"],
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_PROJECT_ROOT: dirname(folder),
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${basename(folder)}/.git${path.slice(REPOSITORY.length)}`,
      QUERY_STRING: query,
      REQUEST_METHOD: seen.method,
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      ...(request.headers["content-length"] !== undefined && { CONTENT_LENGTH: request.headers["content-length"] }),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  request.pipe(child.stdin.on("error", () => undefined));
  let head: Buffer | undefined = Buffer.alloc(0);
  let left = broken?.after ?? Number.POSITIVE_INFINITY;
  const write = (piece: Buffer): void => {
    const part = piece.subarray(0, Math.min(piece.length, left));
    if (part.length === 0) return;
    left -= part.length;
    count(part.length);
    response.write(part, () => {
      if (left > 0) return;
      broken?.onBreak?.();
      if (broken?.ending === "cut") response.destroy();
    });
  };
  child.stdout.on("data", (piece: Buffer) => {
    if (head === undefined) return write(piece);
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end === -1) return undefined;
    const body = head.subarray(end + 4);
    writeHead(response, head.subarray(0, end).toString("latin1"));
    head = undefined;
    return write(body);
  });
  child.stdout.on("end", () => {
    if (left > 0) response.end();
  });
  response.on("close", () => child.kill());
}

function writeHead(response: ServerResponse, head: string): void {
  const headers = head.split("\r\n").map((line) => line.split(": ", 2) as [string, string]);
  const status = headers.find(([name]) => name.toLowerCase() === "status")?.[1] ?? "200";
  response.writeHead(Number.parseInt(status, 10), headers.filter(([name]) => name.toLowerCase() !== "status").flat());
}
