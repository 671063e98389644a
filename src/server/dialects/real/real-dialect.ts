import { SyncError } from "../../../model/errors.ts";
import type { Exchange } from "../../mount.ts";
import { type AccountOptions, accountsOf } from "./account/accounts.ts";
import { accountRoutes } from "./account/account-routes.ts";
import { createSessions } from "./account/sessions.ts";
import { appRoutes } from "./apps/app-routes.ts";
import { checkRunTarget } from "./apps/run-real-app.ts";
import { dataRoutes } from "./data/data-routes.ts";
import { seedDatasources } from "./data/seed.ts";
import type { Era } from "./era.ts";
import { dispatcher } from "./wire/dispatch.ts";
import type { Store } from "../../store/store.ts";

/** A family of releases that the reference server stands in for: rows of facts over one set of views. */
export interface RealDialect {
  readonly kind: "real";
  readonly name: string;
  readonly title: string;
  /** The first one is played unless another is asked for. */
  readonly releases: readonly [Era, ...Era[]];
}

export interface RealOptions {
  readonly token: string;
  /** One of the dialect's releases. */
  readonly release?: string;
  /** Who has a token; the first one's is the server's. */
  readonly accounts?: readonly AccountOptions[];
  readonly allowedHosts?: readonly string[];
  readonly proxy?: "none" | "nginx";
}

export interface RealServer {
  readonly handle: (request: Request, exchange: Exchange) => Promise<Response>;
}

/** Opens a dialect on a store. Throws SyncError `usage` for a release that the dialect has not. */
export function openReal(dialect: RealDialect, options: RealOptions, store: Store, now: () => string): RealServer {
  const era = eraOf(dialect, options.release);
  const accounts = accountsOf(options.accounts, options.token);
  const sessions = createSessions();
  seedDatasources(era, accounts, store, now);
  const { allowedHosts, proxy } = options;
  const handle = dispatcher({
    era,
    accounts,
    sessions,
    routes: [...appRoutes(era), ...dataRoutes(era), ...accountRoutes(era, sessions)],
    middleware: checkRunTarget,
    ...(allowedHosts !== undefined && { allowedHosts }),
    ...(proxy !== undefined && { proxy }),
  });
  return { handle };
}

function eraOf({ name, releases }: RealDialect, release: string | undefined): Era {
  const found = release === undefined ? releases[0] : releases.find((era) => era.release === release);
  if (found !== undefined) return found;
  throw new SyncError("usage", `the dialect ${name} has no release ${release ?? ""}`, {
    remedy: `It has ${releases.map((era) => era.release).join(", ")}.`,
  });
}
