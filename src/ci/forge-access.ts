import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Invocation } from "../cli/command-row.ts";
import * as options from "../cli/options/ci.ts";
import { SyncError } from "../model/errors.ts";
import type { CiEvent } from "./events/event.ts";
import type { Forge, ForgeClient } from "./forges/forge.ts";

/** The token for the forge; undefined where this run has none. */
export async function forgeToken({ tokenNames }: Forge, { flags, io }: Invocation): Promise<string | undefined> {
  const file = flags.get(options.forgeTokenFile) ?? io.env["LLMSTACK_FORGE_TOKEN_FILE"];
  const text =
    file === undefined || file === ""
      ? tokenNames.map((name) => io.env[name]?.trim()).find((value) => value !== undefined && value !== "")
      : (await readToken(resolve(io.cwd, file))).trim();
  // It becomes a header, and a header may not be broken by what is in it.
  if (text === undefined || /^[\x21-\x7e]+$/u.test(text)) return text;
  throw new SyncError("auth", "the forge's token is not one word of visible characters");
}

async function readToken(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: Error) => {
    throw new SyncError("auth", `cannot read the forge's token file ${path}: ${cause.message}`, { cause });
  });
}

interface Access {
  readonly token: string | undefined;
  readonly invocation: Invocation;
}

/** The way to the forge of an event; undefined without a token, or where there is no forge. */
export function connectForge(
  { connect }: Forge,
  { repository: { apiUrl, path } }: CiEvent,
  { token, invocation: { io, log } }: Access,
): ForgeClient | undefined {
  if (connect === undefined) return undefined;
  if (token === undefined) {
    log.info("There is no token for the forge: nothing is written there, and what was reviewed is not known.");
    return undefined;
  }
  return connect({ apiUrl, path, token, graphqlUrl: io.env["GITHUB_GRAPHQL_URL"], timeoutMs: FORGE_TIMEOUT_MS });
}

const FORGE_TIMEOUT_MS = 30_000;
