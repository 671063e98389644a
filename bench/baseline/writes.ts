/**
 * The same requests as an apply makes, over bare sockets: as many at a time as asked, nothing read of the answers but
 * their status. What is left above the server's latency is this machine and its network stack, not a client. Prints the
 * milliseconds. Arguments: `create` or `update`, URL, token, number of apps, how many at a time.
 */
import { connect, type Socket } from "node:net";

const [task = "", address = "", token = "", total = "", parallel = ""] = process.argv.slice(2);
const { hostname, port } = new URL(address);

interface Ask {
  readonly method: "GET" | "POST" | "PATCH";
  readonly path: string;
  readonly status: number;
  readonly body?: string;
}

const LIST: Ask = { method: "GET", path: "/api/apps", status: 200 };

function requestText({ method, path, body = "" }: Ask): string {
  const head = [`${method} ${path} HTTP/1.1`, `host: ${hostname}`, `authorization: Token ${token}`];
  const type = body === "" ? [] : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`];
  return `${[...head, ...type].join("\r\n")}\r\n\r\n${body}`;
}

/** A connection that sends one request after the other. The server states the length of every answer. */
function openConnection(): { readonly send: (ask: Ask) => Promise<string>; readonly socket: Socket } {
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding("latin1");
  const send = async (ask: Ask): Promise<string> => {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const pieces: string[] = [];
    let left = Number.NaN;
    const onData = (piece: string): void => {
      pieces.push(piece);
      if (Number.isNaN(left)) {
        const end = piece.indexOf("\r\n\r\n");
        left = Number(/\r\ncontent-length: (\d+)/iu.exec(piece)?.[1]) + end + 4;
        if (!piece.startsWith(`HTTP/1.1 ${ask.status} `)) reject(new Error(`${ask.method} answered ${piece}`));
      }
      left -= piece.length;
      if (left > 0) return;
      socket.off("data", onData);
      resolve(pieces.join(""));
    };
    socket.on("data", onData).once("error", reject);
    socket.write(requestText(ask));
    return promise;
  };
  return { send, socket };
}

/** Goes through the work with as many connections as asked. */
async function measure(work: readonly (readonly Ask[])[]): Promise<number> {
  const left = [...work];
  const start = performance.now();
  const worker = async (): Promise<void> => {
    const { send, socket } = openConnection();
    for (let asks = left.shift(); asks !== undefined; asks = left.shift()) for (const ask of asks) await send(ask);
    socket.end();
  };
  await Promise.all(Array.from({ length: Number(parallel) }, worker));
  return performance.now() - start;
}

function createAll(): Promise<number> {
  const config = { welcome_message: "x".repeat(1_500) };
  const body = (number: number) => JSON.stringify({ name: `Bare ${number}`, type_slug: "web", processors: [], config });
  const numbers = Array.from({ length: Number(total) }, (_, number) => number);
  return measure(numbers.map((number) => [{ method: "POST", path: "/api/apps", status: 201, body: body(number) }]));
}

async function updateAll(): Promise<number> {
  const { send, socket } = openConnection();
  const answer = await send(LIST);
  socket.end();
  const apps = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n"))) as readonly { uuid: string; data: object }[];
  return measure(
    apps.map(({ uuid, data }) => {
      const path = `/api/apps/${uuid}`;
      const read: Ask = { method: "GET", path, status: 200 };
      return [read, { method: "PATCH", path, status: 200, body: JSON.stringify(data) }, read];
    }),
  );
}

process.stdout.write(String(task === "create" ? (await createAll()) + (await measureList()) : await updateAll()));

async function measureList(): Promise<number> {
  const { send, socket } = openConnection();
  const start = performance.now();
  await send(LIST);
  socket.end();
  return performance.now() - start;
}
