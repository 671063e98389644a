import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Json } from "../../model/json.ts";
import { repositoriesIn, repositoryId } from "./repositories.ts";
import { SeenDeliveries } from "./seen-deliveries.ts";
import { type Delivery, deliveryId, senderOf } from "./senders.ts";

/** Something that follows a repository and would like to hear when it moves. */
export interface HookSource {
  readonly name: string;
  readonly url: string;
  /** Two while one takes over from the other; any of them proves a sender. */
  readonly secrets: readonly string[];
  /** Look now. The payload is never believed: what is there is asked of the repository itself. */
  wake(): void;
}

interface ReceiverSetup {
  /** As they are now; asked for each delivery. */
  sources(): readonly HookSource[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Read before anything is known of the sender, so that it bounds what a stranger can make us hold. */
const LARGEST_BODY = 1024 * 1024;

/** Compared with where there is no secret to compare with, so that both take the same time. */
const NO_SECRET = "there is no such source";

/**
 * Takes deliveries of forges as hints. A proven one wakes every source of a repository that it names and is answered 202
 * at once; one about a repository that nobody follows looks exactly like one that is not proven.
 */
export function createReceiver(setup: ReceiverSetup): Hono {
  const seen = new SeenDeliveries();
  const app = new Hono();
  app.post(
    "*",
    bodyLimit({ maxSize: LARGEST_BODY, onError: (c) => c.json({ detail: "The body is larger than 1 MiB." }, 413) }),
    async (c) => {
      const body = new Uint8Array(await c.req.arrayBuffer());
      const delivery: Delivery = { header: (name) => c.req.header(name), body, now: setup.now() };
      const named = namedIn(body, c.req.header("content-type"));
      if (named === undefined) return c.json({ detail: "The body is no JSON." }, 400);
      const woken = wokenBy(delivery, named, setup.sources());
      if (woken === undefined) return c.json({ detail: "No source follows this repository with this secret." }, 404);
      if (!woken.isRepeated(seen)) for (const source of woken.sources) source.wake();
      return c.json({ detail: "Looking." }, 202);
    },
  );
  app.all("*", (c) => c.json({ detail: "Webhooks are sent with POST." }, 405));
  return app;
}

interface Woken {
  readonly sources: readonly HookSource[];
  isRepeated(seen: SeenDeliveries): boolean;
}

function wokenBy(delivery: Delivery, named: ReadonlySet<string>, sources: readonly HookSource[]): Woken | undefined {
  const sender = senderOf(delivery);
  const meant = sources.filter(({ url }) => named.has(repositoryId(url) ?? ""));
  if (meant.length === 0) sender?.isProven(delivery, NO_SECRET);
  const proven = meant.filter(({ secrets }) =>
    secrets.map((secret) => secret !== "" && sender?.isProven(delivery, secret) === true).includes(true),
  );
  if (sender === undefined || proven.length === 0) return undefined;
  const id = deliveryId(sender, delivery);
  return { sources: proven, isRepeated: (seen) => id !== undefined && seen.has(id, delivery.now) };
}

/** The repositories that a body names: JSON, or JSON in the field `payload` of a form, as GitHub may send it. */
function namedIn(body: Uint8Array, contentType = ""): ReadonlySet<string> | undefined {
  const text = new TextDecoder().decode(body);
  const isForm = contentType.toLowerCase().startsWith("application/x-www-form-urlencoded");
  try {
    const payload = JSON.parse(isForm ? (new URLSearchParams(text).get("payload") ?? "") : text) as Json;
    return repositoriesIn(payload);
  } catch {
    return undefined;
  }
}
