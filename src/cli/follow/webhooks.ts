import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { listenForWebhooks } from "../../follow/webhooks/listen.ts";
import { createReceiver } from "../../follow/webhooks/receiver.ts";
import type { Bound, ListenAddress } from "../../listen-on.ts";
import { SyncError } from "../../model/errors.ts";
import type { Invocation } from "../command-row.ts";
import * as options from "../options/follow.ts";

/** Listens for webhooks where that was asked for; each proven one about `url` wakes. Throws SyncError `usage`. */
export async function openWebhooks(
  { flags, io, log }: Invocation,
  { url, wake }: { readonly url: string; readonly wake: () => void },
): Promise<Bound | undefined> {
  const asked = await webhooksAsked({ flags, io });
  if (asked === undefined) return undefined;
  const { listen: address, secrets } = asked;
  const receiver = createReceiver({ sources: () => [{ name: url, url, secrets, wake }], now: () => Date.now() });
  const listening = await listenForWebhooks(receiver, address);
  log.info(`Taking webhooks on ${listening.address}.`);
  return listening;
}

/** Where webhooks are to be taken, and their secrets; undefined where they are not. Throws SyncError `usage`. */
export async function webhooksAsked({
  flags,
  io,
}: Pick<Invocation, "flags" | "io">): Promise<WebhooksAsked | undefined> {
  const [address, file] = [flags.get(options.webhookListen), flags.get(options.webhookSecretFile)];
  if (address === undefined && file === undefined) return undefined;
  if (address === undefined || file === undefined) {
    throw new SyncError("usage", "--webhook-listen and --webhook-secret-file go together", {
      remedy: "Anybody can send webhooks: only a secret that the forge knows too tells whose they are.",
    });
  }
  return { listen: address, secrets: await readSecrets(resolve(io.cwd, file)) };
}

interface WebhooksAsked {
  readonly listen: ListenAddress;
  readonly secrets: readonly string[];
}

async function readSecrets(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new SyncError("usage", `--webhook-secret-file: cannot read ${path}: ${cause.message}`, { cause });
  });
  const secrets = text.split(/\r?\n/u).filter((line) => line !== "");
  if (secrets.length > 0 && secrets.length <= 2) return secrets;
  throw new SyncError("usage", `--webhook-secret-file: ${path} holds ${secrets.length} lines`, {
    remedy: "It takes the secret in one line, and a second line while a new one takes over.",
  });
}
