import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { type Bound, type ListenAddress, listenOn } from "../../listen-on.ts";
import type { createReceiver } from "./receiver.ts";

/** A forge sends a delivery in one go; who takes longer is none. */
const LONGEST_REQUEST_MS = 10_000;

/** Puts a receiver on a port. Throws SyncError `usage` when the address cannot be had. */
export async function listenForWebhooks(
  receiver: ReturnType<typeof createReceiver>,
  at: ListenAddress,
): Promise<Bound> {
  const answer = getRequestListener((request) => receiver.fetch(request), { overrideGlobalObjects: false });
  const limits = { requestTimeout: LONGEST_REQUEST_MS, headersTimeout: LONGEST_REQUEST_MS };
  return listenOn(
    createServer(limits, (incoming, outgoing) => void answer(incoming, outgoing)),
    at,
  );
}
