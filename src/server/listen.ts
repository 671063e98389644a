import { createServer as createHttpServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { type ListenAddress, listenOn } from "../listen-on.ts";
import type { ReferenceServer } from "./create-server.ts";
import { breaksOff } from "./faults/cause-faults.ts";

export interface Listening {
  /** With the port that was picked, where the one asked for was 0. */
  readonly url: string;
  /** Ends every connection; the server itself stays open. */
  close(): Promise<void>;
}

/** Puts a server on a port. Throws SyncError `usage` when the address cannot be had. */
export async function listen(server: ReferenceServer, at: ListenAddress): Promise<Listening> {
  const answer = getRequestListener(
    async (request, { incoming }) => {
      try {
        return withQuietBreak(await server.handle(request), incoming.socket);
      } catch {
        // No answer at all is what this means, to a client on a socket too.
        incoming.socket.destroy();
        return RESPONSE_ALREADY_SENT;
      }
    },
    { overrideGlobalObjects: false },
  );
  const http = createHttpServer((incoming, outgoing) => void answer(incoming, outgoing));
  const { address, close } = await listenOn(http, at);
  return { url: `http://${address}`, close };
}

/** A body that breaks off breaks the connection; left to the adapter it would be printed as a defect too. */
function withQuietBreak(response: Response, connection: { destroy(): void }): Response {
  const { body, status, headers } = response;
  if (body === null || !breaksOff(response)) return response;
  return new Response(ReadableStream.from(untilItBreaks(body, connection)), { status, headers });
}

async function* untilItBreaks(
  body: AsyncIterable<Uint8Array>,
  connection: { destroy(): void },
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch {
    connection.destroy();
  }
}
