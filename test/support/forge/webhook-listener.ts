import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A webhook as it came. */
export interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface WebhookListener {
  readonly url: string;
  /** The next one, from now or since the last that was taken, that fits. */
  next(fits: (delivery: Delivery) => boolean): Promise<Delivery>;
  close(): Promise<void>;
}

/** Takes webhooks on a free port of this machine. */
export async function listenForWebhooks(): Promise<WebhookListener> {
  const waiting: Delivery[] = [];
  const wanted: { readonly fits: (delivery: Delivery) => boolean; readonly give: (delivery: Delivery) => void }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      response.end();
      const delivery = { headers: request.headers, body };
      const index = wanted.findIndex(({ fits }) => fits(delivery));
      if (index === -1) waiting.push(delivery);
      else wanted.splice(index, 1)[0]?.give(delivery);
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    next: async (fits) => {
      const index = waiting.findIndex(fits);
      const [found] = index === -1 ? [] : waiting.splice(index, 1);
      if (found !== undefined) return found;
      const { promise, resolve } = Promise.withResolvers<Delivery>();
      wanted.push({ fits, give: resolve });
      return promise;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
