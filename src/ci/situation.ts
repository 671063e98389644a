import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Invocation } from "../cli/command-row.ts";
import * as options from "../cli/options/ci.ts";
import * as server from "../cli/options/server.ts";
import { SyncError } from "../model/errors.ts";
import type { CiEvent } from "./events/event.ts";
import { dutyOf, type DutyName } from "./events/event-table.ts";
import { Payload } from "./events/payload.ts";
import type { Forge } from "./forges/forge.ts";
import { FORGES } from "./forges/forges.ts";

/** What this run is: who started it, over what, and what it has to do. */
export interface CiSituation {
  readonly forge: Forge;
  readonly event: CiEvent;
  readonly duty: DutyName;
  readonly why: string;
  /** The branch whose pushes are applied. */
  readonly branch: string | undefined;
}

/** Who runs this job. */
export function findForge({ flags, io }: Invocation): Forge {
  const named = flags.get(options.forge);
  const forge = FORGES.find(({ name, isHere }) => (named === undefined ? isHere(io.env) : name === named));
  if (forge === undefined) throw new SyncError("internal", `no row for the forge ${named ?? "of this job"}`);
  return forge;
}

/** Reads the event and looks up what it means. Throws SyncError of class usage for one that cannot be understood. */
export async function findSituation(forge: Forge, invocation: Invocation): Promise<CiSituation> {
  const { flags, io } = invocation;
  const file = flags.get(options.event);
  // A document given by hand counts alone: what the environment says may be about another event.
  const env = file === undefined ? io.env : withoutEvent(io.env);
  const found = forge.readEvent({ env, payload: await readPayload(file ?? env["GITHUB_EVENT_PATH"], invocation) });
  const url = flags.get(options.repository);
  const repository = { ...found.repository, ...(url !== undefined && { gitUrl: url }) };
  const event = { ...found, repository };
  const own = "branch" in event && event.branch !== "" ? event.branch : undefined;
  const branch = flags.get(options.branch) ?? repository.defaultBranch ?? own;
  const mode = flags.get(options.mode) ?? "plan";
  return { forge, event, branch, ...dutyOf({ event, hasServer: hasServerToken(invocation), branch, mode }) };
}

/** Variables that describe an event; those that describe the runner stay. */
const OF_EVENT =
  /^(?:GITHUB_(?:EVENT_NAME|EVENT_PATH|REF|SHA|ACTOR|REPOSITORY|SERVER_URL|API_URL)|CI_.*|GITLAB_USER_LOGIN)$/u;

function withoutEvent(env: Invocation["io"]["env"]): Invocation["io"]["env"] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_EVENT.test(name)));
}

/** Events are small: GitHub's are at most 25 MB. */
const LARGEST_EVENT = 32 * 1024 * 1024;

async function readPayload(file: string | undefined, { io }: Invocation): Promise<Payload> {
  if (file === undefined || file === "") return new Payload({});
  const path = resolve(io.cwd, file);
  const text = await readFile(path, "utf8").catch((cause: Error) => {
    throw new SyncError("usage", `cannot read the event ${path}: ${cause.message}`, { cause });
  });
  if (text.length > LARGEST_EVENT) throw new SyncError("usage", `the event ${path} is larger than 32 MiB`);
  try {
    return new Payload(JSON.parse(text));
  } catch (cause) {
    throw new SyncError("usage", `the event ${path} is no JSON`, { cause });
  }
}

/** An empty variable is what a job without the secret gets. */
function hasServerToken({ flags, io }: Invocation): boolean {
  const isSet = (name: string): boolean => (io.env[name] ?? "").trim() !== "";
  const named = flags.text(server.server) ?? io.env["LLMSTACK_SERVER"];
  return (
    named === "embedded" ||
    isSet("LLMSTACK_TOKEN") ||
    isSet("LLMSTACK_TOKEN_FILE") ||
    flags.text(server.tokenFile) !== undefined
  );
}
