import { SyncError } from "../../../model/errors.ts";
import type { Http } from "../../http.ts";
import type { Dialect } from "../dialect.ts";
import { readAccount } from "./account.ts";
import type { Era } from "./era.ts";
import { realClient } from "./real-client.ts";
import { realRules } from "./rules.ts";

/** Which releases of a dialect a server is one of, and how that was seen. */
export interface Sighted {
  readonly era: Era;
  /** Empty where nothing had to be looked at. */
  readonly by: string;
}

/** A dialect of real servers as a row: its newest era, and how to find out an older one with OPTIONS alone. */
export interface RealRow {
  readonly name: string;
  readonly servers: string;
  readonly newest: Era;
  readonly eraOf: (http: Http, signal: AbortSignal) => Promise<Sighted>;
}

export function realDialect({ name, servers, newest, eraOf }: RealRow): Dialect {
  return {
    name,
    servers,
    rules: realRules(newest),
    open: async (http, server, signal) => {
      const [{ era, by }, account] = await Promise.all([eraOf(http, signal), readAccount(http, signal)]);
      const recognisedBy = [server.recognisedBy, by].filter((part) => part !== "").join("; ");
      const { releases } = era;
      return realClient(http, { ...server, recognisedBy, releases, ...(account !== "" && { account }) }, era);
    },
  };
}

/** The error for an answer to OPTIONS that tells neither era: a proxy's, most likely. */
export function untold(path: string, status: number, eras: readonly Era[]): SyncError {
  const releases = eras.map((era) => era.releases).join(" or ");
  return new SyncError("unsupported_server", `OPTIONS ${path} answered ${status}, which does not tell ${releases}`, {
    remedy: "A proxy may keep OPTIONS from the server: let it through for the paths under /api.",
  });
}
