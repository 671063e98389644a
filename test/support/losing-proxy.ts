import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What becomes of the one answer that is lost: none of it arrives, half of its body, or this is called instead. */
export type Loss = "nothing" | "half" | (() => void);

export interface LosingProxy {
  readonly url: string;
  /** Requests that came in so far. */
  seen(): number;
  close(): Promise<void>;
}

/**
 * A proxy on a port of its own before `target`. The server always gets the whole request and does it; of the answer to
 * the request with this index (from 0) only so much is passed on, and the connection breaks.
 */
export async function losingProxy(target: string, lost: number, loss: Loss): Promise<LosingProxy> {
  let seen = 0;
  const server = createServer((incoming, outgoing) => {
    const isLost = seen === lost;
    seen += 1;
    forward(target, incoming, outgoing, isLost ? loss : "whole");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen: () => seen,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function forward(target: string, incoming: IncomingMessage, outgoing: ServerResponse, passed: Loss | "whole"): void {
  const { method, url, headers } = incoming;
  const onward = request(new URL(url ?? "/", target), { method, headers: { ...headers, connection: "close" } });
  incoming.pipe(onward);
  onward.on("error", () => outgoing.destroy());
  onward.on("response", (answer) => {
    const pieces: Buffer[] = [];
    answer.on("data", (piece: Buffer) => pieces.push(piece));
    answer.on("end", () => pass(answer, Buffer.concat(pieces), outgoing, passed));
  });
}

function pass(answer: IncomingMessage, body: Buffer, outgoing: ServerResponse, passed: Loss | "whole"): void {
  if (typeof passed === "function") {
    passed();
    return;
  }
  if (passed === "nothing" || (passed === "half" && body.length === 0)) {
    outgoing.destroy();
    return;
  }
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  if (passed === "whole") outgoing.end(body);
  else outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy());
}
