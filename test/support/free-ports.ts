import { createServer, type Server } from "node:net";
import { once } from "node:events";

/** Ports of 127.0.0.1 that nobody listened on a moment ago, each another one. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers: readonly Server[] = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, "127.0.0.1"), "listening");
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("a listening socket has no port");
      return address.port;
    }),
  );
  await Promise.all(servers.map(async (server) => once(server.close(), "close")));
  return ports;
}
