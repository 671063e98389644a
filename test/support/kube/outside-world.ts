import { createServer, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

export interface Write {
  readonly name: string;
  /** The process id of who asked. */
  readonly by: number;
  readonly at: number;
}

/** What an operator writes to: it notes every write, and may keep a writer waiting. */
export interface OutsideWorld {
  readonly url: string;
  readonly writes: readonly Write[];
  until(condition: (writes: readonly Write[]) => boolean): Promise<void>;
  /** From now on nobody is answered, until `answer`. */
  hold(): void;
  answer(): void;
  close(): Promise<void>;
}

export async function outsideWorld(): Promise<OutsideWorld> {
  const writes: Write[] = [];
  const waiting: (() => void)[] = [];
  const held: ServerResponse[] = [];
  let isHeld = false;
  const server = createServer((incoming, response) => {
    const { searchParams } = new URL(incoming.url ?? "", "http://outside");
    writes.push({ name: searchParams.get("name") ?? "", by: Number(searchParams.get("by")), at: performance.now() });
    if (isHeld) held.push(response);
    else setTimeout(() => response.end(), 20);
    for (const resolve of waiting.splice(0)) resolve();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    writes,
    until: async (condition) => {
      while (!condition(writes)) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        await promise;
      }
    },
    hold: () => {
      isHeld = true;
    },
    answer: () => {
      isHeld = false;
      for (const response of held.splice(0)) response.end();
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
