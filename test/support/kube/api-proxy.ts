import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { ControlPlane } from "./control-plane.ts";
import { OPERATOR_ACCOUNT, USERS } from "./credentials.ts";

export interface ApiProxy {
  /** A file for --kubeconfig: the operator's account, by this way. */
  readonly kubeconfig: string;
  close(): Promise<void>;
}

interface ApiRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
}

type Hook = (request: ApiRequest, handle: () => Promise<Answer>) => Promise<Answer>;

interface Answer {
  readonly head: IncomingMessage;
  readonly body: Buffer;
}

/**
 * A way to the API server that lets `hook` have every write, and `handle` to let it be handled; where it throws, the
 * connection breaks.
 */
export async function apiProxy(plane: ControlPlane, hook: Hook): Promise<ApiProxy> {
  const agent = new Agent({ keepAlive: true, ca: await readFile(plane.caFile, "utf8") });
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing, { target: plane.url, agent, hook }).catch(() => incoming.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(plane.folder, `proxy-${port}.kubeconfig`);
  await writeFile(kubeconfig, JSON.stringify(configFor(`http://127.0.0.1:${port}`)), { mode: 0o600 });
  return {
    kubeconfig,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      agent.destroy();
    },
  };
}

interface Way {
  readonly target: string;
  readonly agent: Agent;
  readonly hook: Hook;
}

async function forward(incoming: IncomingMessage, outgoing: ServerResponse, way: Way): Promise<void> {
  const { method = "GET", url = "/", headers } = incoming;
  const sent = Buffer.concat((await incoming.toArray()) as Buffer[]);
  const ask = async (): Promise<IncomingMessage> => {
    const onward = request(new URL(url, way.target), { method, headers, agent: way.agent });
    outgoing.once("close", () => onward.destroy());
    onward.end(sent);
    const [head] = (await once(onward, "response")) as [IncomingMessage];
    return head;
  };
  if (method === "GET") {
    // A watch has no end: what comes is passed on as it comes.
    const head = await ask();
    outgoing.writeHead(head.statusCode ?? 502, head.headers);
    head.pipe(outgoing);
    return;
  }
  const { head, body } = await way.hook({ method, path: url.replace(/\?.*$/u, "") }, async () => {
    const answered = await ask();
    return { head: answered, body: Buffer.concat((await answered.toArray()) as Buffer[]) };
  });
  outgoing.writeHead(head.statusCode ?? 502, head.headers).end(body);
}

function configFor(server: string): object {
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "operator", user: { token: USERS.operator.token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: "operator", namespace: OPERATOR_ACCOUNT.namespace } }],
    "current-context": "test",
  };
}
